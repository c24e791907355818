// SPDX-License-Identifier: MIT
#include "endpoint/unix_path.hpp"

#include "endpoint/socket_setup.hpp"

#include <fid/net/unix_addr.hpp>
#include <fid/reactor/sleep.hpp>

#include <chrono>
#include <optional>

namespace fid::endpoint {
namespace {

using namespace std::chrono_literals;

/// Waits for its turn: others hold the lock only while they bind.
Task<Handle> lock_directory(const std::string& path) {
  for (int tries_left = 200;; --tries_left) {
    auto lock = os::lock_directory_of(path);
    if (lock || !lock.error().would_block() || tries_left == 0) {
      co_return co_await std::move(lock);
    }
    co_await sleep(10ms);
  }
}

/// Asks the socket at `path` itself: only a refusal says that nobody is there. A datagram socket
/// asks, since a live server notices nothing of it; one that accepts is of the wrong type for it.
Result<bool> is_stale(const os::RawAddr& at) {
  auto probe = os::socket(os::Family::local, os::SocketType::datagram);
  if (!probe) return fail(probe.error());
  const auto connected = os::connect(probe->get(), at);
  return !connected && connected.error().code == std::errc::connection_refused;
}

/// Makes room for a new socket. Fails with address_in_use if what is there is not ours to take.
Result<void> clear_stale(const std::string& path, const os::RawAddr& at) {
  const auto status = os::status_of(path);
  if (!status) {
    if (status.error().code == std::errc::no_such_file_or_directory) return {};
    return fail(status.error());
  }
  if (!status->is_socket) return fail(std::errc::address_in_use, "bind");
  const auto stale = is_stale(at);
  if (!stale) return fail(stale.error());
  if (!*stale) return fail(std::errc::address_in_use, "bind");
  return os::unlink(path);
}

}  // namespace

OwnedPath::~OwnedPath() {
  if (path_.empty()) return;
  const auto status = os::status_of(path_);
  if (status && status->id == id_) static_cast<void>(os::unlink(path_));
}

Task<BoundPath> bind_unix_path(const Address& address, os::SocketType type) {
  const std::string& path = address.path;
  const UnixAddr at = co_await UnixAddr::from_path(path);
  // Looked up first: an unknown name leaves the path as it is.
  std::optional<UserId> user;
  std::optional<GroupId> group;
  if (const auto name = address.text("user")) user = co_await os::find_user(*name);
  if (const auto name = address.text("group")) group = co_await os::find_group(*name);
  const bool owns_path = address.flag("unlink").value_or(true);

  const Handle lock = co_await lock_directory(path);
  const os::RawAddr raw = at.to_raw();
  if (owns_path) co_await clear_stale(path, raw);
  Handle socket = co_await os::socket(os::Family::local, type);
  co_await set_up_socket(socket.get(), address);
  {
    const os::ExactMode exact(address.mode("mode").value_or(0600));
    co_await os::bind(socket.get(), raw);
  }
  const os::FileStatus made = co_await os::status_of(path);
  OwnedPath file(owns_path ? path : std::string(), made.id);
  if (user || group) co_await os::change_owner(path, user, group);
  if (type != os::SocketType::datagram) {
    co_await os::listen(socket.get(), static_cast<int>(address.integer("backlog").value_or(1024)));
  }
  co_return BoundPath{std::move(socket), std::move(file)};
}

}  // namespace fid::endpoint
