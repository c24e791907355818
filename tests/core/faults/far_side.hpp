// SPDX-License-Identifier: MIT
#pragma once

#include "support/faults/injector.hpp"

#include <fid/base/bytes.hpp>
#include <fid/base/result.hpp>
#include <fid/task/task.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// What the other end does meanwhile, with calls that do not fail.
namespace fid::test {

/// Runs a part of an operation with calls that are neither counted nor changed.
template <class F>
auto untouched(F part) {
  const Injector::Untouched calls;
  return part();
}

template <class T>
Task<T> untouched_task(Task<T> part) {
  const Injector::Untouched calls;
  co_return co_await std::move(part);
}

/// Has room for so little that it never blocks.
template <class S>
void says(S& far, std::string_view text) {
  const Injector::Untouched calls;
  const auto written = far.attempt_write(as_bytes(text));
  EXPECT_TRUE(written && *written == text.size());
}

/// What there is to be heard, at most `most` characters.
template <class S>
std::string hears(S& far, std::size_t most) {
  const Injector::Untouched calls;
  std::string text(most, '\0');
  std::size_t have = 0;
  while (have < most) {
    const auto room = std::as_writable_bytes(std::span(text)).subspan(have);
    const Result<std::size_t> count = far.attempt_read(room);
    if (!count || *count == 0) break;
    have += *count;
  }
  text.resize(have);
  return text;
}

}  // namespace fid::test
