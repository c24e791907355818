// SPDX-License-Identifier: MIT
#include "service/load/generator.hpp"

#include "service/load/discard.hpp"
#include "service/load/message.hpp"

#include <fid/io/ops.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace fid::service::load {
namespace {

constexpr std::size_t most_at_once = std::size_t{256} * 1024;
/// More at a time may be refused by the queue of a Unix socket, and gain nothing.
constexpr std::size_t opened_side_by_side = 64;
/// Where one conversation fails, so may thousands: beyond this many something is broken.
constexpr std::uint64_t tolerated_failures = 100;
/// What both ends may have under way at once; more is sent and received side by side.
constexpr std::size_t surely_buffered = std::size_t{16} * 1024;
constexpr std::chrono::seconds rest_patience{5};
constexpr std::chrono::seconds arrival_patience{10};
constexpr std::chrono::milliseconds arrival_interval{5};

/// An echo that differs from its message. It is no failure of a system call.
const Error wrong_echo{std::make_error_code(std::errc::bad_message), "echo"};

}  // namespace

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::bulk:
      return "bulk";
    case Mode::ping_pong:
      return "ping-pong";
    case Mode::connect_close:
      break;
  }
  return "connect-close";
}

Generator::Generator(const Place& place, const Settings& settings)
    : place_(place), settings_(settings), shared_(settings.mode == Mode::bulk ? most_at_once : 0) {
  for (std::size_t i = 0; i < settings.connections; ++i) {
    lanes_.emplace_back().number = i;
  }
}

// --- The whole ------------------------------------------------------------------------------

Task<Complaint> Generator::run() {
  if (settings_.mode != Mode::connect_close) {
    auto opening = open_all();
    const auto opened = co_await as_result(std::move(opening));
    if (!opened) co_return failed_at(opening_stage(place_.target), opened.error());
  }

  started_ = Clock::now();
  if (settings_.rate) {
    const std::chrono::duration<double> interval(static_cast<double>(settings_.connections) /
                                                 *settings_.rate);
    for (Lane& lane : lanes_) {
      const auto offset = interval * lane.number / static_cast<double>(settings_.connections);
      lane.pace = Pace(std::chrono::duration_cast<Duration>(interval),
                       started_ + std::chrono::duration_cast<Duration>(offset));
    }
  }
  {
    TaskGroup driving;
    for (Lane& lane : lanes_) driving.add(drive(lane));
    auto warming_up = race(given_up(), sleep_until(started_ + settings_.warm_up));
    static_cast<void>(co_await std::move(warming_up));
    if (!give_up_.is_set()) {
      begin_measuring();
      auto measuring = race(given_up(), sleep_until(*measuring_since_ + settings_.duration));
      static_cast<void>(co_await std::move(measuring));
      end_measuring();
      if (settings_.mode != Mode::bulk) co_await await_rest();
    }
  }
  if (give_up_.is_set()) co_return complaint_;
  if (settings_.mode == Mode::bulk) {
    if (settings_.download || place_.far == nullptr) co_return Complaint();
    co_return co_await await_arrival();
  }
  Complaint complaint;
  complaint.where = place_.target.display();
  if (operations_ == 0) {
    complaint.status = ExitStatus::deadline;
    complaint.text =
        settings_.size == 0
            ? "no conversation ended; what listens there may take no more for now"
            : "no echo came; is what listens there one that sends back what it is sent?";
  } else if (failures_ > 0) {
    complaint.status = ExitStatus::failed;
    complaint.text = fmt::format("{} of {} conversations failed, the first with {}", failures_,
                                 failures_ + operations_, describe(*first_failure_));
  }
  co_return complaint;
}

Task<void> Generator::given_up() {
  co_await give_up_.wait();
}

Task<void> Generator::at_rest() {
  co_await rests_.wait();
}

Task<void> Generator::open_all() {
  std::size_t next = 0;
  std::vector<Task<void>> openers;
  for (std::size_t i = 0; i < std::min(lanes_.size(), opened_side_by_side); ++i) {
    openers.push_back(open_next(next));
  }
  auto opening = all(std::move(openers));
  co_await std::move(opening);
}

Task<void> Generator::open_next(std::size_t& next) {
  while (next < lanes_.size()) {
    Lane& lane = lanes_[next++];
    auto dialing = dial(place_.target, place_.dialing, place_.events);
    const endpoint::ConnectionPtr connection = co_await std::move(dialing);
    lane.stream = connection->take_stream();
  }
}

/// Were the two ends gone at once, a relay between them would report what it had under way.
Task<void> Generator::await_rest() {
  if (operations_ == 0 || !is_busy()) co_return;
  auto resting = race(given_up(), at_rest(), sleep(rest_patience));
  static_cast<void>(co_await std::move(resting));
}

/// What the kernel and the relay hold when the sending ends is still to arrive.
Task<Complaint> Generator::await_arrival() {
  for (Lane& lane : lanes_) static_cast<void>(co_await as_result(lane.stream->shutdown()));
  const TimePoint deadline = Clock::now() + arrival_patience;
  while (place_.far->ended() < lanes_.size() && Clock::now() < deadline) {
    co_await sleep(arrival_interval);
  }
  Complaint complaint;
  if (place_.far->ended() == lanes_.size() && place_.far->received() == sent_) co_return complaint;
  complaint.status = ExitStatus::wrong_answer;
  complaint.where = place_.target.display();
  complaint.text =
      fmt::format("{} bytes were sent, {} have arrived, and {} of {} connections have ended", sent_,
                  place_.far->received(), place_.far->ended(), lanes_.size());
  co_return complaint;
}

// --- What a connection does -----------------------------------------------------------------

Task<void> Generator::work_of(Lane& lane) {
  switch (settings_.mode) {
    case Mode::bulk:
      return settings_.download ? receive(lane) : send(lane);
    case Mode::ping_pong:
      return play(lane);
    case Mode::connect_close:
      break;
  }
  return converse(lane);
}

Task<void> Generator::drive(Lane& lane) {
  const auto done = co_await as_result(work_of(lane));
  if (!done) give_up(failed_at(Stage::transfer, done.error()));
}

Task<TimePoint> Generator::begin_next(Lane& lane, TimePoint now) {
  if (const auto due = lane.pace.wait_until(now)) {
    co_await sleep_until(*due);
    now = Clock::now();
    lane.pace.woke(now);
  }
  co_return lane.pace.begin(now);
}

Task<void> Generator::exchange(Stream& stream, Bytes message, MutableBytes reply) {
  if (message.size() <= surely_buffered) {
    co_await write_all(stream, message);
    co_await read_exact(stream, reply);
  } else {
    auto both = all(write_all(stream, message), read_exact(stream, reply));
    static_cast<void>(co_await std::move(both));
  }
  if (!std::equal(message.begin(), message.end(), reply.begin(), reply.end())) {
    co_await fail(wrong_echo);
  }
}

Task<void> Generator::play(Lane& lane) {
  Buffer message = make_message(settings_.size, lane.number);
  Buffer reply(settings_.size);
  TimePoint now = Clock::now();
  for (std::uint64_t number = 0;; ++number) {
    if (settings_.rate) now = co_await begin_next(lane, now);
    if (is_over()) co_return;
    lane.begun = now;
    stamp(message, number);
    co_await exchange(*lane.stream, message, reply);
    now = Clock::now();
    count_operation(lane, now);
  }
}

Task<void> Generator::converse(Lane& lane) {
  Buffer message = make_message(settings_.size, lane.number);
  Buffer reply(settings_.size);
  TimePoint now = Clock::now();
  for (std::uint64_t number = 0; !give_up_.is_set(); ++number) {
    if (settings_.rate) now = co_await begin_next(lane, now);
    if (is_over()) co_return;
    lane.begun = now;
    stamp(message, number);
    auto conversation = one_conversation(message, reply);
    const auto done = co_await as_result(std::move(conversation));
    now = Clock::now();
    if (done) {
      count_operation(lane, now);
    } else if (done.error() == wrong_echo) {
      co_await fail(done.error());
    } else {
      ended(lane);
      count_failure(done.error());
    }
  }
}

Task<void> Generator::one_conversation(Bytes message, MutableBytes reply) {
  auto dialing = dial(place_.target, place_.dialing, place_.events);
  const endpoint::ConnectionPtr connection = co_await std::move(dialing);
  const StreamPtr stream = connection->take_stream();
  co_await exchange(*stream, message, reply);
}

/// What comes back is read, for a peer that answers would stop reading if nobody did.
Task<void> Generator::send(Lane& lane) {
  auto both = all(write_all_the_time(lane), receive(lane));
  static_cast<void>(co_await std::move(both));
}

Task<void> Generator::write_all_the_time(Lane& lane) {
  const Buffer content = make_message(settings_.size, lane.number);
  for (;;) sent_ += co_await lane.stream->write(content);
}

Task<void> Generator::receive(Lane& lane) {
  for (;;) {
    const std::size_t n = co_await Discard(*lane.stream, shared_);
    if (n == 0) co_await fail(Errc::unexpected_eof, "read");
    received_ += n;
  }
}

// --- Counting -------------------------------------------------------------------------------

std::uint64_t Generator::bytes_so_far() const noexcept {
  if (settings_.download) return received_;
  return place_.far != nullptr ? place_.far->received() : sent_;
}

void Generator::begin_measuring() {
  operations_ = failures_ = unanswered_ = 0;
  latency_ = Histogram();
  bytes_before_ = bytes_so_far();
  cpu_before_ = std::clock();
  measuring_since_ = Clock::now();
}

void Generator::end_measuring() {
  measured_until_ = Clock::now();
  cpu_after_ = std::clock();
  bytes_after_ = bytes_so_far();
  if (!settings_.rate) return;
  for (Lane& lane : lanes_) {
    for (auto since = lane.begun; since; since = lane.pace.overdue(*measured_until_)) {
      latency_.record(*measured_until_ - *since);
      ++unanswered_;
    }
  }
}

void Generator::count_operation(Lane& lane, TimePoint now) {
  ever_answered_ = true;
  if (!is_over()) {
    ++operations_;
    latency_.record(now - *lane.begun);
  }
  ended(lane);
}

void Generator::ended(Lane& lane) {
  lane.begun.reset();
  if (is_over() && !is_busy()) rests_.set();
}

bool Generator::is_busy() const noexcept {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](const Lane& lane) { return lane.begun.has_value(); });
}

void Generator::count_failure(const Error& error) {
  if (is_over()) return;
  ++failures_;
  if (!first_failure_) first_failure_ = error;
  if (!ever_answered_) {
    give_up(failed_at(opening_stage(place_.target), error));
  } else if (failures_ > tolerated_failures) {
    Complaint complaint = failed_at(Stage::transfer, error);
    complaint.text = fmt::format("more than {} conversations failed, the last with {}",
                                 tolerated_failures, describe(error));
    give_up(std::move(complaint));
  }
}

void Generator::give_up(Complaint complaint) {
  if (give_up_.is_set()) return;
  complaint_ = std::move(complaint);
  give_up_.set();
}

Complaint Generator::failed_at(Stage stage, const Error& error) const {
  Complaint complaint;
  complaint.status = status_of(stage, error);
  complaint.where = place_.target.display();
  complaint.error = error;
  if (error == wrong_echo) {
    complaint.status = ExitStatus::wrong_answer;
    complaint.text = "an echo differs from what was sent";
  } else if (error.code == make_error_code(Errc::unexpected_eof)) {
    complaint.status = ExitStatus::failed;
    complaint.text = "the connection ended early";
  }
  return complaint;
}

Progress Generator::progress() const {
  Progress progress;
  progress.warming_up = !measuring_since_;
  progress.operations = operations_;
  progress.bytes = bytes_so_far();
  progress.elapsed = started_ == TimePoint() ? Duration() : Clock::now() - started_;
  progress.expected = settings_.warm_up + settings_.duration;
  return progress;
}

Outcome Generator::outcome() const {
  Outcome outcome;
  outcome.settings = settings_;
  outcome.target = place_.target.display();
  if (!measuring_since_) return outcome;
  const TimePoint until = is_over() ? *measured_until_ : Clock::now();
  const std::clock_t cpu = is_over() ? cpu_after_ : std::clock();
  outcome.seconds = std::chrono::duration<double>(until - *measuring_since_).count();
  outcome.cpu_seconds = static_cast<double>(cpu - cpu_before_) / CLOCKS_PER_SEC;
  outcome.operations = operations_;
  outcome.failures = failures_;
  outcome.unanswered = unanswered_;
  outcome.bytes = settings_.mode == Mode::bulk
                      ? (is_over() ? bytes_after_ : bytes_so_far()) - bytes_before_
                      : operations_ * settings_.size;
  outcome.latency = latency_;
  return outcome;
}

}  // namespace fid::service::load
