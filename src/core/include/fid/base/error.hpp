// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>

#include <string>
#include <system_error>

namespace fid {

/// Failures that no system call reports.
enum class Errc {
  unexpected_eof = 1,  ///< the stream ended before what was asked for had arrived
  write_zero,          ///< a writer took nothing of a buffer that was not empty
  deadline_passed,     ///< with_deadline(): the time was up
  reactor_stopped,     ///< the reactor is gone; nothing will ever become ready (G12)
  no_address,          ///< a name or a list gave no address to use
};

/// The codes of Errc.
const std::error_category& library_category() noexcept;
std::error_code make_error_code(Errc code) noexcept;

/// Codes of getaddrinfo(3). EAI_SYSTEM never appears here: it is reported as the errno behind it.
const std::error_category& resolver_category() noexcept;

/// As fail() of other codes.
inline Failure fail(Errc code, std::string_view operation) {
  return fail(make_error_code(code), operation);
}

/// A failed system call: `number` is errno. errno(3)
Error system_error(int number, std::string_view operation) noexcept;

/// The code's symbolic name: "ECONNREFUSED", "EAI_NONAME", "DEADLINE_PASSED".
std::string error_name(const std::error_code& code);

/// One line for people: `connect: Connection refused (ECONNREFUSED)`.
std::string describe(const Error& error);

}  // namespace fid

template <>
struct std::is_error_code_enum<fid::Errc> : std::true_type {};
