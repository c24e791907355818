// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/net/vsock_addr.hpp>

#include <gtest/gtest.h>

namespace fid::test {

/// Whether the kernel knows these sockets at all.
inline bool has_vsock() {
  return os::socket(os::Family::vsock, os::SocketType::stream).has_value();
}

/// Whether a machine can connect to itself, which is the only one that tests may talk to.
inline bool has_vsock_loopback() {
  const auto socket = os::socket(os::Family::vsock, os::SocketType::stream);
  const VsockAddr itself(VsockAddr::local, VsockAddr::any_port);
  return socket && os::bind(socket->get(), itself.to_raw()).has_value();
}

}  // namespace fid::test

#define FID_NEEDS_VSOCK() \
  if (!fid::test::has_vsock()) GTEST_SKIP() << "this kernel has no AF_VSOCK"
#define FID_NEEDS_VSOCK_LOOPBACK() \
  if (!fid::test::has_vsock_loopback()) GTEST_SKIP() << "the module vsock_loopback is not loaded"
