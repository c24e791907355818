// SPDX-License-Identifier: MIT
#include "cli/connect.hpp"

#include "cli/join_once.hpp"
#include "cli/operands.hpp"
#include "cli/session.hpp"

namespace fid::cli {

constexpr CommandText connect_text{
    .name = "connect",
    .summary = "join stdin and stdout to an address",
    .operands = "ADDRESS",
    .notes =
        "The end of stdin ends what is sent, and the answer still arrives, however late. A "
        "refused connection is status 3, an unknown name 4, a passed deadline 124.",
    .examples =
        "fid connect tcp://127.0.0.1:8080\n"
        "fid connect tcp://db:5432 --timeout 30s < dump.sql\n"
        "fid connect unix:/run/app.sock --no-stdin -v",
};

void declare_operands(CLI::App& app, ConnectSettings& settings) {
  add_address(app, "ADDRESS", settings.address, endpoint::Place::connects,
              "where to connect: tcp://host:80, unix:/run/x.sock");
}

void declare_options(CLI::App& app, ConnectSettings& settings) {
  declare(app, settings.connecting);
  declare(app, settings.join, {"from stdin to ADDRESS", "from ADDRESS to stdout"});
  declare_no_stdin(app, settings.no_stdin);
  declare(app, settings.output);
  declare_progress(app, settings.progress);
}

ExitStatus run(const ConnectSettings& settings, Console& console) {
  const auto stdio = read_address("-", endpoint::Place::joins, console);
  const auto to = read_address(settings.address, endpoint::Place::connects, console);
  if (!stdio || !to) return ExitStatus::usage;
  SessionSettings session{settings.output, settings.join};
  session.connecting = &settings.connecting;
  session.progress = settings.progress;
  if (!settings.no_stdin) session.total = expected_bytes(*stdio);
  const auto direction =
      settings.no_stdin ? service::Direction::b_to_a : settings.join.transfer.direction;
  const Passage way = passage(*stdio, *to, direction);
  session.uses_stdout = uses_stdout(way, *stdio, *to);
  return Session::run(console, session,
                      [&](Session& running) { return join_once(running, *stdio, *to, way); });
}

}  // namespace fid::cli
