// SPDX-License-Identifier: MIT
#include "service/relay.hpp"

#include "service/null_stream.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/with_deadline.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <system_error>
#include <type_traits>
#include <utility>

namespace fid::service {
namespace {

/// How often the kernel is asked whether the peer has everything; at the end of one-way transfers.
constexpr std::chrono::milliseconds send_queue_interval{10};

constexpr Duration unlimited = Duration::max();
constexpr TimePoint never = TimePoint::max();

/// One handle for both directions: who reads it learns that it has failed. Of messages only
/// connected ones tell, and their sender learns it in time.
bool is_connection(const Stream* stream) {
  if (stream == nullptr) return false;
  const auto handle = stream->read_handle();
  return handle && handle == stream->write_handle();
}

CloseReason reason_of(PumpEnd how, const Error& error) {
  const bool aborted =
      error.code == std::errc::connection_reset || error.code == std::errc::connection_aborted;
  return aborted || how == PumpEnd::read_failed ? CloseReason::reset : CloseReason::write_error;
}

PumpOptions options_for(const RelaySide& from, const RelaySide& to, std::uint64_t& allowance) {
  PumpOptions options;
  options.allowance = &allowance;
  options.observer = from.observer;
  options.watch_writer = !is_connection(to.stream);
  return options;
}

Task<void> next(Event& event) {
  co_await event.wait();
}

/// Waits for the event until `deadline`; either will do.
Task<void> wait(Event& event, TimePoint deadline) {
  co_await race(next(event), sleep_until(deadline));
  event.reset();
}

}  // namespace

Relay::Transfer::Transfer(const RelaySide& from, const RelaySide& to, Stream* discard,
                          Event& changed, std::uint64_t& allowance) {
  if (discard != nullptr) {
    if (from.stream != nullptr) pump_.emplace<Pump>(*from.stream, *discard, changed);
  } else if (from.stream != nullptr) {
    pump_.emplace<Pump>(*from.stream, *to.stream, changed, options_for(from, to, allowance));
  } else {
    pump_ = std::make_unique<MessagePump>(*from.messages, *to.messages, changed,
                                          options_for(from, to, allowance));
  }
}

void Relay::Transfer::start() {
  if (auto* pump = std::get_if<Pump>(&pump_)) pump->start();
  if (auto* pump = std::get_if<std::unique_ptr<MessagePump>>(&pump_)) (*pump)->start();
}

namespace {

/// Asks whichever pump there is; `none` where a direction is neither wanted nor to be thrown away.
template <class Pumps, class R, class F>
R ask(const Pumps& pumps, R none, F question) {
  return std::visit(
      [&](const auto& pump) -> R {
        using Kind = std::decay_t<decltype(pump)>;
        if constexpr (std::is_same_v<Kind, std::monostate>) {
          return none;
        } else if constexpr (std::is_same_v<Kind, std::unique_ptr<MessagePump>>) {
          return question(*pump);
        } else {
          return question(pump);
        }
      },
      pumps);
}

}  // namespace

void Relay::Transfer::stop() {
  pump_.emplace<std::monostate>();
}

PumpEnd Relay::Transfer::end() const noexcept {
  return ask(pump_, PumpEnd::eof, [](const auto& pump) { return pump.end(); });
}

Error Relay::Transfer::error() const noexcept {
  return ask(pump_, Error(), [](const auto& pump) { return pump.error(); });
}

std::uint64_t Relay::Transfer::bytes() const noexcept {
  return ask(pump_, std::uint64_t{0}, [](const auto& pump) { return pump.bytes(); });
}

std::size_t Relay::Transfer::unsent() const noexcept {
  return ask(pump_, std::size_t{0}, [](const auto& pump) { return pump.unsent(); });
}

TimePoint Relay::Transfer::last_activity() const noexcept {
  return ask(pump_, TimePoint::min(), [](const auto& pump) { return pump.last_activity(); });
}

Relay::Flow::Flow(const RelaySide& from, const RelaySide& to, bool is_wanted, Relay& relay)
    : pump(from, to, is_wanted ? nullptr : relay.discard_.get(), relay.changed_, relay.allowance_),
      stream(from.stream),
      linger(from.linger.value_or(unlimited)),
      eof(from.eof),
      tells_end(from.tells_end),
      may_stop_reading(from.may_stop_reading),
      wanted(is_wanted) {}

struct Relay::Ending {
  std::optional<Side> first_to_end;
  std::optional<TimePoint> half_since;    ///< when the first direction ended
  std::optional<TimePoint> linger_until;  ///< how long the second one may go on
  bool linger_is_its_end = false;         ///< for want of a better sign
  std::optional<RelayEnd> failure;        ///< of one direction, while the other goes on
  std::optional<RelayEnd> result;         ///< once it has ended
  std::unique_ptr<Pump> a_to_nobody;
  std::unique_ptr<Pump> b_to_nobody;
  TimePoint last_acknowledged = TimePoint::min();  ///< bytes, while handing over
  std::optional<CloseReason> cut;                  ///< while handing over
};

Relay::Ending& Relay::ending() {
  if (!ending_) ending_ = std::make_unique<Ending>();
  return *ending_;
}

std::unique_ptr<Pump>& Relay::leftovers(const Flow& flow) {
  return from(flow) == Side::a ? ending().a_to_nobody : ending().b_to_nobody;
}

const Pump* Relay::leftovers(const Flow& flow) const noexcept {
  if (!ending_) return nullptr;
  return (from(flow) == Side::a ? ending_->a_to_nobody : ending_->b_to_nobody).get();
}

Relay::Relay(const RelaySide& a, const RelaySide& b, const TransferSettings& settings,
             RelayWatcher* watcher, std::optional<TimePoint> deadline)
    : settings_(&settings),
      watcher_(watcher),
      discard_(settings.direction == Direction::both ? nullptr : std::make_unique<NullStream>()),
      allowance_(settings.max_bytes.value_or(std::numeric_limits<std::uint64_t>::max())),
      a_to_b_(a, b, settings.direction != Direction::b_to_a, *this),
      b_to_a_(b, a, settings.direction != Direction::a_to_b, *this),
      began_(Clock::now()),
      deadline_(deadline.value_or(settings.timeout ? began_ + *settings.timeout : never)) {}

Relay::~Relay() = default;

Task<void> Relay::run() {
  start();
  while (goes_on()) {
    if (const auto limit = next_limit()) {
      co_await wait(changed_, limit->at);
    } else {
      co_await changed_.wait();
      changed_.reset();
    }
  }
  if (!was_cut()) co_await hand_over();
  ending().result->end.lasted = Clock::now() - began_;
}

void Relay::start() {
  if (std::exchange(started_, true)) return;
  for (Flow* flow : {&a_to_b_, &b_to_a_}) {
    if (flow->wanted || is_connection(flow->stream)) flow->pump.start();
  }
}

const RelayEnd& Relay::result() const noexcept {
  return *ending_->result;
}

bool Relay::is_over() const noexcept {
  return ending_ && ending_->result;
}

std::optional<TimePoint> Relay::deadline() const noexcept {
  return deadline_ == never ? std::nullopt : std::optional(deadline_);
}

/// Takes notice of what has happened; false once it has ended.
bool Relay::goes_on() {
  look();
  if (is_over()) return false;
  const auto limit = next_limit();
  if (!limit || limit->at > Clock::now()) return true;
  expire(limit->reason);
  return false;
}

bool Relay::was_cut() const noexcept {
  const ConnectionEnd& end = ending_->result->end;
  return end.by == Side::self && end.reason != CloseReason::eof && end.reason != CloseReason::limit;
}

void Relay::cut(CloseReason reason) {
  if (!is_over()) {
    end(reason, Side::self);
  } else if (!ending_->cut) {
    ending_->cut = reason;
  }
  changed_.set();
}

std::uint64_t Relay::a_to_b() const noexcept {
  return is_over() ? result().end.a_to_b : a_to_b_.pump.bytes();
}

std::uint64_t Relay::b_to_a() const noexcept {
  return is_over() ? result().end.b_to_a : b_to_a_.pump.bytes();
}

void Relay::look() {
  notice(a_to_b_, b_to_a_);
  notice(b_to_a_, a_to_b_);
  const auto over = [](const Flow& flow) { return !flow.wanted || !flow.pump.running(); };
  if (is_over() || !over(a_to_b_) || !over(b_to_a_)) return;
  if (allowance_ == 0) {
    end(CloseReason::limit, Side::self);
  } else if (const auto& failure = ending().failure) {
    end(failure->end.reason, failure->end.by, failure->error);
  } else {
    end(CloseReason::eof, ending().first_to_end.value_or(Side::self));
  }
}

void Relay::notice(Flow& flow, const Flow& back) {
  if (is_over() || !flow.wanted || flow.noticed || flow.pump.running()) return;
  flow.noticed = true;
  const PumpEnd how = flow.pump.end();
  if (how == PumpEnd::limit) {
    // The other direction may write what it has read; it reads no more either.
    if (back.pump.running() && back.pump.unsent() > 0) return;
    return end(CloseReason::limit, Side::self);
  }
  if (how == PumpEnd::read_failed || how == PumpEnd::write_failed) return failed(flow, back);
  if (watcher_ != nullptr) watcher_->ended(from(flow), flow.pump.bytes());
  Ending& ending = this->ending();
  if (!ending.first_to_end) ending.first_to_end = from(flow);
  if (flow.eof == EndOfInput::close) return end(CloseReason::eof, from(flow));
  ending.half_since = Clock::now();
  const Duration linger = flow.linger != unlimited ? flow.linger : back.linger;
  if (linger != unlimited) {
    ending.linger_until = *ending.half_since + linger;
    ending.linger_is_its_end = !back.tells_end;
  }
}

/// One direction has failed.
void Relay::failed(Flow& flow, const Flow& back) {
  const bool writing = flow.pump.end() == PumpEnd::write_failed;
  RelayEnd failure;
  failure.end.by = writing ? to(flow) : from(flow);
  failure.end.reason = reason_of(flow.pump.end(), flow.pump.error());
  failure.error = flow.pump.error();
  // What a peer said before it stopped listening is still to be read, and its end behind it.
  const bool may_still_speak = writing && back.wanted && back.pump.running() &&
                               (is_connection(back.stream) || back.may_stop_reading);
  const bool is_loss = !writing || !back.may_stop_reading || flow.pump.unsent() > 0;
  if (is_loss && !may_still_speak) {
    return end(failure.end.reason, failure.end.by, failure.error);
  }
  if (is_loss) ending().failure = failure;
  // A command that nobody listens to would wait for that, and read no more either.
  const bool is_ours = is_connection(flow.stream) || flow.may_stop_reading;
  if (may_still_speak && is_ours) throw_away(flow);
}

/// Reads on, for nobody.
void Relay::throw_away(Flow& flow) {
  if (!discard_) discard_ = std::make_unique<NullStream>();
  auto& rest = leftovers(flow);
  rest = std::make_unique<Pump>(*flow.stream, *discard_, changed_);
  rest->start();
}

TimePoint Relay::last_activity() const noexcept {
  const TimePoint moved = std::max(a_to_b_.pump.last_activity(), b_to_a_.pump.last_activity());
  return std::max({began_, moved, ending_ ? ending_->last_acknowledged : began_});
}

std::optional<Relay::Limit> Relay::next_limit() const {
  std::optional<Limit> first;
  const auto consider = [&first](TimePoint at, CloseReason reason) {
    if (!first || at < first->at) first = Limit{at, reason};
  };
  if (deadline_ != never) consider(deadline_, CloseReason::timeout_total);
  if (settings_->idle) consider(last_activity() + *settings_->idle, CloseReason::timeout_idle);
  if (!ending_) return first;
  if (ending_->half_since && settings_->half_idle) {
    consider(std::max(*ending_->half_since, last_activity()) + *settings_->half_idle,
             CloseReason::timeout_half);
  }
  if (ending_->linger_until) consider(*ending_->linger_until, CloseReason::timeout_half);
  return first;
}

void Relay::expire(CloseReason reason) {
  const bool is_end = reason == CloseReason::timeout_half && ending().linger_is_its_end;
  end(is_end ? CloseReason::eof : reason, Side::self);
}

void Relay::end(CloseReason reason, Side by, std::optional<Error> error) {
  RelayEnd result;
  const auto whole = [](const Flow& flow) {
    return !flow.wanted || flow.pump.end() == PumpEnd::eof;
  };
  result.end.reason = reason;
  result.end.by = by;
  result.end.a_to_b = a_to_b_.wanted ? a_to_b() : 0;
  result.end.b_to_a = b_to_a_.wanted ? b_to_a() : 0;
  for (const Flow* flow : {&a_to_b_, &b_to_a_}) {
    if (flow->wanted) result.end.unsent += flow->pump.unsent();
    if (const Pump* rest = std::as_const(*this).leftovers(*flow))
      result.end.unsent += rest->bytes();
  }
  // That both directions end with the first is what eof=close and a datagram's linger ask for.
  result.end.complete =
      result.end.unsent == 0 && (reason == CloseReason::eof || (whole(a_to_b_) && whole(b_to_a_)));
  result.error = error;
  ending().result = result;
}

/// Closing a connection whose peer still speaks makes the system drop what it has not yet sent
/// there: until the peer's system has all of it, the peer is listened to, for nobody.
Task<void> Relay::hand_over() {
  if (owed() == 0) co_return;
  for (Flow* flow : {&a_to_b_, &b_to_a_}) {
    if (!still_speaks(*flow) || leftovers(*flow) || !flow->wanted) continue;
    flow->pump.stop();
    throw_away(*flow);
  }
  std::size_t before = std::numeric_limits<std::size_t>::max();
  while (const std::size_t rest = owed()) {
    if (rest < before) ending_->last_acknowledged = Clock::now();
    before = rest;
    TimePoint next_look = Clock::now() + send_queue_interval;
    if (const auto limit = next_limit()) {
      if (limit->at <= Clock::now()) cut(limit->reason);
      next_look = std::min(next_look, limit->at);
    }
    if (ending_->cut) co_return lose(rest);
    co_await wait(changed_, next_look);
  }
}

/// Whether more may come from there, which closing it would answer with a reset.
bool Relay::still_speaks(const Flow& flow) const {
  if (flow.stream == nullptr) return false;
  if (const Pump* rest = leftovers(flow)) return rest->running();
  const PumpEnd how = flow.pump.end();
  return how != PumpEnd::eof && how != PumpEnd::read_failed;
}

/// Bytes that a close now might lose.
std::size_t Relay::owed() const {
  std::size_t bytes = 0;
  for (const Flow* flow : {&a_to_b_, &b_to_a_}) {
    if (!still_speaks(*flow)) continue;
    const auto handle = flow->stream->write_handle();
    if (handle) bytes += os::unacknowledged(*handle);
  }
  return bytes;
}

/// It was cut while it handed over.
void Relay::lose(std::size_t bytes) {
  ConnectionEnd& end = ending_->result->end;
  if (end.complete) {
    end.reason = *ending_->cut;
    end.by = Side::self;
  }
  end.complete = false;
  end.unsent += bytes;
}

}  // namespace fid::service
