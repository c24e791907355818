// SPDX-License-Identifier: MIT
#include "cli/listen.hpp"

namespace fid::cli {

constexpr CommandText listen_text{
    .name = "listen",
    .summary = "accept connections and join them to stdio or a command",
    .operands = "ADDRESS [-- CMD [ARG...]]",
    .notes =
        "The words after -- are the command, as they stand: no shell, no quoting. It runs once "
        "for each connection, with the connection as its stdin and stdout; without -k its exit "
        "status becomes fid's.",
    .examples =
        "fid listen tcp://127.0.0.1:8080\n"
        "fid listen tcp://127.0.0.1:7000 -k -- tr a-z A-Z\n"
        "fid listen unix:/run/user/1000/in.sock,mode=0600 -u > received",
};

void declare(CLI::App& app, ListenSettings& settings) {
  app.add_option("ADDRESS", settings.address, "where to accept, as tcp://:8080 or unix:/run/x.sock")
      ->required();
  app.add_flag("-k,--keep-open", settings.keep_open,
               "go on accepting after a client leaves; with CMD, serve many at once")
      ->group("Listening");
  declare(app, settings.listening);
  declare_max_connections(app, settings.max_connections);
  declare(app, settings.join, {"the client", "stdout or CMD"});
  declare_no_stdin(app, settings.no_stdin);
  declare(app, settings.output);
  declare_progress(app, settings.progress);
}

}  // namespace fid::cli
