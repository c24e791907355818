// SPDX-License-Identifier: MIT
#include "platform/posix/raw_addr.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/base/handle.hpp>
#include <fid/net/vsock_addr.hpp>

#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace fid {

static_assert(VsockAddr::hypervisor == VMADDR_CID_HYPERVISOR);
static_assert(VsockAddr::local == VMADDR_CID_LOCAL);
static_assert(VsockAddr::host == VMADDR_CID_HOST);
static_assert(VsockAddr::any_cid == VMADDR_CID_ANY);
static_assert(VsockAddr::any_port == VMADDR_PORT_ANY);

Result<VsockAddr> VsockAddr::from_raw(const os::RawAddr& raw) noexcept {
  const auto native = platform::native_of<sockaddr_vm>(raw);
  if (!native || native->svm_family != AF_VSOCK)
    return fail(std::errc::invalid_argument, "address");
  return VsockAddr(native->svm_cid, native->svm_port);
}

os::RawAddr VsockAddr::to_raw() const noexcept {
  sockaddr_vm native{};
  native.svm_family = AF_VSOCK;
  native.svm_cid = cid_;
  native.svm_port = port_;
  return platform::raw_of(native);
}

Result<std::uint32_t> local_vsock_cid() noexcept {
  constexpr int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  const Handle device(platform::uninterrupted([] { return ::open("/dev/vsock", flags); }));
  if (device.get() == invalid_native) return platform::last_error("open");
  unsigned int cid = 0;
  if (::ioctl(device.get(), IOCTL_VM_SOCKETS_GET_LOCAL_CID, &cid) == -1) {
    return platform::last_error("ioctl");
  }
  return cid;
}

}  // namespace fid
