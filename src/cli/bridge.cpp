// SPDX-License-Identifier: MIT
#include "cli/bridge.hpp"

#include "cli/join_once.hpp"
#include "cli/operands.hpp"
#include "cli/session.hpp"

namespace fid::cli {

constexpr CommandText bridge_text{
    .name = "bridge",
    .summary = "join any two addresses, once",
    .operands = "A B",
    .notes =
        "Between two datagram sockets each datagram stays one datagram. From a datagram socket "
        "to a stream, contents follow each other without a mark; from a stream to a datagram "
        "socket, each read becomes one datagram.",
    .examples =
        "fid bridge fifo:/tmp/in tcp://127.0.0.1:9000\n"
        "fid bridge tcp-listen://127.0.0.1:9000 ./file,create -u --progress\n"
        "fid bridge 'exec:ssh host cat log' - -u",
};

void declare_operands(CLI::App& app, BridgeSettings& settings) {
  add_address(app, "A", settings.a, endpoint::Place::joins,
              "one side; a plain scheme connects, -listen accepts");
  add_address(app, "B", settings.b, endpoint::Place::joins, "the other side, opened the same way");
}

void declare_options(CLI::App& app, BridgeSettings& settings) {
  declare(app, settings.listening);
  declare(app, settings.connecting);
  declare(app, settings.join, {"from A to B", "from B to A"});
  declare(app, settings.output);
  declare_progress(app, settings.progress);
}

ExitStatus run(const BridgeSettings& settings, Console& console) {
  const auto a = read_address(settings.a, endpoint::Place::joins, console);
  const auto b = read_address(settings.b, endpoint::Place::joins, console);
  if (!a || !b) return ExitStatus::usage;
  const Passage way = passage(*a, *b, settings.join.transfer.direction);
  if (both_read_stdin(way, *a, *b)) {
    console.error("bridge", "two readers of stdin: only one of the sides may be");
    return ExitStatus::usage;
  }
  SessionSettings session{settings.output, settings.join};
  session.listening = &settings.listening;
  session.connecting = &settings.connecting;
  session.progress = settings.progress;
  session.total = expected_bytes(*a);
  session.uses_stdout = uses_stdout(way, *a, *b);
  return Session::run(console, session,
                      [&](Session& running) { return join_once(running, *a, *b, way); });
}

}  // namespace fid::cli
