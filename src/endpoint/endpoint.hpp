// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/address.hpp"
#include "endpoint/messages.hpp"

#include <fid/io/stream.hpp>
#include <fid/net/peer_cred.hpp>
#include <fid/net/socket_addr.hpp>
#include <fid/net/unix_addr.hpp>
#include <fid/sys/process.hpp>
#include <fid/task/task.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fid::endpoint {

/// Which way bytes are to go through an endpoint that is being opened.
enum class Access { both, read, write };

/// The name of one end of a connection; nothing for what has none.
class EndName {
 public:
  EndName() = default;
  EndName(SocketAddr address) : name_(address) {}
  EndName(UnixAddr address) : name_(std::move(address)) {}

  /// `tcp://127.0.0.1:4321`, `unix:/run/x.sock`, `unix:` if unnamed; empty if there is none.
  std::string url(std::string_view scheme) const;

 private:
  std::variant<std::monostate, SocketAddr, UnixAddr> name_;
};

/// A socket that was accepted and that no reactor watches yet: any thread may have it.
struct LooseSocket {
  Handle handle;
  Result<StreamPtr> (*adopt)(Handle);
};

/// An open endpoint: bytes, or messages. Behind a pointer: many tasks hand it on.
struct Connection {
  StreamPtr stream;      ///< null if `messages` or `loose` is set
  MessagesPtr messages;  ///< null if `stream` is set

  /// False where the end of what we send cannot be told: datagrams, terminals.
  bool tells_end = true;
  EndName peer;
  EndName local;
  std::optional<UCred> cred;         ///< who connected, on Unix sockets
  std::optional<Process> child;      ///< the command behind it
  std::optional<LooseSocket> loose;  ///< what `stream` is to be made of: see adopt()

  /// To be called for what was accepted, before its stream is used: makes it, on the reactor in
  /// scope, where accept() left that to us. Failed, the socket is closed.
  Result<void> adopt();

  /// As bytes, whatever it is.
  StreamPtr take_stream() { return stream ? std::move(stream) : as_stream(std::move(messages)); }
};

using ConnectionPtr = std::unique_ptr<Connection>;

/// Takes connections on one address.
///
/// Shape: a resource; destroying it stops listening and removes a Unix path that is still ours.
class Listener {
 public:
  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  virtual ~Listener() = default;

  /// The next connection, which is to be adopted: see Connection. Fails as TcpListener::accept
  /// does: the listener goes on working.
  virtual Task<ConnectionPtr> accept() = 0;
  /// Whether any thread may adopt and use what accept() gives.
  virtual bool for_any_thread() const { return false; }
  /// Where it really listens: the kernel's port, not 0.
  virtual std::vector<std::string> urls() const = 0;
  /// Permissions of the socket's file, if it has one.
  virtual std::optional<unsigned> mode() const { return std::nullopt; }
};

using ListenerPtr = std::unique_ptr<Listener>;

/// What opening may ask of its surroundings.
struct OpenContext {
  Access access = Access::both;
  bool own_group = false;  ///< a command is started in a process group of its own
  bool names = true;       ///< ask for the names of both ends, where that takes a call
  /// An inherited listening socket by number or name, for listen-fd.
  std::function<Result<Handle>(const Address&)> inherited;
};

/// Opens an address whose role is to connect. The address and the context outlive the task.
///
/// Errors: of the resolver, of connecting, of opening, of starting the command.
/// Cancellation: abandons the attempt; nothing stays behind.
Task<ConnectionPtr> open(const Address& address, const OpenContext& context);

/// Listens on an address whose role it is. When it succeeds, clients can connect: bound,
/// listening, owner and permissions set.
Task<ListenerPtr> listen(const Address& address, const OpenContext& context);

}  // namespace fid::endpoint
