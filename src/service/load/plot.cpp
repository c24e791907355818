// SPDX-License-Identifier: MIT
#include "service/load/plot.hpp"

#include "service/amounts.hpp"
#include "service/load/arithmetic.hpp"
#include "service/load/report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string_view>
#include <vector>

namespace fid::service::load {
namespace {

using std::chrono::nanoseconds;

constexpr double width = 800;
constexpr double height = 480;
constexpr double left = 76;
constexpr double right = width - 28;
constexpr double top = 96;
constexpr double bottom = height - 64;

constexpr std::size_t longest_line = 104;

constexpr std::string_view style = R"(
  svg { font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-size: 13px }
  .ground { fill: #ffffff }
  text { fill: #4d565f }
  .title { font-size: 18px; font-weight: 600; fill: #1b1f24 }
  .value { font-weight: 600; fill: #1b1f24; paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
  .grid { stroke: #dde2e7; stroke-width: 1 }
  .axis { stroke: #8b949e; stroke-width: 1 }
  .curve { fill: none; stroke: #0a61c9; stroke-width: 2.5; stroke-linejoin: round }
  .dot { fill: #0a61c9; stroke: #ffffff; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0f1419 }
    text { fill: #a3adb8 }
    .title { fill: #e8edf2 }
    .value { fill: #e8edf2; stroke: #0f1419 }
    .grid { stroke: #273039 }
    .axis { stroke: #66707b }
    .curve { stroke: #5aa7ff }
    .dot { fill: #5aa7ff; stroke: #0f1419 }
  }
)";

/// Text as XML has it. What is not UTF-8 is replaced, and so is what does not print.
std::string escaped(const std::string& text) {
  using nlohmann::json;
  const std::string quoted = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  std::string out;
  for (const char c : json::parse(quoted).get<std::string>()) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string shortened(const std::string& text) {
  return text.size() <= longest_line ? text : text.substr(0, longest_line - 3) + "...";
}

/// As time_text(), with the letter it stands for where there is no terminal to mind.
std::string time_label(nanoseconds time) {
  std::string text = time_text(time);
  if (text.ends_with("us")) text.replace(text.size() - 2, 1, "µ");
  return text;
}

/// A mark on the axis of times: `20 µs`, without digits that say nothing.
std::string tick_label(double nanoseconds_value) {
  constexpr std::array units{"ns", "µs", "ms", "s"};
  std::size_t unit = 0;
  for (; nanoseconds_value >= 1000 && unit + 1 < units.size(); ++unit) nanoseconds_value /= 1000;
  return fmt::format("{:g} {}", nanoseconds_value, units[unit]);
}

bool is_power_of_ten(double value) {
  double power = 1;
  while (power < value) power *= 10;
  return power == value;
}

/// For nanoseconds: 1, 2, 5, 10, 20 ... from the last that is not above `least` to the first not
/// below `most`; only powers of ten where that would be too many.
std::vector<double> time_ticks(double least, double most) {
  std::vector<double> all;
  for (double power = 1; all.empty() || all.back() < most; power *= 10) {
    for (const double digit : {1, 2, 5}) all.push_back(digit * power);
  }
  while (all.size() > 2 && all[1] <= least) all.erase(all.begin());
  while (all.size() > 2 && all[all.size() - 2] >= most) all.pop_back();
  constexpr std::size_t enough = 13;
  if (all.size() <= enough) return all;
  std::vector<double> few;
  for (const double tick : all) {
    const bool is_end = tick == all.front() || tick == all.back();
    if (is_end || is_power_of_ten(tick)) few.push_back(tick);
  }
  return few;
}

/// From durations and shares to places. Shares are drawn by how rare the rest is: 90 %, 99 % and
/// 99.9 % are as far from each other.
class Scale {
 public:
  Scale(const Histogram& latency)
      : ticks_(time_ticks(std::max<double>(1, static_cast<double>(latency.min().count())),
                          std::max<double>(2, static_cast<double>(latency.max().count())))),
        nines_(std::max(1.0, decimal_logarithm(static_cast<double>(latency.count())))) {}

  const std::vector<double>& ticks() const noexcept { return ticks_; }
  /// How many nines the axis has.
  double nines() const noexcept { return nines_; }

  double x(double share) const {
    const double rarity = share >= 1 ? nines_ : std::min(nines_, -decimal_logarithm(1 - share));
    return left + (right - left) * rarity / nines_;
  }
  double y(double nanoseconds_value) const {
    const double lowest = decimal_logarithm(ticks_.front());
    const double part = (decimal_logarithm(std::max(nanoseconds_value, ticks_.front())) - lowest) /
                        (decimal_logarithm(ticks_.back()) - lowest);
    return bottom - (bottom - top) * part;
  }
  double y(nanoseconds time) const { return y(static_cast<double>(time.count())); }

 private:
  std::vector<double> ticks_;
  double nines_;
};

/// `0`, `50`, `90`, `99`, `99.9` ... in percent
std::string share_text(double share) {
  return fmt::format("{:.7g}", share * 100);
}

std::string axes(const Scale& scale) {
  std::string out;
  for (const double tick : scale.ticks()) {
    const double y = scale.y(tick);
    out += fmt::format("<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                       left, right, y, y);
    out += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", left - 10,
                       y + 4.5, tick_label(tick));
  }
  std::vector<double> shares{0, 0.5};
  for (double rest = 0.1; - decimal_logarithm(rest) <= scale.nines() + 1e-9; rest /= 10) {
    shares.push_back(1 - rest);
  }
  for (const double share : shares) {
    const double x = scale.x(share);
    out += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{}\" y2=\"{}\"/>\n",
                       x, x, top, bottom);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{} %</text>\n", x,
                       bottom + 20, share_text(share));
  }
  out += fmt::format("<line class=\"axis\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>\n", left,
                     right, bottom, bottom);
  out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">percentile</text>\n",
                     (left + right) / 2, bottom + 44);
  return out;
}

std::string curve(const Histogram& latency, const Scale& scale) {
  std::string points = fmt::format("{:.1f},{:.1f}", scale.x(0), scale.y(latency.min()));
  for (const Histogram::Step& step : latency.steps()) {
    const double share = static_cast<double>(step.count) / static_cast<double>(latency.count());
    points += fmt::format(" {:.1f},{:.1f}", scale.x(share), scale.y(step.value));
  }
  return fmt::format("<polyline class=\"curve\" points=\"{}\"/>\n", points);
}

/// The curve rises, so there is room on its upper left and its lower right.
std::string values(const Histogram& latency, const Scale& scale) {
  struct Mark {
    std::string_view name;
    double share;
  };
  constexpr std::array marks{Mark{"max", 1}, Mark{"p50", 0.5}, Mark{"p99", 0.99},
                             Mark{"p99.9", 0.999}, Mark{"p90", 0.9}};
  constexpr double taken_width = 120;
  constexpr double taken_height = 20;
  struct Place {
    double x;
    double y;
  };
  std::vector<Place> taken;
  std::string out;
  for (const auto& [name, share] : marks) {
    if (share < 1 && (1 - share) * static_cast<double>(latency.count()) < 1) continue;
    const nanoseconds value = latency.quantile(share);
    const double x = scale.x(share);
    const double y = scale.y(value);
    const bool is_left = x < left + 130;
    const Place place{is_left ? x + 10 : x - 10, is_left ? std::min(y + 20, bottom - 6) : y - 10};
    const bool has_room = std::none_of(taken.begin(), taken.end(), [place](const Place& other) {
      return std::abs(other.x - place.x) < taken_width &&
             std::abs(other.y - place.y) < taken_height;
    });
    if (!has_room) continue;
    taken.push_back(place);
    out += fmt::format("<circle class=\"dot\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\"/>\n", x, y);
    out += fmt::format(
        "<text class=\"value\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{} {}</text>\n",
        place.x, place.y, is_left ? "start" : "end", name, time_label(value));
  }
  return out;
}

}  // namespace

std::string latency_plot(const Outcome& outcome) {
  const Scale scale(outcome.latency);
  const std::string title =
      fmt::format("{}: latency by percentile", name_of(outcome.settings.mode));
  const std::string about = escaped(shortened(subject(outcome)));
  const std::string how = escaped(shortened(conditions(outcome)));
  const std::string rate = speed(outcome);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n<title>{2}</title>\n<desc>{3}; {4}; "
      "{6}</desc>\n"
      "<style>{5}</style>\n<rect class=\"ground\" width=\"{0}\" height=\"{1}\"/>\n",
      width, height, title, about, how, style, rate);
  out += fmt::format("<text class=\"title\" x=\"24\" y=\"34\">{}</text>\n", title);
  out += fmt::format("<text class=\"title\" x=\"{}\" y=\"34\" text-anchor=\"end\">{}</text>\n",
                     right, rate);
  out += fmt::format("<text x=\"24\" y=\"56\">{}</text>\n", about);
  out += fmt::format("<text x=\"24\" y=\"75\">{}</text>\n", how);
  out += axes(scale) + curve(outcome.latency, scale) + values(outcome.latency, scale);
  return out + "</svg>\n";
}

}  // namespace fid::service::load
