// SPDX-License-Identifier: MIT
#pragma once

#include <fid/task/gather.hpp>
#include <fid/task/task.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace fid {

/// An operation as a task, to race or to bound it.
template <detail::Fallible Op>
auto as_task(Op operation)
    -> Task<std::remove_cvref_t<decltype(std::declval<Op&>().await_resume())>> {
  co_return co_await operation;
}

template <class T>
Task<T> as_task(Task<T> task) noexcept {
  return task;
}

namespace detail {

template <class A>
using TaskOf = decltype(as_task(std::declval<A>()));
template <class A>
using ValueOf = typename TaskOf<A>::value_type;
/// void has no objects: std::monostate stands for it in a tuple or variant.
template <class T>
using Regular = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
Regular<T> regular(Result<T>& result) {
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(*result);
  }
}

template <std::size_t... I, class... A>
Task<std::tuple<Regular<ValueOf<A>>...>> all(std::index_sequence<I...>, A... awaitables) {
  Gather gather(sizeof...(A));
  std::tuple<std::optional<Result<ValueOf<A>>>...> results;
  std::array<Branch, sizeof...(A)> branches;
  ((branches[I] = branch(std::move(awaitables), std::get<I>(results), gather, true)), ...);
  for (Branch& each : branches) {
    if (!gather.complete()) each.start(gather);
  }
  co_await gather;
  std::optional<Error> failure;
  const auto look = [&failure](auto& result) {
    if (result && !*result && !failure) failure = result->error();
  };
  (look(std::get<I>(results)), ...);
  if (failure) co_return fail(*failure);
  co_return std::tuple<Regular<ValueOf<A>>...>(regular(*std::get<I>(results))...);
}

template <std::size_t... I, class... A>
Task<std::variant<Regular<ValueOf<A>>...>> race(std::index_sequence<I...>, A... awaitables) {
  using Winner = std::variant<Regular<ValueOf<A>>...>;
  Gather gather(1);
  std::tuple<std::optional<Result<ValueOf<A>>>...> results;
  std::array<Branch, sizeof...(A)> branches;
  ((branches[I] = branch(std::move(awaitables), std::get<I>(results), gather, false)), ...);
  for (Branch& each : branches) {
    if (!gather.complete()) each.start(gather);
  }
  co_await gather;
  std::optional<Result<Winner>> winner;
  const auto look = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
    auto& result = std::get<N>(results);
    if (!result || winner) return;
    if (*result) {
      winner.emplace(Winner(std::in_place_index<N>, regular(*result)));
    } else {
      winner.emplace(fail(result->error()));
    }
  };
  (look(std::integral_constant<std::size_t, I>()), ...);
  co_return std::move(*winner);
}

}  // namespace detail

/// Runs tasks and operations side by side and gives all their values, std::monostate for void.
///
/// Errors: the first to fail ends it with that error; the others are cancelled.
/// Cancellation: cancels every one of them.
template <class... A>
auto all(A... awaitables) {
  return detail::all(std::index_sequence_for<A...>(), std::move(awaitables)...);
}

/// The same for any number of tasks of one kind.
inline Task<void> all(std::vector<Task<void>> tasks) {
  detail::Gather gather(tasks.size());
  std::vector<std::optional<Result<void>>> results(tasks.size());
  std::vector<detail::Branch> branches;
  branches.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    branches.push_back(detail::branch(std::move(tasks[i]), results[i], gather, true));
  }
  for (detail::Branch& each : branches) {
    if (!gather.complete()) each.start(gather);
  }
  co_await gather;
  for (const auto& result : results) {
    if (result && !*result) co_await fail(result->error());
  }
}

/// Runs tasks and operations side by side until the first has ended, and gives its value; which
/// one it was is the variant's index. The others are cancelled.
///
/// Errors: those of the one that ended first.
/// Cancellation: cancels every one of them.
template <class... A>
auto race(A... awaitables) {
  return detail::race(std::index_sequence_for<A...>(), std::move(awaitables)...);
}

}  // namespace fid
