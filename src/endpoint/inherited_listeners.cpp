// SPDX-License-Identifier: MIT
#include "endpoint/inherited_listeners.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace fid::endpoint {
namespace {

/// More than a supervisor hands down; a number beyond is a mistake, not a reason to loop for long.
constexpr int most_listeners = 4096;

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || number < 0) return std::nullopt;
  return number;
}

/// `http:admin` for as many as there are.
std::vector<std::string> split_names(std::string_view text, std::size_t count) {
  std::vector<std::string> names;
  while (names.size() < count) {
    const std::string_view name = text.substr(0, text.find(':'));
    names.emplace_back(name.empty() ? "unknown" : name);
    text.remove_prefix(std::min(name.size() + 1, text.size()));
  }
  return names;
}

}  // namespace

Result<InheritedListeners> InheritedListeners::from_environment(Native first) {
  const auto count_text = os::take_variable("LISTEN_FDS");
  const auto process_text = os::take_variable("LISTEN_PID");
  const auto names = os::take_variable("LISTEN_FDNAMES");
  InheritedListeners listeners;
  listeners.first_ = first;
  if (!count_text || !process_text) return listeners;
  const auto process = parse_number(*process_text);
  if (!process) return fail(std::errc::invalid_argument, "LISTEN_PID");
  if (*process != os::process_id()) return listeners;
  const auto count = parse_number(*count_text);
  if (!count || *count > most_listeners) return fail(std::errc::invalid_argument, "LISTEN_FDS");
  listeners.names_ = split_names(names.value_or(""), static_cast<std::size_t>(*count));
  for (Native handle = first; handle < first + *count; ++handle) {
    if (auto kept = os::set_close_on_exec(handle, true); !kept) {
      return fail(kept.error().code, "LISTEN_FDS");
    }
  }
  return listeners;
}

Result<std::vector<InheritedListener>> InheritedListeners::find(std::string_view name) const {
  std::vector<InheritedListener> found;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] != name) continue;
    const Result<InheritedListener> listener = check(first_ + static_cast<Native>(i));
    if (!listener) return fail(listener.error());
    found.push_back(*listener);
  }
  if (found.empty()) return fail(std::errc::no_such_file_or_directory, "LISTEN_FDNAMES");
  return found;
}

Result<InheritedListener> InheritedListeners::check(Native handle) {
  const Result<os::HandleKind> kind = os::kind_of(handle);
  if (!kind) return fail(kind.error());
  if (*kind != os::HandleKind::socket) return fail(std::errc::not_a_socket, "listen-fd");
  const Result<os::SocketType> type = os::socket_type(handle);
  if (!type) return fail(type.error());
  if (*type != os::SocketType::datagram) {
    const Result<bool> listening = os::is_listening(handle);
    if (!listening) return fail(listening.error());
    if (!*listening) return fail(std::errc::invalid_argument, "listen-fd");
  }
  if (auto kept = os::set_close_on_exec(handle, true); !kept) return fail(kept.error());
  return InheritedListener{handle, *type};
}

}  // namespace fid::endpoint
