// SPDX-License-Identifier: MIT
#include "cli/bench.hpp"

#include "cli/choice.hpp"
#include "cli/operands.hpp"
#include "cli/session.hpp"
#include "cli/units.hpp"
#include "service/load/far_end.hpp"
#include "service/load/generator.hpp"
#include "service/load/plot.hpp"
#include "service/load/report.hpp"
#include "service/one_shot.hpp"

#include <fid/reactor/sleep.hpp>
#include <fid/task/task_group.hpp>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fid::cli {

constexpr CommandText bench_text{
    .name = "bench",
    .summary = "put load on an address or a relay, and measure it",
    .operands = "TARGET | --relay NEAR FAR",
    .notes =
        "ping-pong and connect-close need a TARGET that sends back what it is sent; bulk one that "
        "reads, or with --download one that writes. With --relay fid is both ends itself: it "
        "connects to NEAR, where the relay listens, and listens at FAR, where it connects. The "
        "same "
        "address twice measures what this machine does without a relay.\n"
        "At a --rate an operation that could not begin in time counts from when it was due, so "
        "that "
        "a pause of the other side shows in full.",
    .examples =
        "fid bench tcp://127.0.0.1:7 --connections 32\n"
        "fid bench --relay tcp://127.0.0.1:9000 tcp://127.0.0.1:9001 --mode bulk\n"
        "fid bench unix:/run/echo.sock --rate 5000 --duration 30s --svg latency.svg",
};

void declare_operands(CLI::App& app, BenchSettings& settings) {
  add_address(app, "TARGET", settings.target, endpoint::Place::connects,
              "where to connect; of a relay, where it listens");
  add_address(app, "FAR", settings.far, endpoint::Place::listens,
              "with --relay: where to listen for what the relay connects")
      ->required(false);
}

void declare_options(CLI::App& app, BenchSettings& settings) {
  using service::load::Mode;
  constexpr const char* load_group = "Load";
  app.add_flag("--relay", settings.relay, "measure a relay, from both of its ends")
      ->group(load_group);
  add_choice<Mode>(app, "--mode", settings.load.mode,
                   {{"ping-pong", Mode::ping_pong},
                    {"connect-close", Mode::connect_close},
                    {"bulk", Mode::bulk}},
                   "round trips (the default), conversations on new connections, or bytes")
      ->group(load_group);
  app.add_option("-c,--connections", settings.load.connections, "how many at a time; 1")
      ->type_name("N")
      ->check(at_least(1))
      ->group(load_group);
  add_duration(app, "-d,--duration", settings.load.duration, "how long to measure; 10s")
      ->group(load_group);
  add_duration(app, "--warm-up", settings.load.warm_up, "how long to run before that; 1s")
      ->group(load_group);
  add_size(app, "--size", settings.size,
           "bytes of a message, 64; in bulk of what is written at once, 256KiB")
      ->group(load_group);
  app.add_option("--rate", settings.rate,
                 "begin N round trips or conversations a second, all connections together")
      ->type_name("N")
      ->check(at_least(1))
      ->group(load_group);
  app.add_flag("--download", settings.load.download, "bulk: read what comes instead of writing")
      ->group(load_group);
  declare(app, settings.connecting);
  app.add_flag("--json", settings.json, "print figures as one JSON object instead of a table")
      ->group("Output");
  app.add_option("--svg", settings.svg, "draw latencies by percentile into a file")
      ->type_name("FILE")
      ->group("Output");
  declare(app, settings.output);
  declare_progress(app, settings.progress);
}

namespace {

using endpoint::Address;
using service::Complaint;
using service::load::FarEnd;
using service::load::Generator;
using service::load::Mode;
using service::load::Outcome;

constexpr std::size_t usual_chunk = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds progress_interval{250};

/// Why these settings cannot be; nothing if they can.
std::string_view contradiction(const BenchSettings& settings) {
  const bool bulk = settings.load.mode == Mode::bulk;
  if (settings.relay && settings.far.empty()) {
    return "--relay takes two addresses: where the relay listens, and where it connects";
  }
  if (!settings.relay && !settings.far.empty()) return "a second address needs --relay";
  if (settings.rate && bulk) return "--rate is of round trips and conversations, not of bulk";
  if (!settings.svg.empty() && bulk) return "--svg draws latencies, and bulk has none";
  if (settings.load.download && !bulk) return "--download is for --mode bulk";
  if (settings.load.duration <= Duration::zero()) return "--duration is longer than 0";
  if (settings.size == 0 && settings.load.mode != Mode::connect_close) {
    return "--size 0 is for --mode connect-close";
  }
  if (settings.size.value_or(0) > service::load::longest_message) {
    return "--size is at most 64MiB";
  }
  return {};
}

bool carries_connections(const Address& address, const std::string& text, Console& console) {
  using endpoint::Parameter;
  const Parameter parameter = address.kind->parameter;
  if (address.kind->traffic == endpoint::Traffic::stream &&
      (parameter == Parameter::host_port || parameter == Parameter::path ||
       parameter == Parameter::name || address.role == endpoint::Role::listen)) {
    return true;
  }
  console.error(text, "bench measures connections of streams, as tcp and unix have them");
  return false;
}

/// Where the picture goes: opened before the measurement, lest it be in vain.
class PlotFile {
 public:
  static Result<PlotFile> open(const std::string& path) {
    PlotFile made;
    if (path.empty()) return made;
    made.file_.reset(std::fopen(path.c_str(), "w"));
    if (!made.file_) return fail(system_error(errno, "open"));
    return made;
  }

  bool is_wanted() const noexcept { return file_ != nullptr; }

  Result<void> write(const std::string& text) {
    std::FILE* const file = file_.release();
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const int why = errno;
    if (std::fclose(file) != 0) return fail(system_error(errno, "write"));
    if (!written) return fail(system_error(why, "write"));
    return {};
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
};

/// Draws how far it has come, until cancelled; then wipes the line.
Task<void> show_progress(const Generator& generator, const service::load::Settings& settings) {
  class Wipe {
   public:
    Wipe() = default;
    Wipe(const Wipe&) = delete;
    Wipe& operator=(const Wipe&) = delete;
    ~Wipe() { std::cerr << "\r\x1b[K" << std::flush; }
  };
  const Wipe wipe;
  service::load::Progress before;
  for (;;) {
    const service::load::Progress now = generator.progress();
    std::cerr << "\r" << service::load::progress_line(now, before, settings) << "\x1b[K"
              << std::flush;
    before = now;
    co_await sleep(progress_interval);
  }
}

struct Ends {
  Address target;
  std::optional<Address> far;  ///< of a relay
};

/// Sets up the far end, if it is ours, and makes the load. `outcome` has what was measured, also if
/// this is cut short.
Task<Complaint> measure(Session& session, const Ends& ends, const service::load::Settings& load,
                        bool shows_progress, Outcome& outcome) {
  const service::DialSettings dialing = session.dialing();
  std::unique_ptr<FarEnd> far;
  if (ends.far) {
    auto started = FarEnd::start(*ends.far, dialing.context, load);
    if (!started) co_return complaint_at(*ends.far, started.error());
    far = std::move(*started);
    for (const std::string& url : far->urls()) session.events().listening(url);
    if (auto complaint = session.announce(far->urls())) co_return std::move(*complaint);
  }
  const Generator::Place place{ends.target, dialing, session.events(), far.get()};
  Generator generator(place, load);
  class Keep {
   public:
    Keep(const Generator& from, Outcome& into) : from_(from), into_(into) {}
    Keep(const Keep&) = delete;
    Keep& operator=(const Keep&) = delete;
    ~Keep() { into_ = from_.outcome(); }

   private:
    const Generator& from_;
    Outcome& into_;
  };
  const Keep keep(generator, outcome);
  TaskGroup progress;
  if (shows_progress) progress.add(show_progress(generator, load));
  auto running = generator.run();
  co_return co_await std::move(running);
}

/// Where each operand stands; nothing, and said why, if one is wrong.
std::optional<Ends> read_ends(const BenchSettings& settings, Console& console) {
  auto target = read_address(settings.target, endpoint::Place::connects, console);
  if (!target || !carries_connections(*target, settings.target, console)) return std::nullopt;
  Ends ends{std::move(*target), std::nullopt};
  if (!settings.relay) return ends;
  ends.far = read_address(settings.far, endpoint::Place::listens, console);
  if (!ends.far || !carries_connections(*ends.far, settings.far, console)) return std::nullopt;
  return ends;
}

}  // namespace

ExitStatus run(const BenchSettings& settings, Console& console) {
  if (const auto why = contradiction(settings); !why.empty()) {
    console.error(bench_text.name, why);
    return ExitStatus::usage;
  }
  const auto ends = read_ends(settings, console);
  if (!ends) return ExitStatus::usage;
  auto plot = PlotFile::open(settings.svg);
  if (!plot) {
    console.error("--svg " + settings.svg, plot.error());
    return service::status_of(service::Stage::open, plot.error());
  }
  service::load::Settings load = settings.load;
  if (load.mode == Mode::bulk) load.size = usual_chunk;
  if (settings.size) load.size = *settings.size;
  if (settings.rate) load.rate = *settings.rate;

  Outcome outcome;
  const JoinSettings nothing_joined;
  SessionSettings session{settings.output, nothing_joined};
  session.connecting = &settings.connecting;
  const bool shows_progress = settings.progress == When::always ||
                              (settings.progress == When::automatic && console.on_terminal());
  const ExitStatus status = Session::run(console, session, [&](Session& running) {
    return service::run_once(measure(running, *ends, load, shows_progress, outcome),
                             running.shutdown(), running.around());
  });
  if (ends->far) {
    const bool is_direct = ends->far->url() == ends->target.url();
    outcome.far = is_direct ? outcome.target : ends->far->display();
  }
  // What was measured until something went wrong is worth having too.
  if (outcome.operations == 0 && outcome.bytes == 0) return status;
  console.print(settings.json ? service::load::json(outcome) : service::load::table(outcome));
  if (plot->is_wanted()) {
    if (auto written = plot->write(service::load::latency_plot(outcome)); !written) {
      console.error("--svg " + settings.svg, written.error());
      return status == ExitStatus::complete ? ExitStatus::failed : status;
    }
  }
  return status;
}

}  // namespace fid::cli
