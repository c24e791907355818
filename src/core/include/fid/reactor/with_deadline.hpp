// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace fid {

namespace detail {

template <class T>
Task<T> bounded(Duration duration, Task<T> task) {
  auto first = co_await race(std::move(task), sleep(duration));
  if constexpr (std::is_void_v<T>) {
    if (first.index() == 1) co_await fail(Errc::deadline_passed, "wait");
  } else {
    if (first.index() == 1) co_return fail(Errc::deadline_passed, "wait");
    co_return std::get<0>(std::move(first));
  }
}

}  // namespace detail

/// Gives what `awaitable` gives, or fails with deadline_passed once `duration` has gone by, and
/// cancels it. Without a duration it only awaits.
template <class A>
auto with_deadline(std::optional<Duration> duration, A awaitable) -> Task<detail::ValueOf<A>> {
  auto task = as_task(std::move(awaitable));
  return duration ? detail::bounded(*duration, std::move(task)) : std::move(task);
}

}  // namespace fid
