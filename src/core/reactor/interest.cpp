// SPDX-License-Identifier: MIT
#include <fid/reactor/interest.hpp>

namespace fid {
namespace {

void append(std::string& list, bool member, const char* name) {
  if (!member) return;
  if (!list.empty()) list += '|';
  list += name;
}

}  // namespace

std::string Interest::to_string() const {
  std::string list;
  append(list, is_readable(), "readable");
  append(list, is_writable(), "writable");
  append(list, is_priority(), "priority");
  append(list, is_error(), "error");
  return list;
}

std::string Ready::to_string() const {
  std::string list;
  append(list, !(*this & readable).is_empty(), "readable");
  append(list, !(*this & writable).is_empty(), "writable");
  append(list, is_read_closed(), "read_closed");
  append(list, is_write_closed(), "write_closed");
  append(list, is_priority(), "priority");
  append(list, is_error(), "error");
  return list.empty() ? "empty" : list;
}

}  // namespace fid
