// SPDX-License-Identifier: MIT
#include "cli/options.hpp"

#include "cli/choice.hpp"
#include "cli/units.hpp"

namespace fid::cli {
namespace {

constexpr const char* output_group = "Output";
constexpr const char* listening_group = "Listening";
constexpr const char* connecting_group = "Connecting";
constexpr const char* transfer_group = "Transfer";

/// `text`, `hex:FILE`
DumpSettings parse_dump(const std::string& option, std::string_view word) {
  const std::size_t colon = word.find(':');
  DumpSettings settings;
  const std::string complaint =
      choose<DumpFormat>(word.substr(0, colon),
                         {{"text", DumpFormat::text}, {"hex", DumpFormat::hex}}, settings.format);
  if (!complaint.empty()) throw CLI::ValidationError(option, complaint);
  if (colon == std::string_view::npos) return settings;
  settings.file = word.substr(colon + 1);
  if (settings.file.empty()) throw CLI::ValidationError(option, "no file after the colon");
  return settings;
}

}  // namespace

void declare(CLI::App& app, OutputSettings& settings) {
  app.add_flag("-v,--verbose", settings.verbose, "a line per connection; -vv traces what is done")
      ->group(output_group);
  app.add_flag("-q,--quiet", settings.quiet, "errors only")->group(output_group);
  app.add_option("--events", settings.events, "write events as JSON lines to FD, FILE or stdout")
      ->type_name("FD|FILE|-")
      ->group(output_group);
}

void declare(CLI::App& app, ListeningSettings& settings) {
  app.add_option("--ready-fd", settings.ready_fd,
                 "FD gets the real addresses once all is listening")
      ->type_name("FD")
      ->check(at_least(0))
      ->group(listening_group);
  app.add_option("--port-file", settings.port_file, "the same lines in a file, removed at exit")
      ->type_name("FILE")
      ->group(listening_group);
  add_duration(app, "--accept-timeout", settings.accept_timeout,
               "give up (status 124) if no client comes in time")
      ->group(listening_group);
}

void declare(CLI::App& app, ConnectingSettings& settings) {
  add_duration(app, "--connect-timeout", settings.connect_timeout,
               "give up (status 124) after this long; 30s")
      ->group(connecting_group);
}

void declare(CLI::App& app, JoinSettings& settings, const DirectionNames& names) {
  using service::Direction;
  using service::EndOfInput;
  service::TransferSettings& transfer = settings.transfer;

  CLI::Option* forth = app.add_flag_callback(
      "-u", [&transfer] { transfer.direction = Direction::a_to_b; },
      "only " + std::string(names.forth));
  CLI::Option* back = app.add_flag_callback(
      "-U", [&transfer] { transfer.direction = Direction::b_to_a; },
      "only " + std::string(names.back));
  forth->group(transfer_group)->excludes(back);
  back->group(transfer_group);

  add_choice<EndOfInput>(
      app, "--eof", transfer.eof,
      {{"half", EndOfInput::half}, {"close", EndOfInput::close}, {"ignore", EndOfInput::ignore}},
      "when one side ends: end only that direction (half, the default), end both, or read on")
      ->group(transfer_group);
  add_duration(app, "--linger", transfer.linger,
               "after one side ended, wait this long for the other; what is cut is an error")
      ->group(transfer_group);
  add_duration(app, "--idle", transfer.idle, "end after this long without a byte either way")
      ->group(transfer_group);
  app.add_flag("--idle-error", transfer.idle_is_error, "let --idle end with status 124")
      ->group(transfer_group);
  add_duration(app, "--half-idle", transfer.half_idle,
               "the same, counted only after one side has ended")
      ->group(transfer_group);
  add_duration(app, "--timeout", transfer.timeout,
               "give up (status 124) after this long; a service: each connection")
      ->group(transfer_group);
  add_size(app, "--max-bytes", transfer.max_bytes, "end after this many bytes, both ways together")
      ->group(transfer_group);
  add_duration(app, "--drain", settings.drain, "on a signal, time to finish (TERM: 10s, INT: 0)")
      ->group(transfer_group);
  const auto take_dump = [&settings](const std::string& word) {
    settings.dump = parse_dump("--dump", word);
  };
  app.add_option_function<std::string>("--dump", take_dump,
                                       "show what passes on stderr, or write it to a file")
      ->type_name("text|hex[:FILE]")
      ->group(transfer_group);
}

void declare_max_connections(CLI::App& app, std::optional<std::uint32_t>& most) {
  app.add_option("--max-connections", most, "serve at most N at once; others wait in line")
      ->type_name("N")
      ->check(at_least(1))
      ->group(listening_group);
}

CLI::Option* declare_exit_idle_time(CLI::App& app, std::optional<Duration>& time) {
  return add_duration(app, "--exit-idle-time", time,
                      "end (status 0) when nobody has been served for this long")
      ->group(listening_group);
}

void declare_progress(CLI::App& app, When& progress) {
  // A flag with a value, so that the next word is never taken for it.
  add_choice_flag<When>(
      app, "--progress", "auto", progress,
      {{"auto", When::automatic}, {"always", When::always}, {"never", When::never}},
      "show bytes, rate and time on stderr; auto, the default, only on a terminal")
      ->group(output_group);
}

void declare_no_stdin(CLI::App& app, bool& no_stdin) {
  app.add_flag("--no-stdin", no_stdin, "do not read stdin; its end is not an end of work")
      ->group(transfer_group);
}

}  // namespace fid::cli
