// SPDX-License-Identifier: MIT
#include "cli/version.hpp"

#include "endpoint/registry.hpp"

#include <CLI/Version.hpp>
#include <fmt/format.h>
#include <spdlog/version.h>

#include <string_view>

namespace fid::cli {
namespace {

#if defined(__clang__)
constexpr std::string_view compiler = "clang " __clang_version__;
#elif defined(__GNUC__)
constexpr std::string_view compiler = "gcc " __VERSION__;
#else
constexpr std::string_view compiler = "an unknown compiler";
#endif

}  // namespace

std::string version_text() {
  const bool has_commands = !endpoint::is_left_out(*endpoint::find_scheme("exec")->kind);
  const std::string_view commands = has_commands ? "yes" : "left out";
  constexpr std::string_view commit = FID_COMMIT;
  return fmt::format(
      "fid {}{}{}{}\nbuilt with {}, CLI11 {}, spdlog {}.{}.{}, fmt {}.{}.{}\n"
      "libraries: {}; commands: {}\n",
      FID_VERSION, commit.empty() ? "" : " (commit ", commit, commit.empty() ? "" : ")", compiler,
      CLI11_VERSION, SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH, FMT_VERSION / 10000,
      FMT_VERSION / 100 % 100, FMT_VERSION % 100, FID_LIBRARIES, commands);
}

}  // namespace fid::cli
