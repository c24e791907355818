// SPDX-License-Identifier: MIT
#include "cli/listen.hpp"

#include "cli/join_once.hpp"
#include "cli/session.hpp"
#include "service/dial.hpp"
#include "service/kept_stream.hpp"
#include "service/serve.hpp"

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

void declare(CLI::App& app, ListenSettings& settings) {
  app.add_option("ADDRESS", settings.address, "where to accept: tcp://:8080, unix:/run/x.sock")
      ->required();
  app.add_flag("-k,--keep-open", settings.keep_open,
               "go on accepting after a client leaves; with CMD, serve many at once")
      ->group("Listening");
  declare(app, settings.listening);
  declare_max_connections(app, settings.max_connections);
  declare(app, settings.join,
          {"from the client to stdout or CMD", "from stdin or CMD to the client"});
  declare_no_stdin(app, settings.no_stdin);
  declare(app, settings.output);
  declare_progress(app, settings.progress);
}

namespace {

/// Serves until stopped: many at once with a command, one after another with stdin and stdout.
Task<service::Complaint> serve(Session& session, const ListenSettings& settings,
                               const endpoint::Address& from, const endpoint::Address& to) {
  auto listening = session.listen(from);
  auto listener = co_await as_result(std::move(listening));
  if (!listener) co_return complaint_at(from, listener.error());
  if (auto complaint = session.announce((*listener)->urls())) co_return std::move(*complaint);

  const bool lends_stdio = settings.command.empty();
  service::DialSettings dialing =
      session.dialing(settings.no_stdin ? endpoint::Access::write : endpoint::Access::both);
  StreamPtr stdio;
  if (lends_stdio) {
    auto opening = endpoint::open(to, dialing.context);
    auto opened = co_await as_result(std::move(opening));
    if (!opened) co_return complaint_at(to, opened.error());
    stdio = opened->take_stream();
  }
  service::ServeSettings serving;
  serving.max_connections = settings.max_connections;
  serving.accept_timeout = settings.listening.accept_timeout;
  serving.one_target = lends_stdio;
  if (lends_stdio) serving.max_connections = 1;
  const auto lend = [&]() -> Task<endpoint::Connection> {
    endpoint::Connection connection;
    connection.stream = std::make_unique<service::KeptStream>(*stdio);
    co_return connection;
  };
  const auto start = [&] { return service::dial(to, dialing, session.events()); };
  service::Service::Reach reach;
  if (lends_stdio) {
    reach = lend;
  } else {
    reach = start;
  }
  service::Service service(from, to, std::move(reach), serving, session.around());
  co_return co_await service.run(std::move(*listener), session.shutdown());
}

}  // namespace

ExitStatus run(const ListenSettings& settings, Console& console) {
  const auto from = read_address(settings.address, endpoint::Place::listens, console);
  if (!from) return ExitStatus::usage;
  const auto to = settings.command.empty()
                      ? read_address("-", endpoint::Place::joins, console)
                      : std::optional(endpoint::command_address(settings.command));
  if (!to) return ExitStatus::usage;
  SessionSettings session{settings.output, settings.join};
  session.listening = &settings.listening;
  session.progress = settings.progress;
  session.one_shot = !settings.keep_open;
  session.uses_stdout = settings.command.empty();
  const auto direction = settings.no_stdin && settings.command.empty()
                             ? service::Direction::a_to_b
                             : settings.join.transfer.direction;
  return Session::run(console, session, [&](Session& running) {
    return settings.keep_open ? serve(running, settings, *from, *to)
                              : join_once(running, *from, *to, direction);
  });
}

}  // namespace fid::cli
