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

/// Owns what a side's bytes or messages go through, with their end ignored if that was asked for.
class Carrier {
 public:
  /// Takes it from `side`. What the relay is to know of the side is `told`.
  Carrier(JoinedSide& side, const TransferSettings& settings, PumpObserver* observer,
          bool as_messages, RelaySide& told) {
    told.observer = observer;
    told.linger = linger(side, settings);
    told.tells_end = side.connection.tells_end;
    told.may_stop_reading = side.address.kind->parameter == endpoint::Parameter::command;
    told.eof = end_of_input(side.address, settings);
    if (as_messages) {
      messages_ = std::move(side.connection.messages);
      told.messages = messages_.get();
      return;
    }
    stream_ = side.connection.take_stream();
    told.stream = stream_.get();
    if (told.eof == EndOfInput::ignore) {
      ignored_ = std::make_unique<IgnoredEnd>(*stream_);
      told.stream = ignored_.get();
    }
  }

 private:
  StreamPtr stream_;
  endpoint::MessagesPtr messages_;
  std::unique_ptr<IgnoredEnd> ignored_;
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

/// Shows what passes in both directions.
struct Views {
  Views(Dump& dump, ConnectionId id) : a(&dump, id, Side::a), b(&dump, id, Side::b) {}
  Dump::View a;
  Dump::View b;
};

/// The two names of a connection in the log.
struct Names {
  std::string a;
  std::string b;
};

/// Two connections while they are joined, without what only opening them needed: thousands of them
/// may be idle. What few of them have is behind pointers.
class Joint {
 public:
  Joint(std::unique_ptr<Views> views, Carrier a, Carrier b, const RelaySide& told_a,
        const RelaySide& told_b, ConnectionId id, const Surroundings& around,
        std::optional<TimePoint> deadline)
      : views_(std::move(views)),
        a_(std::move(a)),
        b_(std::move(b)),
        reporter_(around.events, id),
        relay_(told_a, told_b, around.transfer, &reporter_, deadline),
        member_(around.live, relay_, id) {}

  Task<void> run() { return relay_.run(); }
  const RelayEnd& result() const noexcept { return relay_.result(); }

 private:
  std::unique_ptr<Views> views_;
  Carrier a_;
  Carrier b_;
  EndReporter reporter_;
  Relay relay_;
  const LiveRelays::Member member_;
};

using JointPtr = std::unique_ptr<Joint>;

JointPtr make_joint(ConnectionId id, JoinedSide& a, JoinedSide& b, const Surroundings& around,
                    std::optional<TimePoint> deadline) {
  auto views = around.dump == nullptr ? nullptr : std::make_unique<Views>(*around.dump, id);
  const bool as_messages = a.connection.messages && b.connection.messages;
  RelaySide told_a;
  RelaySide told_b;
  Carrier carrier_a(a, around.transfer, views ? &views->a : nullptr, as_messages, told_a);
  Carrier carrier_b(b, around.transfer, views ? &views->b : nullptr, as_messages, told_b);
  return std::make_unique<Joint>(std::move(views), std::move(carrier_a), std::move(carrier_b),
                                 told_a, told_b, id, around, deadline);
}

/// Closes both, and reports it.
std::unique_ptr<JoinEnd> close(JointPtr joint, ConnectionId id, const Names* names,
                               const Surroundings& around) {
  auto result = std::make_unique<JoinEnd>();
  result->relay = joint->result();
  joint.reset();
  const ConnectionEnd& end = result->relay.end;
  around.events.close(id, end);
  if (names != nullptr) {
    around.log.info("#{}: {} to {}: {} bytes there, {} back, {} ms: {}", id, names->a, names->b,
                    end.a_to_b, end.b_to_a,
                    std::chrono::duration_cast<std::chrono::milliseconds>(end.lasted).count(),
                    name_of(end.reason));
  }
  return result;
}

/// Waits for the commands to exit, or makes them end.
Task<void> see_off(Children& children, JoinEnd& result, const Surroundings& around,
                   std::optional<TimePoint> deadline) {
  const ConnectionEnd& end = result.relay.end;
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
}

// An idle connection waits here: its frame holds no more than it must.
Task<JoinEndPtr> run(JointPtr joint, std::unique_ptr<Children> children,
                     std::unique_ptr<const Names> names, ConnectionId id,
                     const Surroundings& around, std::optional<TimePoint> deadline) {
  co_await joint->run();
  auto result = close(std::move(joint), id, names.get(), around);
  if (children) co_await see_off(*children, *result, around, deadline);
  co_return JoinEndPtr(std::move(result));
}

}  // namespace

Task<JoinEndPtr> join(ConnectionId id, JoinedSide a, JoinedSide b, const Surroundings& around,
                      std::optional<TimePoint> deadline) {
  std::unique_ptr<Children> children;
  if (a.connection.child || b.connection.child) {
    children =
        std::make_unique<Children>(std::move(a.connection.child), std::move(b.connection.child));
  }
  std::unique_ptr<Names> names;
  if (around.log.should_log(spdlog::level::info)) {
    names = std::make_unique<Names>();
    names->a = name_of(a);
    names->b = name_of(b);
  }
  JointPtr joint = make_joint(id, a, b, around, deadline);
  return run(std::move(joint), std::move(children), std::move(names), id, around, deadline);
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
