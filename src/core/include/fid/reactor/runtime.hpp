// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/reactor.hpp>
#include <fid/task/task.hpp>

#include <coroutine>
#include <string_view>
#include <type_traits>
#include <utility>

namespace fid {

/// Runs `task` on the reactor in scope until it has ended, and gives its result.
template <class T>
Result<T> run_on(Reactor& reactor, Task<T> task) {
  const auto frame = task.frame();
  detail::PromiseBase& promise = frame.promise();
  // Nobody is to be resumed at the end; the loop below looks.
  promise.await_by(std::noop_coroutine(), nullptr);
  frame.resume();
  if (!promise.ended_while_starting()) {
    while (!promise.ended()) {
      if (auto turned = reactor.turn(); !turned) return fail(turned.error());
    }
  }
  return frame.promise().take_result();
}

/// Makes a reactor for this thread, runs the task that `make` returns, and gives its result.
///
/// `make` is called with the reactor in scope, so that sockets can be made in it.
template <class F>
auto run(F make, std::string_view selector = {})
    -> Result<typename std::invoke_result_t<F>::value_type> {
  auto reactor = Reactor::create(selector);
  if (!reactor) return fail(reactor.error());
  return run_on(**reactor, make());
}

}  // namespace fid
