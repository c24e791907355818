// SPDX-License-Identifier: MIT
#include "endpoint/placement.hpp"

#include <optional>
#include <string>
#include <utility>

namespace fid::endpoint {
namespace {

SyntaxError at(std::size_t column, std::string message) {
  return {std::move(message), column, {}};
}

std::optional<SyntaxError> check_role(const Address& address, Place place) {
  const Kind& kind = *address.kind;
  if (place == Place::listens && !allows(kind.roles, Role::listen)) {
    return at(1, std::string(kind.name) +
                     " cannot listen, as this place does; to join two things once use bridge");
  }
  if (place == Place::connects && address.role == Role::listen) {
    if (!allows(kind.roles, Role::connect)) {
      return at(1, std::string(kind.name) + " listens, but this place connects");
    }
    return at(1, scheme_word(kind, Role::listen) + " listens, but this place connects: write " +
                     form(kind, Role::connect));
  }
  return {};
}

std::optional<SyntaxError> check_host(const Address& address) {
  if (address.kind->parameter != Parameter::host_port || address.role != Role::connect) return {};
  const std::string scheme(address.kind->name);
  if (address.host.empty()) {
    return at(address.parameter_column,
              "no host to connect to: write " + scheme + "://localhost:" + address.port);
  }
  if (address.host == "*") {
    return at(address.parameter_column, "* can be listened on, but not connected to");
  }
  if (address.port == "0") {
    return at(address.port_column, "port 0 can be listened on, but not connected to");
  }
  return {};
}

std::optional<SyntaxError> check_options(const Address& address) {
  for (const Option& option : address.options()) {
    if (allows(option.spec->roles, address.role)) continue;
    const std::string_view where = address.role == Role::connect ? " listens" : " connects";
    return at(option.column, std::string(option.spec->name)
                                 .append(" has an effect only where ")
                                 .append(address.kind->name)
                                 .append(where));
  }
  return {};
}

}  // namespace

Parsed<Address> placed(Address address, Place place) {
  if (auto error = check_role(address, place)) return *std::move(error);
  if (address.role == Role::by_place && place != Place::anywhere) {
    address.role = place == Place::listens ? Role::listen : Role::connect;
  }
  if (auto error = check_host(address)) return *std::move(error);
  if (auto error = check_options(address)) return *std::move(error);
  return address;
}

}  // namespace fid::endpoint
