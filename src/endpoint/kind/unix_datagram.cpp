// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

namespace fid::endpoint::kind {
namespace {

// A datagram has no end of stream, so something else must end the wait for an answer.
constexpr OptionSpec datagram_linger = [] {
  OptionSpec spec = option::linger;
  spec.default_text = "1s";
  return spec;
}();

constexpr OptionSpec options[] = {
    {
        .name = "bind",
        .type = ValueType::text,
        .value_name = "PATH",
        .roles = Roles::connects,
        .when = When::before_bind,
        .help = "our own path, where answers are sent; a private one if not given",
        .example = "bind=/tmp/me.sock",
    },
    option::socket_mode,
    option::socket_user,
    option::socket_group,
    option::socket_unlink,
    option::sndbuf,
    option::rcvbuf,
    option::retry,
    option::interval,
    option::eof,
    datagram_linger,
};

}  // namespace

constexpr Kind unix_datagram{
    .name = "unix-dgram",
    .form = "unix-dgram:PATH",
    .summary = "a Unix socket, datagrams",
    .parameter = Parameter::path,
    .roles = Roles::both,
    .traffic = Traffic::datagrams,
    .options = options,
    .example = "unix-dgram:/dev/log",
    .help =
        "Each read from a stream is sent as one message. Where it listens, answers go to the "
        "peer that wrote last.",
};

}  // namespace fid::endpoint::kind
