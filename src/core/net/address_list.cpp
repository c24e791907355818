// SPDX-License-Identifier: MIT
#include <fid/net/address_list.hpp>

#include <algorithm>
#include <charconv>

namespace fid {
namespace {

bool all_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::uint16_t> port_of(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, port);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return port;
}

bool holds_nul(std::string_view text) noexcept {
  return text.find('\0') != std::string_view::npos;
}

}  // namespace

AddressList::AddressList(std::string_view host, std::string_view service)
    : valid_(!service.empty() && !holds_nul(host) && !holds_nul(service)),
      by_name_(true),
      host_(host),
      service_(service) {
  const auto port = port_of(service);
  if (all_digits(service) && !port) valid_ = false;
  const auto ip = IpAddr::parse(host);
  if (!ip || !port) return;
  by_name_ = false;
  addresses_ = {SocketAddr(*ip, *port)};
}

AddressList::AddressList(std::string_view host_and_port) : by_name_(true) {
  if (const auto literal = SocketAddr::parse(host_and_port)) {
    by_name_ = false;
    addresses_ = {*literal};
    return;
  }
  const std::size_t colon = host_and_port.rfind(':');
  valid_ = colon != std::string_view::npos && !holds_nul(host_and_port) &&
           port_of(host_and_port.substr(colon + 1));
  if (!valid_) return;
  std::string_view host = host_and_port.substr(0, colon);
  // A literal with a scope by name; only those have brackets, and without them no host a colon.
  const bool in_brackets = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (in_brackets) host = host.substr(1, host.size() - 2);
  valid_ = in_brackets == (host.find(':') != std::string_view::npos);
  host_ = host;
  service_ = host_and_port.substr(colon + 1);
}

std::optional<Result<std::vector<SocketAddr>>> AddressList::known() const {
  if (!valid_) return fail(std::errc::invalid_argument, "address");
  if (by_name_) return std::nullopt;
  return addresses_;
}

}  // namespace fid
