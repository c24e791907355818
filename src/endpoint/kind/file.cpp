// SPDX-License-Identifier: MIT
#include "endpoint/endpoint.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

#include <fid/base/os_path.hpp>
#include <fid/sys/file.hpp>

#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    {
        .name = "append",
        .aliases = "o-append",
        .type = ValueType::flag,
        .default_text = "no",
        .when = When::opening,
        .help = "write at the end of the file",
        .example = "append",
    },
    {
        .name = "create",
        .aliases = "creat|o-creat",
        .type = ValueType::flag,
        .default_text = "yes",
        .when = When::opening,
        .help = "make the file if there is none and it is to be written",
        .example = "create=no",
    },
    {
        .name = "truncate",
        .aliases = "trunc|o-trunc",
        .type = ValueType::flag,
        .default_text = "no",
        .when = When::opening,
        .help = "empty the file before writing",
        .example = "truncate",
    },
    {
        .name = "mode",
        .aliases = "perm",
        .type = ValueType::mode,
        .default_text = "0666",
        .when = When::opening,
        .help = "permissions of the file, if it has to be made, less the umask",
        .example = "mode=0600",
    },
    {
        .name = "seek",
        .aliases = "lseek|seek-set",
        .type = ValueType::size,
        .when = When::opening,
        .help = "where in the file to start, in bytes",
        .example = "seek=1MiB",
    },
    option::eof,
    option::linger,
};

FileOptions options_of(const Address& address, Access access) {
  const bool writes = access != Access::read;
  FileOptions how;
  how.open.read = access != Access::write;
  how.open.write = writes;
  how.open.append = writes && address.flag("append").value_or(false);
  how.open.create = writes && address.flag("create").value_or(true);
  how.open.truncate = writes && address.flag("truncate").value_or(false);
  how.open.mode = static_cast<FileMode>(address.mode("mode").value_or(0666));
  if (const auto offset = address.integer("seek")) how.seek = *offset;
  return how;
}

Task<ConnectionPtr> open_file(const Address& address, const OpenContext& context) {
  if (const auto status = os::status_of_target(address.path)) {
    if (status->is_socket) {
      co_return fail(std::errc::no_such_device_or_address, "open, a socket: use unix:PATH");
    }
    if (status->is_fifo) co_return co_await fifo.open(address, context);
  }
  File file = co_await File::open(address.path, options_of(address, context.access));
  auto connection = std::make_unique<Connection>();
  connection->stream = make_stream(std::move(file));
  co_return connection;
}

}  // namespace

constexpr Kind file{
    .name = "file",
    .form = "file:PATH",
    .summary = "a file or device",
    .parameter = Parameter::path,
    .roles = Roles::connects,
    .traffic = Traffic::one_way,
    .options = options,
    .example = "file:dump.sql,seek=1MiB",
    .help =
        "A word with a slash in it is a file as well: ./name, dir/name. Without append or "
        "truncate, what is written takes the place of what the file begins with.",
    .open = open_file,
};

}  // namespace fid::endpoint::kind
