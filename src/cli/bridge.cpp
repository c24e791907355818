// SPDX-License-Identifier: MIT
#include "cli/bridge.hpp"

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

void declare(CLI::App& app, BridgeSettings& settings) {
  app.add_option("A", settings.a, "one side: a plain scheme connects, -listen accepts one")
      ->required();
  app.add_option("B", settings.b, "the other side, opened the same way")->required();
  declare(app, settings.listening);
  declare(app, settings.connecting);
  declare(app, settings.join, {"A", "B"});
  declare(app, settings.output);
  declare_progress(app, settings.progress);
}

}  // namespace fid::cli
