// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec path_options[] = {
    option::socket_mode, option::socket_user, option::socket_group, option::socket_unlink,
    option::backlog,     option::sndbuf,      option::rcvbuf,       option::connect_timeout,
    option::retry,       option::interval,    option::eof,          option::linger,
};

constexpr OptionSpec abstract_options[] = {
    option::backlog, option::sndbuf,   option::rcvbuf, option::connect_timeout,
    option::retry,   option::interval, option::eof,    option::linger,
};

}  // namespace

constexpr Kind unix_stream{
    .name = "unix",
    .form = "unix:PATH",
    .summary = "a Unix socket, a stream of bytes",
    .parameter = Parameter::path,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .options = path_options,
    .example = "unix:/run/app.sock,mode=0660",
    .help =
        "Where it listens, a socket left behind by a dead process is replaced; a live one is "
        "never touched. unix:@name is a file of that name: see abstract.",
};

constexpr Kind unix_seqpacket{
    .name = "unix-seq",
    .form = "unix-seq:PATH",
    .summary = "a Unix socket, records in order",
    .parameter = Parameter::path,
    .roles = Roles::both,
    .traffic = Traffic::records,
    .options = path_options,
    .example = "unix-seq:/run/app.sock",
    .help = "SOCK_SEQPACKET: like a stream, with the boundaries of messages kept.",
};

constexpr Kind abstract{
    .name = "abstract",
    .form = "abstract:NAME",
    .summary = "a Unix socket without a file, a stream of bytes",
    .parameter = Parameter::name,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .options = abstract_options,
    .example = "abstract:app",
    .help = "Linux only. The name vanishes with the process; any local user may connect.",
};

}  // namespace fid::endpoint::kind
