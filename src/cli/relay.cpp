// SPDX-License-Identifier: MIT
#include "cli/relay.hpp"

#include "cli/operands.hpp"
#include "cli/passage.hpp"
#include "cli/serve_many.hpp"
#include "cli/units.hpp"
#include "service/dial.hpp"

#include <fid/base/os_processors.hpp>

#include <algorithm>
#include <utility>

namespace fid::cli {

namespace {

/// More than any machine has processors that one service could keep busy.
constexpr int most_threads = 1024;

/// `4`, `auto`
std::string read_threads(const std::string& word, std::size_t& threads) {
  if (word == "auto") {
    threads = std::min<std::size_t>(os::usable_processors(), most_threads);
    return {};
  }
  const auto number = whole_number(word);
  if (!number || *number < 1 || *number > most_threads) {
    return "'" + word + "' is neither auto nor a number from 1 to " + std::to_string(most_threads);
  }
  threads = static_cast<std::size_t>(*number);
  return {};
}

void declare_threads(CLI::App& app, std::size_t& threads) {
  const auto take = [&threads](const std::string& word) {
    const std::string complaint = read_threads(word, threads);
    if (!complaint.empty()) throw CLI::ValidationError("--threads", complaint);
  };
  app.add_option_function<std::string>(
         "--threads", take, "serve on N threads, 1 unless said; auto: as many as processors")
      ->type_name("N|auto")
      ->group("Listening");
}

}  // namespace

constexpr CommandText relay_text{
    .name = "relay",
    .summary = "accept connections and pass each of them on",
    .operands = "LISTEN TARGET",
    .notes =
        "When one side ends its sending half, the other side's answer still arrives, however "
        "late. TERM stops accepting and lets open connections finish; a second TERM cuts them.",
    .examples =
        "fid relay tcp://127.0.0.1:2375 unix:/run/docker.sock\n"
        "fid relay unix:/tmp/db.sock,mode=0660 tcp://db.example.org:5432 --idle 10m\n"
        "fid relay tcp://127.0.0.1:0 tcp://[::1]:80 --ready-fd 1 --max-connections 1000\n"
        "fid relay tcp://:6432 tcp://db.example.org:5432 --threads auto",
};

void declare_operands(CLI::App& app, RelaySettings& settings) {
  add_address(app, "LISTEN", settings.listen, endpoint::Place::listens,
              "where to accept: tcp://:8080, unix:/run/x.sock");
  add_address(app, "TARGET", settings.target, endpoint::Place::connects,
              "where each connection goes");
}

void declare_options(CLI::App& app, RelaySettings& settings) {
  declare(app, settings.listening);
  declare_max_connections(app, settings.max_connections);
  declare_exit_idle_time(app, settings.exit_idle_time);
  declare_threads(app, settings.threads);
  declare(app, settings.connecting);
  declare(app, settings.join, {"from LISTEN to TARGET", "from TARGET to LISTEN"});
  declare(app, settings.output);
}

ExitStatus run(const RelaySettings& settings, Console& console) {
  const auto from = read_address(settings.listen, endpoint::Place::listens, console);
  if (!from) return ExitStatus::usage;
  const auto to = read_address(settings.target, endpoint::Place::connects, console);
  if (!to) return ExitStatus::usage;
  if (to->kind->parameter == endpoint::Parameter::none) {
    console.error("relay", "many connections cannot share stdin and stdout; see fid listen -k");
    return ExitStatus::usage;
  }
  const Passage way = passage(*from, *to, settings.join.transfer.direction);
  JoinSettings join = settings.join;
  join.transfer.direction = way.direction;
  SessionSettings session{settings.output, join};
  session.listening = &settings.listening;
  session.connecting = &settings.connecting;
  session.one_shot = false;
  session.uses_stdout = uses_stdout(way, *from, *to);
  return Session::run(console, session, [&](Session& running) -> Task<service::Complaint> {
    service::ServeSettings serving;
    serving.max_connections = settings.max_connections;
    serving.accept_timeout = settings.listening.accept_timeout;
    serving.exit_idle_time = settings.exit_idle_time;
    serving.threads = settings.threads;
    const service::DialSettings dialing = running.dialing(way.b);
    auto reach = [&] { return service::dial(*to, dialing, running.events()); };
    auto served = serve_many(running, *from, *to, std::move(reach), serving);
    co_return co_await std::move(served);
  });
}

}  // namespace fid::cli
