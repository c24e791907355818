// SPDX-License-Identifier: MIT
#include "cli/relay.hpp"

namespace fid::cli {

constexpr CommandText relay_text{
    .name = "relay",
    .summary = "accept connections and pass each one on, until TERM",
    .operands = "LISTEN TARGET",
    .notes =
        "When one side ends its sending half, the other side's answer still arrives, however "
        "late. TERM stops accepting and lets open connections finish; a second TERM cuts them.",
    .examples =
        "fid relay tcp://127.0.0.1:2375 unix:/run/docker.sock\n"
        "fid relay unix:/tmp/db.sock,mode=0660 tcp://db.example.org:5432 --idle 10m\n"
        "fid relay tcp://127.0.0.1:0 tcp://[::1]:80 --ready-fd 1 --max-connections 1000",
};

void declare(CLI::App& app, RelaySettings& settings) {
  app.add_option("LISTEN", settings.listen, "where to accept, as tcp://:8080 or unix:/run/x.sock")
      ->required();
  app.add_option("TARGET", settings.target, "where each connection goes")->required();
  declare(app, settings.listening);
  declare_max_connections(app, settings.max_connections);
  declare(app, settings.connecting);
  declare(app, settings.join, {"LISTEN", "TARGET"});
  declare(app, settings.output);
}

}  // namespace fid::cli
