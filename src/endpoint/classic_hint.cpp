// SPDX-License-Identifier: MIT
#include "endpoint/classic_hint.hpp"

#include "endpoint/value_text.hpp"

#include <array>

namespace fid::endpoint {
namespace {

struct Row {
  std::string_view word;     // in lower case
  std::string_view instead;  // for a type, the native scheme; what followed it is put behind
};

constexpr std::array types = {
    Row{"tcp-connect", "tcp://"},
    Row{"tcp4-connect", "tcp4://"},
    Row{"tcp6-connect", "tcp6://"},
    Row{"tcp-l", "tcp-listen://*:"},
    Row{"tcp4-l", "tcp4-listen://*:"},
    Row{"tcp6-l", "tcp6-listen://*:"},
    Row{"udp-connect", "udp://"},
    Row{"udp4-connect", "udp4://"},
    Row{"udp6-connect", "udp6://"},
    Row{"udp-sendto", "udp://"},
    Row{"udp-datagram", "udp://"},
    Row{"udp-l", "udp-listen://*:"},
    Row{"udp4-l", "udp4-listen://*:"},
    Row{"udp6-l", "udp6-listen://*:"},
    Row{"udp-recv", "udp-listen://*:"},
    Row{"udp-recvfrom", "udp-listen://*:"},
    Row{"unix-connect", "unix:"},
    Row{"unix-client", "unix:"},
    Row{"unix-l", "unix-listen:"},
    Row{"unix-sendto", "unix-dgram:"},
    Row{"unix-recv", "unix-dgram-listen:"},
    Row{"unix-recvfrom", "unix-dgram-listen:"},
    Row{"abstract-connect", "abstract:"},
    Row{"abstract-client", "abstract:"},
    Row{"open", "file:"},
    Row{"gopen", "file:"},
    Row{"create", "file:"},
    Row{"pipe", "fifo:"},
    Row{"stdin", "-"},
    Row{"stdout", "-"},
};

constexpr std::array options = {
    Row{"fork", "relay serves many at once, and listen does with -k: leave it out"},
    Row{"reuseaddr", "always set where it listens: leave it out"},
    Row{"so-reuseaddr", "always set where it listens: leave it out"},
    Row{"unlink-early", "a stale socket is replaced anyway: leave it out"},
    Row{"forever", "write retry=N"},
    Row{"ignoreeof", "write eof=ignore"},
    Row{"shut-none", "write eof=ignore"},
    Row{"shut-close", "write eof=close"},
    Row{"shut-down", "the default: leave it out"},
    Row{"rdonly", "-u and -U say which way to copy: leave it out"},
    Row{"wronly", "-u and -U say which way to copy: leave it out"},
    Row{"max-children", "write --max-connections N"},
};

template <std::size_t n>
const Row* find(const std::array<Row, n>& table, std::string_view word) {
  const std::string name = to_lower(word);
  for (const Row& row : table) {
    if (row.word == name) return &row;
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> classic_scheme_hint(std::string_view word, std::string_view rest) {
  const Row* row = find(types, word);
  if (row == nullptr) return {};
  std::string hint(row->instead);
  if (hint != "-") hint.append(rest.substr(0, rest.find(',')));
  return hint;
}

std::optional<std::string> classic_option_hint(std::string_view option) {
  const Row* row = find(options, option);
  if (row == nullptr) return {};
  return std::string(row->instead);
}

}  // namespace fid::endpoint
