// SPDX-License-Identifier: MIT
#include "service/connection_end.hpp"

namespace fid::service {

std::string_view name_of(CloseReason reason) {
  switch (reason) {
    case CloseReason::eof:
      return "eof";
    case CloseReason::reset:
      return "reset";
    case CloseReason::timeout_idle:
      return "timeout-idle";
    case CloseReason::timeout_half:
      return "timeout-half";
    case CloseReason::timeout_total:
      return "timeout-total";
    case CloseReason::limit:
      return "limit";
    case CloseReason::refused:
      return "refused";
    case CloseReason::policy:
      return "policy";
    case CloseReason::drain:
      return "drain";
    case CloseReason::signal:
      return "signal";
    case CloseReason::write_error:
      return "write-error";
    case CloseReason::fault:
      return "fault";
  }
  return "unknown";
}

std::string_view name_of(Side side) {
  switch (side) {
    case Side::a:
      return "a";
    case Side::b:
      return "b";
    case Side::self:
      return "self";
  }
  return "unknown";
}

}  // namespace fid::service
