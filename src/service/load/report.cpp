// SPDX-License-Identifier: MIT
#include "service/load/report.hpp"

#include "service/amounts.hpp"
#include "service/load/arithmetic.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace fid::service::load {
namespace {

struct Percentile {
  double share;
  std::string_view text;  ///< in percent
  std::string_view key;
};

constexpr std::array percentiles{
    Percentile{0.25, "25", "p25"},         Percentile{0.5, "50", "p50"},
    Percentile{0.75, "75", "p75"},         Percentile{0.9, "90", "p90"},
    Percentile{0.99, "99", "p99"},         Percentile{0.999, "99.9", "p99_9"},
    Percentile{0.9999, "99.99", "p99_99"}, Percentile{0.99999, "99.999", "p99_999"},
};

constexpr std::size_t longest_bar = 36;

/// Fewer than this many values make a percentile no more than the greatest of them.
bool is_told_by(const Percentile& percentile, std::uint64_t count) {
  return (1 - percentile.share) * static_cast<double>(count) >= 1;
}

std::uint64_t slower_than(const std::vector<Histogram::Step>& steps,
                          std::chrono::nanoseconds value) {
  const auto last =
      std::find_if(steps.rbegin(), steps.rend(),
                   [value](const Histogram::Step& step) { return step.value <= value; });
  return steps.back().count - (last == steps.rend() ? 0 : last->count);
}

double microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

std::string_view operations_of(Mode mode) {
  return mode == Mode::connect_close ? "conversations" : "round trips";
}

double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

/// `10 s`, `1.5 s`, `300 ms`
std::string seconds_text(double seconds) {
  return seconds < 1 ? fmt::format("{} ms", rounded(seconds * 1000))
                     : fmt::format("{:g} s", static_cast<double>(rounded(seconds * 10)) / 10);
}

std::string line(std::string_view name, std::string_view text) {
  return fmt::format("  {:<14} {}\n", name, text);
}

std::string latencies(const Histogram& latency) {
  std::string out = fmt::format("\n  {:>10}  {:>9}  {:>11}  {}\n", "percentile", "latency",
                                "slower", "logarithmic");
  const std::vector<Histogram::Step> steps = latency.steps();
  const double most =
      decimal_logarithm(microseconds(std::max(latency.max(), std::chrono::nanoseconds(1))) + 1);
  const auto row = [&](std::string_view name, std::chrono::nanoseconds value) {
    const double share = decimal_logarithm(microseconds(value) + 1) / most;
    const auto bar = std::max<std::size_t>(1, rounded(share * longest_bar));
    out += fmt::format("  {:>10}  {:>9}  {:>11}  {}\n", name, time_text(value),
                       count_text(slower_than(steps, value)), std::string(bar, '='));
  };
  for (const Percentile& percentile : percentiles) {
    if (!is_told_by(percentile, latency.count())) break;
    row(std::string(percentile.text) + " %", latency.quantile(percentile.share));
  }
  row("max", latency.max());
  out += fmt::format("\n  mean {}, standard deviation {}, least {}\n", time_text(latency.mean()),
                     time_text(latency.deviation()), time_text(latency.min()));
  return out;
}

}  // namespace

std::string subject(const Outcome& outcome) {
  if (outcome.far.empty()) return outcome.target;
  if (outcome.far == outcome.target) return outcome.target + ", both ends and no relay";
  return outcome.target + " through a relay to " + outcome.far;
}

std::string conditions(const Outcome& outcome) {
  const Settings& settings = outcome.settings;
  std::string text = settings.connections == 1 ? std::string("1 connection")
                                               : count_text(settings.connections) + " connections";
  if (settings.mode == Mode::connect_close && settings.connections > 1) text += " at a time";
  text += ", " + size_text(static_cast<double>(settings.size)) +
          (settings.mode == Mode::bulk ? " at once" : " a message");
  if (settings.download) text += ", downloaded";
  if (settings.rate)
    text += fmt::format(", {} a second asked for", count_text(rounded(*settings.rate)));
  const double warm_up = std::chrono::duration<double>(settings.warm_up).count();
  return text + fmt::format(", {}", seconds_text(outcome.seconds)) +
         (warm_up > 0 ? fmt::format(" after {} of warm-up", seconds_text(warm_up)) : "");
}

std::string speed(const Outcome& outcome) {
  if (outcome.settings.mode == Mode::bulk) {
    return size_text(per_second(outcome.bytes, outcome.seconds)) + "/s";
  }
  return fmt::format("{} {}/s",
                     count_text(rounded(per_second(outcome.operations, outcome.seconds))),
                     operations_of(outcome.settings.mode));
}

std::string table(const Outcome& outcome) {
  const Mode mode = outcome.settings.mode;
  std::string out =
      fmt::format("{}: {}\n{}\n\n", name_of(mode), subject(outcome), conditions(outcome));
  const std::string bytes = size_text(static_cast<double>(outcome.bytes));
  const std::string rate = size_text(per_second(outcome.bytes, outcome.seconds)) + "/s";
  if (mode == Mode::bulk) {
    out += line("speed", rate);
    out += line("moved", bytes);
  } else {
    out += line("speed", fmt::format("{}, {} each way", speed(outcome), rate));
    out += line(operations_of(mode), count_text(outcome.operations));
  }
  if (outcome.failures > 0) out += line("failed", count_text(outcome.failures));
  if (outcome.unanswered > 0) out += line("unanswered", count_text(outcome.unanswered));
  out += line("own CPU", fmt::format("{:.0f} % of one processor{}",
                                     100 * outcome.cpu_seconds / std::max(outcome.seconds, 1e-9),
                                     outcome.far.empty() ? "" : ", for both ends"));
  if (outcome.latency.count() > 0) out += latencies(outcome.latency);
  return out;
}

std::string json(const Outcome& outcome) {
  const Settings& settings = outcome.settings;
  nlohmann::ordered_json object;
  object["v"] = 1;
  object["mode"] = name_of(settings.mode);
  object["target"] = outcome.target;
  if (!outcome.far.empty()) object["far"] = outcome.far;
  object["connections"] = settings.connections;
  object["size"] = settings.size;
  if (settings.rate) object["rate"] = *settings.rate;
  if (settings.mode == Mode::bulk) object["download"] = settings.download;
  object["warm_up_s"] = std::chrono::duration<double>(settings.warm_up).count();
  object["seconds"] = outcome.seconds;
  object["bytes"] = outcome.bytes;
  object["bytes_per_s"] = per_second(outcome.bytes, outcome.seconds);
  if (settings.mode != Mode::bulk) {
    object["operations"] = outcome.operations;
    object["per_s"] = per_second(outcome.operations, outcome.seconds);
    object["failures"] = outcome.failures;
    if (settings.rate) object["unanswered"] = outcome.unanswered;
  }
  object["cpu_s"] = outcome.cpu_seconds;
  if (outcome.latency.count() > 0) {
    const Histogram& latency = outcome.latency;
    auto& figures = object["latency_us"];
    figures["min"] = microseconds(latency.min());
    figures["mean"] = microseconds(latency.mean());
    figures["deviation"] = microseconds(latency.deviation());
    for (const Percentile& percentile : percentiles) {
      figures[std::string(percentile.key)] = microseconds(latency.quantile(percentile.share));
    }
    figures["max"] = microseconds(latency.max());
  }
  // What an address names may not be UTF-8.
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string progress_line(const Progress& now, const Progress& before, const Settings& settings) {
  const double seconds = std::chrono::duration<double>(now.elapsed - before.elapsed).count();
  const bool restarted = now.warming_up != before.warming_up;
  const bool bulk = settings.mode == Mode::bulk;
  const std::uint64_t count = bulk ? now.bytes : now.operations;
  const std::uint64_t earlier = bulk ? before.bytes : (restarted ? 0 : before.operations);
  const double rate = count > earlier ? per_second(count - earlier, seconds) : 0;
  const auto whole = [](Duration time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time).count();
  };
  return fmt::format("{}  {}  {} of {} s{}", name_of(settings.mode),
                     bulk ? size_text(rate) + "/s" : count_text(rounded(rate)) + "/s",
                     whole(now.elapsed), whole(now.expected), now.warming_up ? ", warming up" : "");
}

}  // namespace fid::service::load
