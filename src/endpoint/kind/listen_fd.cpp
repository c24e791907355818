// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {option::eof, option::linger};

}  // namespace

constexpr Kind listen_fd{
    .name = "listen-fd",
    .form = "listen-fd:N",
    .summary = "a listening socket handed down by a supervisor",
    .parameter = Parameter::fd_or_name,
    .roles = Roles::listens,
    .traffic = Traffic::any,
    .options = options,
    .example = "listen-fd:http",
    .help =
        "N is a descriptor's number, or a name in LISTEN_FDNAMES, as set by systemd. The file "
        "of an inherited Unix socket is never removed.",
};

}  // namespace fid::endpoint::kind
