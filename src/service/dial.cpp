// SPDX-License-Identifier: MIT
#include "service/dial.hpp"

#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>

#include <chrono>
#include <utility>

namespace fid::service {
namespace {

using endpoint::Address;
using endpoint::ConnectionPtr;
using endpoint::Parameter;

std::optional<Duration> time_for(const Address& address, const DialSettings& settings) {
  if (address.written("connect-timeout") != nullptr) return address.duration("connect-timeout");
  const bool has_one = address.duration("connect-timeout").has_value();
  return has_one ? settings.connect_timeout : std::nullopt;
}

}  // namespace

Task<ConnectionPtr> dial(const Address& address, const DialSettings& settings, Events& events) {
  const std::optional<Duration> time = time_for(address, settings);
  const std::int64_t retries = address.integer("retry").value_or(0);
  const Duration interval = address.duration("interval").value_or(std::chrono::seconds(1));
  for (std::int64_t attempt = 0;; ++attempt) {
    auto opening = with_deadline(time, endpoint::open(address, settings.context));
    auto opened = co_await as_result(std::move(opening));
    if (opened || attempt == retries) co_return std::move(opened);
    events.retry(address.url(), static_cast<unsigned>(attempt + 1), interval, opened.error());
    co_await sleep(interval);
  }
}

Stage opening_stage(const Address& address) {
  if (address.role == endpoint::Role::listen) return Stage::listen;
  switch (address.kind->parameter) {
    case Parameter::command:
      return Stage::exec;
    case Parameter::host_port:
    case Parameter::name:
      return Stage::connect;
    case Parameter::path:
      return address.kind->roles == endpoint::Roles::both ? Stage::connect : Stage::open;
    default:
      return Stage::open;
  }
}

}  // namespace fid::service
