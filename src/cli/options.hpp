// SPDX-License-Identifier: MIT
#pragma once

#include "service/dump.hpp"
#include "service/transfer_settings.hpp"

#include <fid/base/clock.hpp>

#include <CLI/App.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The options that several commands share: each group is declared once, here, so that it reads and
/// behaves the same everywhere.
namespace fid::cli {

/// What is said on stderr, and where the events go. Every command has these.
struct OutputSettings {
  int verbose = 0;
  bool quiet = false;
  std::string events;  ///< FD, FILE or "-"; empty is off
};

/// Of commands that accept connections.
struct ListeningSettings {
  std::optional<int> ready_fd;
  std::string port_file;
  std::optional<Duration> accept_timeout;
};

/// Of commands that connect.
struct ConnectingSettings {
  Duration connect_timeout = std::chrono::seconds(30);
};

/// Something that is on, off, or on only where a person is looking.
enum class When : std::uint8_t { never, automatic, always };

using service::DumpFormat;

struct DumpSettings {
  DumpFormat format = DumpFormat::text;
  std::string file;  ///< empty is stderr
};

/// Of commands that join connections: what passes, and what is shown of it.
struct JoinSettings {
  service::TransferSettings transfer;
  std::optional<Duration> drain;  ///< unset: the signal's own, 10 s for TERM
  std::optional<DumpSettings> dump;
};

/// What a command calls its two directions: `from stdin to ADDRESS`. -u is `forth`, from side a.
struct DirectionNames {
  std::string_view forth;
  std::string_view back;
};

void declare(CLI::App& app, OutputSettings& settings);
void declare(CLI::App& app, ListeningSettings& settings);
void declare(CLI::App& app, ConnectingSettings& settings);
void declare(CLI::App& app, JoinSettings& settings, const DirectionNames& names);
void declare_max_connections(CLI::App& app, std::optional<std::uint32_t>& most);
CLI::Option* declare_exit_idle_time(CLI::App& app, std::optional<Duration>& time);
void declare_progress(CLI::App& app, When& progress);
void declare_no_stdin(CLI::App& app, bool& no_stdin);

}  // namespace fid::cli
