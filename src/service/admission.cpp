// SPDX-License-Identifier: MIT
#include "service/admission.hpp"

#include <fid/reactor/with_deadline.hpp>

#include <chrono>

namespace fid::service {
namespace {

// Long enough that waiting costs nothing, short enough not to be noticed when it was in vain.
constexpr std::chrono::milliseconds patience{250};

Task<void> wait_for(Event& event) {
  co_await event.wait();
}

}  // namespace

Task<void> Admission::wait_for_place() {
  while (starving_ > 0 || (most_ && served() >= *most_)) co_await left_.wait();
}

Task<void> Admission::wait_until_empty() {
  while (served() > 0) co_await left_.wait();
}

Task<void> Admission::wait_for_descriptors() {
  auto waiting = with_deadline(patience, wait_for(left_));
  const auto result = co_await as_result(std::move(waiting));
  if (!result && result.error().code != make_error_code(Errc::deadline_passed)) {
    co_await fail(result.error());
  }
}

void Admission::left() {
  count(-1);
  if (whole_ != nullptr) whole_->left();
  left_.wake_all();
}

void Admission::starves() {
  ++starving_;
  if (whole_ != nullptr) whole_->starves();
}

void Admission::starves_no_more() {
  --starving_;
  if (whole_ != nullptr) whole_->starves_no_more();
  left_.wake_all();
}

bool Admission::is_exhaustion(const Error& error) noexcept {
  const std::error_code& code = error.code;
  return code == std::errc::too_many_files_open ||
         code == std::errc::too_many_files_open_in_system || code == std::errc::no_buffer_space ||
         code == std::errc::not_enough_memory;
}

}  // namespace fid::service
