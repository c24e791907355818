// SPDX-License-Identifier: MIT
#include "cli/listen.hpp"

#include "cli/join_once.hpp"
#include "cli/operands.hpp"
#include "cli/serve_many.hpp"
#include "endpoint/registry.hpp"
#include "service/dial.hpp"
#include "service/kept_stream.hpp"

#include <memory>
#include <utility>

namespace fid::cli {

constexpr CommandText listen_text{
    .name = "listen",
    .summary = "accept and join to stdin and stdout or a command",
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

void declare_operands(CLI::App& app, ListenSettings& settings) {
  add_address(app, "ADDRESS", settings.address, endpoint::Place::listens,
              "where to accept: tcp://:8080, unix:/run/x.sock");
}

void declare_options(CLI::App& app, ListenSettings& settings) {
  CLI::Option* const keep_open =
      app.add_flag("-k,--keep-open", settings.keep_open,
                   "go on accepting after a client leaves; with CMD, serve many at once")
          ->group("Listening");
  declare(app, settings.listening);
  declare_max_connections(app, settings.max_connections);
  declare_exit_idle_time(app, settings.exit_idle_time)->needs(keep_open);
  declare(app, settings.join,
          {"from the client to stdout or CMD", "from stdin or CMD to the client"});
  declare_no_stdin(app, settings.no_stdin);
  declare(app, settings.output);
  declare_progress(app, settings.progress);
}

namespace {

using endpoint::Address;

/// Lends stdin and stdout to one client after another.
Task<service::Complaint> serve_with_stdio(Session& session, const ListenSettings& settings,
                                          const Address& from, const Address& stdio, Passage way) {
  const service::DialSettings dialing = session.dialing(way.b);
  auto opening = endpoint::open(stdio, dialing.context);
  auto opened = co_await as_result(std::move(opening));
  if (!opened) co_return complaint_at(stdio, opened.error());
  const StreamPtr stream = (*opened)->take_stream();
  auto lend = [&stream]() -> Task<endpoint::ConnectionPtr> {
    auto connection = std::make_unique<endpoint::Connection>();
    connection->stream = std::make_unique<service::KeptStream>(*stream);
    co_return connection;
  };
  service::ServeSettings serving;
  serving.max_connections = 1;
  serving.accept_timeout = settings.listening.accept_timeout;
  serving.exit_idle_time = settings.exit_idle_time;
  serving.one_target = true;
  auto served = serve_many(session, from, stdio, std::move(lend), serving);
  co_return co_await std::move(served);
}

/// Runs the command for each client, many at once.
Task<service::Complaint> serve_with_command(Session& session, const ListenSettings& settings,
                                            const Address& from, const Address& command,
                                            Passage way) {
  const service::DialSettings dialing = session.dialing(way.b);
  auto start = [&] { return service::dial(command, dialing, session.events()); };
  service::ServeSettings serving;
  serving.max_connections = settings.max_connections;
  serving.accept_timeout = settings.listening.accept_timeout;
  serving.exit_idle_time = settings.exit_idle_time;
  auto served = serve_many(session, from, command, std::move(start), serving);
  co_return co_await std::move(served);
}

}  // namespace

ExitStatus run(const ListenSettings& settings, Console& console) {
  const auto from = read_address(settings.address, endpoint::Place::listens, console);
  if (!from) return ExitStatus::usage;
  const auto to = settings.command.empty()
                      ? read_address("-", endpoint::Place::joins, console)
                      : std::optional(endpoint::command_address(settings.command));
  if (!to) return ExitStatus::usage;
  const bool has_command = !settings.command.empty();
  if (has_command && endpoint::is_left_out(*to->kind)) {
    console.error("listen", "commands are left out of this build of fid");
    return ExitStatus::usage;
  }
  const auto chosen = settings.no_stdin && !has_command ? service::Direction::a_to_b
                                                        : settings.join.transfer.direction;
  const Passage way = passage(*from, *to, chosen);
  JoinSettings join = settings.join;
  join.transfer.direction = way.direction;
  SessionSettings session{settings.output, join};
  session.listening = &settings.listening;
  session.progress = settings.progress;
  session.one_shot = !settings.keep_open;
  session.uses_stdout = uses_stdout(way, *from, *to);
  return Session::run(console, session, [&](Session& running) {
    if (!settings.keep_open) return join_once(running, *from, *to, way);
    const auto serve = has_command ? serve_with_command : serve_with_stdio;
    return serve(running, settings, *from, *to, way);
  });
}

}  // namespace fid::cli
