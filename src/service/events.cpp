// SPDX-License-Identifier: MIT
#include "service/events.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <utility>

namespace fid::service {
namespace {

using Json = nlohmann::ordered_json;  // keys stay in the order in which they are set
using std::chrono::duration_cast;
using std::chrono::nanoseconds;

/// Milliseconds with their fraction, down to microseconds: a connection is often faster than one.
double milliseconds(Duration duration) {
  return static_cast<double>(duration_cast<std::chrono::microseconds>(duration).count()) / 1000;
}

}  // namespace

/// One event in the making; written when it goes out of scope. Other threads wait with theirs.
class Events::Line {
 public:
  Line(Events& events, std::string_view name, std::optional<ConnectionId> id = {})
      : output_(*events.output_), turn_(output_.turn) {
    const EventClock& clock = events.clock_;
    json_["v"] = 1;
    json_["t"] = duration_cast<nanoseconds>(clock.utc().time_since_epoch()).count();
    json_["m"] = duration_cast<nanoseconds>(clock.steady().time_since_epoch()).count();
    json_["ev"] = name;
    if (id) json_["id"] = *id;
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    if (const std::uint64_t dropped = output_.sink.take_dropped()) json_["dropped"] = dropped;
    constexpr auto replacing = Json::error_handler_t::replace;
    output_.sink.write(json_.dump(-1, ' ', false, replacing) + '\n');
    output_.is_open.store(output_.sink.is_open(), std::memory_order_relaxed);
  }

  template <class T>
  Line& set(const char* key, T&& value) {
    json_[key] = std::forward<T>(value);
    return *this;
  }
  template <class T>
  Line& set_if(const char* key, const std::optional<T>& value) {
    if (value) json_[key] = *value;
    return *this;
  }
  Line& set(const Opened& opened) {
    set("peer", opened.peer).set("local", opened.local);
    set_if("uid", opened.uid).set_if("gid", opened.gid);
    return set("ms", milliseconds(opened.took));
  }

 private:
  Output& output_;
  const std::lock_guard<std::mutex> turn_;
  Json json_;
};

Events::Events(LineSink sink, EventClock clock)
    : output_(std::make_unique<Output>(std::move(sink))), clock_(std::move(clock)) {}

Result<Events> Events::open(std::string_view where) {
  if (where.empty()) return Events();
  Result<LineSink> sink = LineSink::open(where);
  if (!sink) return fail(sink.error());
  return Events(std::move(*sink));
}

void Events::flush() {
  if (!is_on()) return;
  const std::lock_guard turn(output_->turn);
  output_->sink.flush(Duration::zero());
}

void Events::listening(std::string_view url, std::optional<FileMode> mode) {
  if (!is_on()) return;
  Line line(*this, "listening");
  line.set("url", url);
  if (mode) line.set("mode", fmt::format("{:04o}", *mode));
}

void Events::ready(ProcessId pid, std::span<const std::string> urls) {
  if (!is_on()) return;
  Line(*this, "ready").set("pid", pid).set("urls", urls);
}

void Events::accept(ConnectionId id, const Opened& opened) {
  if (!is_on()) return;
  Line(*this, "accept", id).set(opened);
}

void Events::connect(ConnectionId id, const Opened& opened) {
  if (!is_on()) return;
  Line(*this, "connect", id).set(opened);
}

void Events::eof(ConnectionId id, Side from, std::uint64_t bytes) {
  if (!is_on()) return;
  Line(*this, "eof", id).set("from", name_of(from)).set("bytes", bytes);
}

void Events::stats(const Totals& totals) {
  if (!is_on()) return;
  Line(*this, "stats")
      .set("open", totals.open)
      .set("accepted", totals.accepted)
      .set("a_to_b", totals.a_to_b)
      .set("b_to_a", totals.b_to_a);
}

void Events::stats(ConnectionId id, std::uint64_t a_to_b, std::uint64_t b_to_a) {
  if (!is_on()) return;
  Line(*this, "stats", id).set("a_to_b", a_to_b).set("b_to_a", b_to_a);
}

void Events::retry(std::string_view url, unsigned n, Duration wait, const Error& cause) {
  if (!is_on()) return;
  Line(*this, "retry")
      .set("url", url)
      .set("n", n)
      .set("wait_ms", milliseconds(wait))
      .set("cause", error_name(cause.code));
}

void Events::close(ConnectionId id, const ConnectionEnd& end) {
  if (!is_on()) return;
  Line line(*this, "close", id);
  line.set("a_to_b", end.a_to_b)
      .set("b_to_a", end.b_to_a)
      .set("ms", milliseconds(end.lasted))
      .set("by", name_of(end.by))
      .set("reason", name_of(end.reason))
      .set("complete", end.complete);
  if (!end.complete) line.set("unsent", end.unsent);
}

void Events::error(const Error& error, std::string_view url, std::optional<ConnectionId> id) {
  if (!is_on()) return;
  Line line(*this, "error", id);
  line.set("cause", error_name(error.code));
  if (error.code.category() == std::system_category()) line.set("errno", error.code.value());
  line.set("text", describe(error)).set("url", url);
}

void Events::drain(int signal, std::uint64_t left) {
  if (!is_on()) return;
  Line(*this, "drain").set("signal", signal).set("left", left);
}

void Events::exit(ExitStatus status) {
  if (!is_on()) return;
  Line(*this, "exit").set("status", to_int(status));
}

}  // namespace fid::service
