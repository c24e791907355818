// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>
#include <fid/base/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace fid::endpoint {

/// A socket that a supervisor made and handed down.
struct InheritedListener {
  Native handle;  ///< not owned; close-on-exec
  os::SocketType type;
};

/// The listening sockets that this program was started with.  sd_listen_fds(3)
///
/// Shape: a value; owns none of the descriptors.
class InheritedListeners {
 public:
  /// The first descriptor that is handed down.
  static constexpr Native first_handle = 3;

  InheritedListeners() = default;

  /// From LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES, which are taken out of the environment, as the
  /// descriptors are taken from children: neither is meant for them. None if they are meant for
  /// another process. Only while there is one thread. Fails with invalid_argument if the variables
  /// make no sense.
  static Result<InheritedListeners> from_environment(Native first = first_handle);

  /// All that were given this name: a supervisor may hand down several under one. Fails with
  /// no_such_file_or_directory if there is none, and as check() does.
  Result<std::vector<InheritedListener>> find(std::string_view name) const;

  /// A descriptor by its number, whoever left it there: it has to be a socket that listens, or a
  /// datagram socket. Fails with bad_file_descriptor, not_a_socket, invalid_argument.
  static Result<InheritedListener> check(Native handle);

  /// Their names, in order; `unknown` where the supervisor gave none.
  const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  Native first_ = first_handle;
  std::vector<std::string> names_;
};

}  // namespace fid::endpoint
