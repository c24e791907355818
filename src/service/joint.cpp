// SPDX-License-Identifier: MIT
#include "service/joint.hpp"

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
  const bool is_datagram = side.connection->messages && !side.connection->tells_end;
  return is_datagram ? std::optional<Duration>(datagram_linger) : std::nullopt;
}

/// What the relay is to know of a side, but for what its bytes go through.
RelaySide known(const JoinedSide& side, const TransferSettings& settings) {
  RelaySide known;
  known.eof = end_of_input(side.address, settings);
  known.linger = linger(side, settings);
  known.tells_end = side.connection->tells_end;
  known.may_stop_reading = side.address.kind->parameter == endpoint::Parameter::command;
  return known;
}

/// Who is at the other end: `tcp://127.0.0.1:4321`, or the address where that has no name.
std::string name_of(const JoinedSide& side) {
  std::string peer = side.connection->peer.url(side.address.kind->name);
  const bool says_something = !peer.empty() && peer.back() != ':';
  return says_something ? peer : side.address.display();
}

/// What a side's bytes go through, with their end ignored if that was asked for.
StreamPtr take_stream(JoinedSide& side, EndOfInput eof) {
  StreamPtr stream = side.connection->take_stream();
  if (eof != EndOfInput::ignore) return stream;
  return std::make_unique<IgnoredEnd>(std::move(stream));
}

}  // namespace

struct Joint::Messages {
  endpoint::MessagesPtr a;
  endpoint::MessagesPtr b;
};

/// Shows what passes in both directions.
struct Joint::Views {
  Views(Dump& dump, ConnectionId id) : a(&dump, id, Side::a), b(&dump, id, Side::b) {}
  Dump::View a;
  Dump::View b;
};

/// The two names of a connection in the log.
struct Joint::Names {
  std::string a;
  std::string b;
};

Joint::Joint(ConnectionId id, JoinedSide a, JoinedSide b, const Surroundings& around,
             std::optional<TimePoint> deadline)
    : Joint(id, a, b, known(a, around.transfer), known(b, around.transfer), around, deadline) {}

Joint::Joint(ConnectionId id, JoinedSide& a, JoinedSide& b, const RelaySide& known_a,
             const RelaySide& known_b, const Surroundings& around,
             std::optional<TimePoint> deadline)
    : around_(&around),
      views_(around.dump == nullptr ? nullptr : std::make_unique<Views>(*around.dump, id)),
      names_(!around.log.should_log(spdlog::level::info)
                 ? nullptr
                 : std::make_unique<Names>(Names{name_of(a), name_of(b)})),
      children_(!a.connection->child && !b.connection->child
                    ? nullptr
                    : std::make_unique<Children>(std::move(a.connection->child),
                                                 std::move(b.connection->child))),
      messages_(!a.connection->messages || !b.connection->messages
                    ? nullptr
                    : std::make_unique<Messages>(Messages{std::move(a.connection->messages),
                                                          std::move(b.connection->messages)})),
      a_(messages_ ? nullptr : take_stream(a, known_a.eof)),
      b_(messages_ ? nullptr : take_stream(b, known_b.eof)),
      relay_(relayed(Side::a, known_a), relayed(Side::b, known_b), around.transfer, this, deadline),
      member_(around.live, relay_, id) {}

Joint::~Joint() = default;

RelaySide Joint::relayed(Side which, const RelaySide& known) const {
  const bool is_a = which == Side::a;
  RelaySide side = known;
  side.stream = is_a ? a_.get() : b_.get();
  if (messages_) side.messages = is_a ? messages_->a.get() : messages_->b.get();
  if (views_) side.observer = is_a ? &views_->a : &views_->b;
  return side;
}

void Joint::ended(Side from, std::uint64_t bytes) {
  around_->events.eof(id(), from, bytes);
}

namespace {

/// Waits for the commands to exit, or makes them end.
Task<void> see_off(Children& children, JoinEnd& result, LiveRelays& live,
                   std::optional<TimePoint> deadline) {
  const ConnectionEnd& end = result.relay.end;
  const bool was_cut = end.by == Side::self && end.reason != CloseReason::eof;
  if (!was_cut) {
    auto exiting = children.exited(live, deadline);
    result.command_cut = co_await std::move(exiting);
  }
  if (was_cut || result.command_cut) {
    co_await children.end();
  } else {
    result.failed_command = children.failure();
  }
}

}  // namespace

Task<JoinEndPtr> run(JointPtr joint) {
  co_await joint->relay_.run();
  auto result = std::make_unique<JoinEnd>();
  result->relay = joint->relay_.result();
  const ConnectionId id = joint->id();
  const Surroundings& around = *joint->around_;
  const std::optional<TimePoint> deadline = joint->relay_.deadline();
  const auto names = std::move(joint->names_);
  const auto children = std::move(joint->children_);
  // Commands may wait for the connections to be closed.
  joint.reset();
  const ConnectionEnd& end = result->relay.end;
  around.events.close(id, end);
  if (names) {
    around.log.info("#{}: {} to {}: {} bytes there, {} back, {} ms: {}", id, names->a, names->b,
                    end.a_to_b, end.b_to_a,
                    std::chrono::duration_cast<std::chrono::milliseconds>(end.lasted).count(),
                    name_of(end.reason));
  }
  if (children) co_await see_off(*children, *result, around.live, deadline);
  co_return JoinEndPtr(std::move(result));
}

}  // namespace fid::service
