// SPDX-License-Identifier: MIT
#include "service/join.hpp"

#include "service/ignored_end.hpp"

#include <chrono>
#include <utility>

namespace fid::service {
namespace {

using endpoint::Address;

EndOfInput end_of_input(const Address& address, const TransferSettings& settings) {
  if (address.written("eof") == nullptr) return settings.eof;
  const auto word = address.text("eof");
  if (word == "close") return EndOfInput::close;
  return word == "ignore" ? EndOfInput::ignore : EndOfInput::half;
}

/// How long to wait for an answer, where nothing tells that there will be none.
constexpr std::chrono::seconds datagram_linger{1};

std::optional<Duration> linger(const JoinedSide& side, const TransferSettings& settings) {
  if (side.address.written("linger") == nullptr && settings.linger) return settings.linger;
  const auto own = side.address.duration("linger");
  if (own) return *own;
  const bool is_datagram = side.connection.messages && !side.connection.tells_end;
  return is_datagram ? std::optional<Duration>(datagram_linger) : std::nullopt;
}

/// A side's stream, with its end ignored if that was asked for.
class PreparedSide {
 public:
  PreparedSide(JoinedSide side, const TransferSettings& settings, PumpObserver* observer,
               bool as_messages) {
    relay_side_.linger = linger(side, settings);
    relay_side_.tells_end = side.connection.tells_end;
    relay_side_.may_stop_reading = side.address.kind->parameter == endpoint::Parameter::command;
    if (as_messages) {
      messages_ = std::move(side.connection.messages);
      relay_side_.messages = messages_.get();
    } else {
      stream_ = side.connection.take_stream();
      relay_side_.stream = stream_.get();
    }
    relay_side_.eof = end_of_input(side.address, settings);
    relay_side_.observer = observer;
    if (relay_side_.eof == EndOfInput::ignore && stream_) {
      ignored_ = std::make_unique<IgnoredEnd>(*stream_);
      relay_side_.stream = ignored_.get();
    }
  }

  const RelaySide& relay_side() const noexcept { return relay_side_; }

 private:
  StreamPtr stream_;
  endpoint::MessagesPtr messages_;
  std::unique_ptr<IgnoredEnd> ignored_;
  RelaySide relay_side_;
};

/// Tells the events of each direction's end.
class EndReporter final : public RelayWatcher {
 public:
  EndReporter(Events& events, ConnectionId id) : events_(&events), id_(id) {}
  void ended(Side from, std::uint64_t bytes) override { events_->eof(id_, from, bytes); }

 private:
  Events* events_;
  ConnectionId id_;
};

/// Who is at the other end: `tcp://127.0.0.1:4321`, or the address where that has no name.
std::string name_of(const JoinedSide& side) {
  std::string peer = side.connection.peer.url(side.address.kind->name);
  const bool says_something = !peer.empty() && peer.back() != ':';
  return says_something ? peer : side.address.display();
}

}  // namespace

Task<JoinEnd> join(ConnectionId id, JoinedSide a, JoinedSide b, const Surroundings& around,
                   std::optional<TimePoint> deadline) {
  Children children(std::move(a.connection.child), std::move(b.connection.child));
  const std::string name_a = name_of(a);
  const std::string name_b = name_of(b);
  JoinEnd result;
  {
    Dump::View view_a(around.dump, id, Side::a);
    Dump::View view_b(around.dump, id, Side::b);
    const bool as_messages = a.connection.messages && b.connection.messages;
    const PreparedSide side_a(std::move(a), around.transfer, view_a.observer(), as_messages);
    const PreparedSide side_b(std::move(b), around.transfer, view_b.observer(), as_messages);
    EndReporter reporter(around.events, id);
    Relay relay(side_a.relay_side(), side_b.relay_side(), around.transfer, &reporter, deadline);
    const LiveRelays::Member member(around.live, relay, id);
    result.relay = co_await relay.run();
  }
  const ConnectionEnd& end = result.relay.end;
  around.events.close(id, end);
  around.log.info("#{}: {} to {}: {} bytes there, {} back, {} ms: {}", id, name_a, name_b,
                  end.a_to_b, end.b_to_a,
                  std::chrono::duration_cast<std::chrono::milliseconds>(end.lasted).count(),
                  name_of(end.reason));
  const bool was_cut = end.by == Side::self && end.reason != CloseReason::eof;
  if (!was_cut) {
    auto exiting = children.exited(around.live, deadline);
    result.command_cut = co_await std::move(exiting);
  }
  if (was_cut || result.command_cut) {
    co_await children.end();
  } else {
    result.failed_command = children.failure();
  }
  co_return result;
}

std::optional<TimePoint> deadline_of(const TransferSettings& settings) {
  if (!settings.timeout) return std::nullopt;
  return Clock::now() + *settings.timeout;
}

Complaint command_failed(std::string where, const ExitCode& code) {
  Complaint complaint;
  complaint.status = command_status(code.shell_status());
  complaint.where = std::move(where);
  complaint.text = "the command ended with " + code.to_string();
  return complaint;
}

Complaint timed_out(std::string where) {
  Complaint complaint;
  complaint.status = ExitStatus::deadline;
  complaint.where = std::move(where);
  complaint.text = "not done within --timeout";
  return complaint;
}

std::optional<Complaint> complaint_of(const JoinEnd& end, const std::string& a,
                                      const std::string& b, const TransferSettings& settings) {
  const ConnectionEnd& how = end.relay.end;
  Complaint complaint;
  complaint.where = how.by == Side::a ? a : b;
  complaint.status = ExitStatus::failed;
  if (end.relay.error) {
    complaint.error = *end.relay.error;
    complaint.status = status_of(Stage::transfer, complaint.error);
    return complaint;
  }
  switch (how.reason) {
    case CloseReason::timeout_total:
      return timed_out(std::move(complaint.where));
    case CloseReason::timeout_idle:
      if (!settings.idle_is_error && how.unsent == 0) return std::nullopt;
      if (settings.idle_is_error) complaint.status = ExitStatus::deadline;
      complaint.text = "idle for too long";
      return complaint;
    case CloseReason::timeout_half:
      if (how.complete) return std::nullopt;
      complaint.text = "still open when the time after the end of input was over";
      return complaint;
    case CloseReason::limit:
      complaint.text = "the limit of --max-bytes was reached";
      return complaint;
    default:
      if (how.complete && end.command_cut == CloseReason::timeout_total) {
        return timed_out(std::move(complaint.where));
      }
      if (how.complete) return std::nullopt;
      complaint.text = std::to_string(how.unsent) + " bytes could not be delivered";
      return complaint;
  }
}

}  // namespace fid::service
