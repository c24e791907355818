// SPDX-License-Identifier: MIT
#include "cli/operands.hpp"

#include <algorithm>
#include <array>

namespace fid::cli {
namespace {

using endpoint::Place;

struct AddressType {
  std::string_view name;
  Place place;
};

constexpr std::array address_types{
    AddressType{"address", Place::anywhere},
    AddressType{"address that listens", Place::listens},
    AddressType{"address that connects", Place::connects},
    AddressType{"address that joins", Place::joins},
};

std::string type_of(Place place) {
  const auto found = std::find_if(address_types.begin(), address_types.end(),
                                  [place](const AddressType& row) { return row.place == place; });
  return std::string(found->name);
}

}  // namespace

CLI::Option* add_address(CLI::App& app, const std::string& name, std::string& into, Place place,
                         const std::string& help) {
  return app.add_option(name, into, help)->type_name(type_of(place))->required();
}

CLI::Option* add_addresses(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                           const std::string& help) {
  return app.add_option(name, into, help)->type_name(type_of(Place::anywhere))->required();
}

CLI::Option* add_kinds(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                       const std::string& help) {
  return app.add_option(name, into, help)->type_name(std::string(kind_type));
}

std::optional<Place> place_of(std::string_view type) {
  const auto found = std::find_if(address_types.begin(), address_types.end(),
                                  [type](const AddressType& row) { return row.name == type; });
  if (found == address_types.end()) return {};
  return found->place;
}

}  // namespace fid::cli
