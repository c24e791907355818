// SPDX-License-Identifier: MIT
#include "cli/session.hpp"

#include "endpoint/native_syntax.hpp"
#include "service/admission.hpp"
#include "service/one_shot.hpp"
#include "service/progress.hpp"
#include "service/serve.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/reactor/with_deadline.hpp>
#include <fid/sys/process.hpp>
#include <fid/task/task_group.hpp>

#include <iostream>
#include <string_view>
#include <utility>

namespace fid::cli {

using endpoint::Access;
using endpoint::Address;
using endpoint::ConnectionPtr;
using endpoint::ListenerPtr;
using service::Complaint;

namespace {

/// The socket that a `listen-fd` address names. The inherited descriptor stays open: what is given
/// is a duplicate.
Result<Handle> inherited_socket(const Address& address,
                                const endpoint::InheritedListeners& inherited) {
  if (address.fd) {
    const auto socket = endpoint::InheritedListeners::check(*address.fd);
    return socket ? os::duplicate(socket->handle) : fail(socket.error());
  }
  const auto sockets = inherited.find(address.name);
  return sockets ? os::duplicate(sockets->front().handle) : fail(sockets.error());
}

}  // namespace

std::optional<Address> read_address(const std::string& text, endpoint::Place place,
                                    Console& console) {
  auto address = endpoint::parse_native(text, place);
  if (!address) {
    console.error(text.empty() ? "''" : text, address.error().text());
    return std::nullopt;
  }
  for (const std::string& note : address->notes()) console.log().info("{}: {}", text, note);
  return std::move(*address);
}

Complaint complaint_at(const Address& address, const Error& error) {
  Complaint complaint;
  const service::Stage stage = service::opening_stage(address);
  complaint.status = service::status_of(stage, error);
  complaint.where = address.display();
  complaint.error = error;
  // A deadline of ours names no system call; what was being done says more.
  if (error.code == make_error_code(Errc::deadline_passed) && error.operation == "wait") {
    complaint.error.operation = service::name_of(stage);
  }
  return complaint;
}

Session::Session(Console& console, const SessionSettings& settings)
    : console_(console),
      settings_(settings),
      around_{events_, console.log(), live_, settings.join.transfer} {}

ExitStatus Session::run(Console& console, const SessionSettings& settings, const Work& work) {
  const auto mixes = [&](std::string_view option, std::string_view where) {
    if (!settings.uses_stdout || (where != "-" && where != "1")) return false;
    console.error(option, "stdout carries the payload; name a file or another descriptor");
    return true;
  };
  if (mixes("--events", settings.output.events)) return ExitStatus::usage;
  if (settings.join.dump && mixes("--dump", settings.join.dump->file)) return ExitStatus::usage;
  Session session(console, settings);
  auto events = service::Events::open(settings.output.events);
  if (!events) {
    console.error("--events " + settings.output.events, events.error());
    return service::status_of(service::Stage::open, events.error());
  }
  session.events_ = std::move(*events);
  if (const auto& dump = settings.join.dump) {
    auto sink = service::LineSink::open(dump->file.empty() ? "2" : dump->file);
    if (!sink) {
      console.error("--dump " + dump->file, sink.error());
      return service::status_of(service::Stage::open, sink.error());
    }
    session.dump_.emplace(std::move(*sink), dump->format, !settings.one_shot);
    session.around_.dump = &*session.dump_;
  }
  const auto done = fid::run([&]() -> Task<Complaint> { return session.supervised(work); });
  Complaint complaint;
  if (done) {
    complaint = *done;
  } else {
    const bool is_shortage = service::Admission::is_exhaustion(done.error());
    complaint.status = is_shortage ? ExitStatus::not_opened : ExitStatus::internal;
    complaint.where = is_shortage ? "starting" : "internal fault";
    complaint.error = done.error();
  }
  if (!complaint.text.empty()) {
    console.error(complaint.where, complaint.text);
  } else if (complaint.error.code) {
    session.events_.error(complaint.error, complaint.where);
    console.error(complaint.where, complaint.error);
  }
  session.events_.exit(complaint.status);
  return complaint.status;
}

Task<Complaint> Session::supervised(const Work& work) {
  Complaint complaint;
  complaint.status = ExitStatus::usage;
  if (const ListeningSettings* listening = settings_.listening; listening && listening->ready_fd) {
    auto ready = service::ReadyDescriptor::adopt(*listening->ready_fd);
    if (!ready) {
      complaint.where = "--ready-fd " + std::to_string(*listening->ready_fd);
      complaint.error = ready.error();
      co_return complaint;
    }
    ready_.emplace(std::move(*ready));
  }
  auto supervisor = service::Supervisor::from_environment();
  if (!supervisor) {
    complaint.where = "NOTIFY_SOCKET";
    complaint.error = supervisor.error();
    co_return complaint;
  }
  supervisor_ = std::move(*supervisor);

  auto inherited = endpoint::InheritedListeners::from_environment();
  if (!inherited) {
    complaint.where = "LISTEN_FDS";
    complaint.error = inherited.error();
    co_return complaint;
  }
  inherited_ = std::move(*inherited);

  service::DrainSettings drain;
  drain.drain = settings_.join.drain;
  drain.one_shot = settings_.one_shot;
  auto shutdown = service::Shutdown::create(drain, [this] { live_.report(events_); });
  if (!shutdown) co_return fail(shutdown.error());
  shutdown_.emplace(std::move(*shutdown));

  TaskGroup watchdog;
  if (supervisor_.watchdog_interval()) watchdog.add(keep_watchdog_quiet());
  TaskGroup progress;
  if (shows_progress()) {
    progress.add(service::show_progress(
        live_, settings_.total, [](std::string_view text) { std::cerr << text << std::flush; }));
  }
  complaint = co_await work(*this);
  static_cast<void>(supervisor_.stopping());
  co_return complaint;
}

bool Session::shows_progress() const {
  return settings_.progress == When::always ||
         (settings_.progress == When::automatic && console_.on_terminal());
}

Task<void> Session::keep_watchdog_quiet() {
  for (;;) {
    static_cast<void>(supervisor_.alive());
    co_await sleep(*supervisor_.watchdog_interval());
  }
}

service::DialSettings Session::dialing(Access access) const {
  service::DialSettings dialing;
  if (settings_.connecting != nullptr) {
    dialing.connect_timeout = settings_.connecting->connect_timeout;
  }
  dialing.context.access = access;
  // What a terminal sends its group when someone interrupts us would cut short the draining.
  dialing.context.own_group = !settings_.one_shot;
  dialing.context.names = events_.is_on() || console_.log().should_log(spdlog::level::info);
  dialing.context.inherited = [this](const Address& address) {
    return inherited_socket(address, inherited_);
  };
  return dialing;
}

Task<ListenerPtr> Session::listen(const Address& address) {
  const service::DialSettings dialing = this->dialing();
  ListenerPtr listener = co_await endpoint::listen(address, dialing.context);
  for (const std::string& url : listener->urls()) {
    events_.listening(url, listener->mode());
    console_.log().info("listening on {}", url);
  }
  co_return listener;
}

std::optional<Complaint> Session::announce(const std::vector<std::string>& urls) {
  if (!urls.empty()) events_.ready(os::process_id(), urls);
  if (settings_.listening == nullptr) return std::nullopt;
  if (const std::string& path = settings_.listening->port_file; !path.empty()) {
    auto file = service::PortFile::write(path, urls);
    if (!file) {
      Complaint complaint;
      complaint.status = service::status_of(service::Stage::open, file.error());
      complaint.where = "--port-file " + path;
      complaint.error = file.error();
      return complaint;
    }
    port_file_.emplace(std::move(*file));
  }
  if (ready_) {
    // Whoever asked to be told may have gone; clients may come all the same.
    if (auto told = ready_->announce(urls); !told) {
      console_.log().warn("--ready-fd: {}", describe(told.error()));
    }
    ready_.reset();
  }
  if (auto told = supervisor_.ready(urls.empty() ? "ready" : "listening on " + urls.front());
      !told) {
    console_.log().warn("NOTIFY_SOCKET: {}", describe(told.error()));
  }
  return std::nullopt;
}

Task<ConnectionPtr> Session::open(service::ConnectionId id, const Address& address, Access access,
                                  ListenerPtr listener) {
  const TimePoint since = Clock::now();
  if (listener) {
    auto accepting =
        service::accept_within(settings_.listening->accept_timeout, *listener, address, around_);
    ConnectionPtr accepted = co_await std::move(accepting);
    co_await accepted->adopt();
    service::report_opened(around_, id, true, address, *accepted, Clock::now() - since);
    co_return accepted;
  }
  const service::DialSettings dialing = this->dialing(access);
  ConnectionPtr opened = co_await service::dial(address, dialing, events_);
  service::report_opened(around_, id, false, address, *opened, Clock::now() - since);
  co_return opened;
}

}  // namespace fid::cli
