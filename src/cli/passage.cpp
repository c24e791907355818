// SPDX-License-Identifier: MIT
#include "cli/passage.hpp"

namespace fid::cli {
namespace {

using endpoint::Access;
using endpoint::Address;
using service::Direction;

bool is_one_way(const Address& address) {
  return address.kind->traffic == endpoint::Traffic::one_way;
}

bool reads_stdin(const Address& address, Access access) {
  const bool is_stdin = address.kind->parameter == endpoint::Parameter::none || address.fd == 0;
  return is_stdin && access != Access::write;
}

bool writes_to_stdout(const Address& address, Access access) {
  switch (address.kind->parameter) {
    case endpoint::Parameter::none:
      return access != Access::read;
    case endpoint::Parameter::command:
      return access == Access::write;
    default:
      return address.fd == 1 && access != Access::read;
  }
}

}  // namespace

Passage passage(const Address& a, const Address& b, Direction chosen) {
  const bool one_way = is_one_way(a) || is_one_way(b);
  const Direction direction = chosen == Direction::both && one_way ? Direction::a_to_b : chosen;
  switch (direction) {
    case Direction::a_to_b:
      return {direction, Access::read, Access::write};
    case Direction::b_to_a:
      return {direction, Access::write, Access::read};
    default:
      return {direction, Access::both, Access::both};
  }
}

bool both_read_stdin(const Passage& way, const Address& a, const Address& b) {
  return reads_stdin(a, way.a) && reads_stdin(b, way.b);
}

bool uses_stdout(const Passage& way, const Address& a, const Address& b) {
  return writes_to_stdout(a, way.a) || writes_to_stdout(b, way.b);
}

}  // namespace fid::cli
