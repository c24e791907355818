// SPDX-License-Identifier: MIT
#include "service/handler_thread.hpp"

#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/reactor/thread_signals.hpp>
#include <fid/task/event.hpp>

#include <exception>
#include <functional>
#include <system_error>
#include <utility>

namespace fid::service {

/// What there is on the thread.
class HandlerThread::Inside final : private Admission::Whole {
 public:
  Inside(Remote<HandlerThread> home, const Handling& handling, const Surroundings& around,
         const Admission& whole)
      : home_(std::move(home)),
        around_{around.events, around.log, live_, around.transfer, around.dump},
        admission_(whole, *this),
        handler_(handling, around_, admission_),
        reachable_(*this),
        reachable_live_(live_) {}

  There there() const { return {reachable_.remote(), reachable_live_.remote()}; }

  void handle(ConnectionId id, ConnectionPtr accepted, Handle spare) {
    spare = Handle();
    handler_.handle(id, std::move(accepted), Admission::Place(admission_));
  }

  void stop() { stop_.set(); }
  Event::WaitOp stopped() { return stop_.wait(); }

 private:
  void left() override {
    home_.post([](HandlerThread& thread) { thread.left(); });
  }
  void starves() override {
    home_.post([](HandlerThread& thread) { thread.admission_->starves(); });
  }
  void starves_no_more() override {
    home_.post([](HandlerThread& thread) { thread.admission_->starves_no_more(); });
  }

  Remote<HandlerThread> home_;
  LiveRelays live_;
  Surroundings around_;
  Admission admission_;
  ConnectionHandler handler_;
  Event stop_;
  Reachable<Inside> reachable_;
  Reachable<LiveRelays> reachable_live_;
};

/// A connection on its way to the thread.
struct HandlerThread::Passing {
  ConnectionPtr accepted;
  /// Kept for the other side, which takes a descriptor too. Without it more could be accepted at
  /// once than there will be descriptors for, all of them waiting for another to end.
  Handle spare;
};

HandlerThread::HandlerThread(Admission& admission, OnFailure on_failure)
    : admission_(&admission), on_failure_(std::move(on_failure)), reachable_(*this) {}

Result<std::unique_ptr<HandlerThread>> HandlerThread::start(const Handling& handling,
                                                            const Surroundings& around,
                                                            Admission& admission,
                                                            OnFailure on_failure) {
  std::unique_ptr<HandlerThread> made(new HandlerThread(admission, std::move(on_failure)));
  Started started;
  auto there = started.get_future();
  try {
    made->thread_ = std::thread(run, made->reachable_.remote(), std::move(started),
                                std::cref(handling), std::cref(around), std::cref(admission));
  } catch (const std::system_error& error) {
    return fail(error.code(), "pthread_create");
  }
  Result<There> result = there.get();
  if (!result) return fail(result.error());
  made->there_ = std::move(*result);
  return made;
}

void HandlerThread::run(const Remote<HandlerThread>& home, Started started,
                        const Handling& handling, const Surroundings& around,
                        const Admission& whole) {
  block_all_signals();
  bool serves = false;
  const auto serve = [&]() -> Task<void> {
    Inside inside(home, handling, around, whole);
    serves = true;
    started.set_value(inside.there());
    co_await inside.stopped();
  };
  try {
    const Result<void> ended = fid::run(serve);
    if (ended) return;
    if (serves) {
      home.post([error = ended.error()](HandlerThread& thread) { thread.failed(error); });
    } else {
      started.set_value(fail(ended.error()));
    }
  } catch (...) {
    // A bug, or no memory: it is for main() to say so.
    home.post([what = std::current_exception()](HandlerThread&) { std::rethrow_exception(what); });
  }
}

HandlerThread::~HandlerThread() {
  if (there_) there_->inside.post([](Inside& inside) { inside.stop(); });
  if (thread_.joinable()) thread_.join();
}

void HandlerThread::handle(ConnectionId id, ConnectionPtr accepted, Admission::Place place) {
  if (has_failed_) return;
  place.keep();
  ++open_;
  // Behind a pointer because what is posted can be copied.
  auto passing = std::make_shared<Passing>(Passing{std::move(accepted), Handle()});
  auto spare = os::duplicate(passing->accepted->loose->handle.get());
  if (spare) passing->spare = *std::move(spare);
  there_->inside.post([id, passing = std::move(passing)](Inside& inside) {
    inside.handle(id, std::move(passing->accepted), std::move(passing->spare));
  });
}

void HandlerThread::left() {
  --open_;
  admission_->left();
}

void HandlerThread::failed(const Error& error) {
  has_failed_ = true;
  // Those that were on their way there.
  while (open_ > 0) left();
  on_failure_(error);
}

}  // namespace fid::service
