// SPDX-License-Identifier: MIT
#include "cli/version.hpp"

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
  return fmt::format("fid {}\nbuilt with {}, CLI11 {}, spdlog {}.{}.{}, fmt {}.{}.{}\n",
                     FID_VERSION, compiler, CLI11_VERSION, SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR,
                     SPDLOG_VER_PATCH, FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
                     FMT_VERSION % 100);
}

}  // namespace fid::cli
