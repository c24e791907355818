// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>

#include <system_error>

namespace fid::test {

/// What a result failed with; no error if it did not.
template <class T>
std::error_code code_of(const Result<T>& result) {
  return result ? std::error_code() : result.error().code;
}

}  // namespace fid::test
