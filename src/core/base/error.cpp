// SPDX-License-Identifier: MIT
#include "platform/error_names.hpp"

#include <fid/base/error.hpp>

namespace fid {
namespace {

class LibraryCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "fid"; }

  std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::unexpected_eof:
        return "unexpected end of stream";
      case Errc::write_zero:
        return "the writer accepts nothing more";
      case Errc::deadline_passed:
        return "deadline passed";
      case Errc::reactor_stopped:
        return "the reactor has stopped";
      case Errc::no_address:
        return "no address to use";
    }
    return "unknown error";
  }

  std::error_condition default_error_condition(int code) const noexcept override {
    switch (static_cast<Errc>(code)) {
      case Errc::deadline_passed:
        return std::errc::timed_out;
      case Errc::reactor_stopped:
        return std::errc::operation_canceled;
      case Errc::no_address:
        return std::errc::invalid_argument;
      default:
        return {code, *this};
    }
  }
};

class ResolverCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "resolver"; }
  std::string message(int code) const override { return platform::resolver_message(code); }
};

const char* library_name(int code) {
  switch (static_cast<Errc>(code)) {
    case Errc::unexpected_eof:
      return "UNEXPECTED_EOF";
    case Errc::write_zero:
      return "WRITE_ZERO";
    case Errc::deadline_passed:
      return "DEADLINE_PASSED";
    case Errc::reactor_stopped:
      return "REACTOR_STOPPED";
    case Errc::no_address:
      return "NO_ADDRESS";
  }
  return "UNKNOWN";
}

}  // namespace

const std::error_category& library_category() noexcept {
  static const LibraryCategory category;
  return category;
}

const std::error_category& resolver_category() noexcept {
  static const ResolverCategory category;
  return category;
}

std::error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), library_category()};
}

Error system_error(int number, std::string_view operation) noexcept {
  return {std::error_code(number, std::system_category()), operation};
}

std::string error_name(const std::error_code& code) {
  if (code.category() == library_category()) return library_name(code.value());
  if (code.category() == resolver_category()) return platform::resolver_name(code.value());
  if (code.category() == std::system_category() || code.category() == std::generic_category()) {
    return platform::system_name(code.value());
  }
  return std::string(code.category().name()) + ":" + std::to_string(code.value());
}

std::string describe(const Error& error) {
  std::string text;
  if (!error.operation.empty()) text.append(error.operation).append(": ");
  return text.append(error.code.message()).append(" (").append(error_name(error.code)).append(")");
}

}  // namespace fid
