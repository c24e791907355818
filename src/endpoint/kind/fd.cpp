// SPDX-License-Identifier: MIT
#include "endpoint/endpoint.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/socket_messages.hpp"

#include <fid/base/os.hpp>
#include <fid/sys/std_stream.hpp>
#include <fid/sys/terminal.hpp>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {option::eof, option::linger};

/// Nothing means whatever the descriptor was opened for.
std::optional<os::Access> sides(Access access) {
  if (access == Access::both) return std::nullopt;
  return os::Access{access == Access::read, access == Access::write};
}

Task<ConnectionPtr> open_fd(const Address& address, const OpenContext& context) {
  const Native number = *address.fd;
  if (os::is_listening(number).value_or(false)) {
    co_return fail(std::errc::invalid_argument, "a socket that listens: use listen-fd");
  }
  auto connection = std::make_unique<Connection>();
  const auto type = os::socket_type(number);
  if (type && *type != os::SocketType::stream) {
    Handle socket = co_await os::duplicate(number);
    connection->messages = co_await socket_messages(std::move(socket), *type);
    connection->tells_end = *type != os::SocketType::datagram;
    co_return connection;
  }
  connection->stream = co_await inherited_stream(number, sides(context.access));
  connection->tells_end = !is_terminal(number);
  co_return connection;
}

}  // namespace

constexpr Kind fd{
    .name = "fd",
    .form = "fd:N",
    .summary = "a descriptor that is already open",
    .parameter = Parameter::fd,
    .roles = Roles::connects,
    .traffic = Traffic::any,
    .options = options,
    .example = "fd:3",
    .help =
        "A bare number says the same; a file of that name is ./3. Its flags stay as they were. The "
        "messages of a socket that carries such are kept apart.",
    .open = open_fd,
};

}  // namespace fid::endpoint::kind
