// SPDX-License-Identifier: MIT
#include "cli/console.hpp"

#include <fid/base/os.hpp>

#include <spdlog/sinks/ansicolor_sink.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace fid::cli {
namespace {

constexpr Native stderr_handle = 2;

bool is_terminal(Native handle) {
  const Result<os::HandleKind> kind = os::kind_of(handle);
  return kind && *kind == os::HandleKind::terminal;
}

bool wants_colour() {
  const char* const none = std::getenv("NO_COLOR");
  const char* const term = std::getenv("TERM");
  return (!none || !*none) && term && std::string_view(term) != "dumb";
}

/// What someone typed may hold line ends and escape sequences: they are shown, not obeyed.
std::string one_line(std::string_view text) {
  constexpr const char* digits = "0123456789abcdef";
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      line += c;
    } else {
      line.append("\\x").append({digits[byte / 16], digits[byte % 16]});
    }
  }
  return line;
}

}  // namespace

Console::Console() : on_terminal_(is_terminal(stderr_handle)) {
  const bool colour = on_terminal_ && wants_colour();
  const auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(
      colour ? spdlog::color_mode::always : spdlog::color_mode::never);
  sink->set_color(spdlog::level::info, "");
  sink->set_color(spdlog::level::debug, "");
  log_ = std::make_shared<spdlog::logger>("fid", sink);
  configure({});
}

void Console::configure(const OutputSettings& settings) {
  using spdlog::level::level_enum;
  level_enum level = level_enum::warn;
  if (settings.verbose == 1) level = level_enum::info;
  if (settings.verbose > 1) level = level_enum::debug;
  if (settings.quiet) level = level_enum::err;
  log_->set_level(level);
  const bool stamped = level < level_enum::warn && !on_terminal_;
  log_->set_pattern(stamped ? "%Y-%m-%dT%H:%M:%S.%eZ fid: %v" : "%^fid:%$ %v",
                    spdlog::pattern_time_type::utc);
}

void Console::print(std::string_view text) {
  if (unprinted_ || std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return;
  unprinted_ = system_error(errno, "write");
}

void Console::error(std::string_view endpoint, const Error& error) {
  this->error(endpoint, describe(error));
}

void Console::error(std::string_view where, std::string_view reason) {
  log_->error("{}: {}", one_line(where), one_line(reason));
}

ExitStatus Console::finish(ExitStatus status) {
  if (!unprinted_ && std::fflush(stdout) != 0) unprinted_ = system_error(errno, "write");
  if (!unprinted_) return status;
  error("stdout", *unprinted_);
  return status == ExitStatus::complete ? ExitStatus::failed : status;
}

}  // namespace fid::cli
