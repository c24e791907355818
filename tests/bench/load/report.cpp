// SPDX-License-Identifier: MIT
#include "load/report.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace load {

Report& Report::add(std::string_view name, double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.9g", value);
  return member(name, text.data());
}

Report& Report::add(std::string_view name, std::uint64_t value) {
  return member(name, std::to_string(value));
}

Report& Report::add(std::string_view name, std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return member(name, quoted + '"');
}

Report& Report::add(const Histogram& latency) {
  const auto microseconds = [](std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::micro>(time).count();
  };
  return add("p50_us", microseconds(latency.quantile(0.50)))
      .add("p99_us", microseconds(latency.quantile(0.99)))
      .add("p999_us", microseconds(latency.quantile(0.999)))
      .add("max_us", microseconds(latency.max()));
}

Report& Report::member(std::string_view name, std::string value) {
  if (!members_.empty()) members_ += ", ";
  members_ += '"' + std::string(name) + "\": " + std::move(value);
  return *this;
}

}  // namespace load
