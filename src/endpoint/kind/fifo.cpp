// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    {
        .name = "mode",
        .aliases = "perm",
        .type = ValueType::mode,
        .default_text = "0600",
        .when = When::opening,
        .help = "permissions of the FIFO, if it has to be made",
        .example = "mode=0622",
    },
    {
        .name = "keep-open",
        .type = ValueType::flag,
        .default_text = "no",
        .when = When::opening,
        .help = "when the last writer has left, wait for the next",
        .example = "keep-open",
    },
    option::eof,
    option::linger,
};

}  // namespace

constexpr Kind fifo{
    .name = "fifo",
    .form = "fifo:PATH",
    .summary = "a named pipe in the file system",
    .parameter = Parameter::path,
    .roles = Roles::connects,
    .traffic = Traffic::one_way,
    .options = options,
    .example = "fifo:/tmp/events,keep-open",
    .help = "Made if there is none. Either end may be opened first.",
};

}  // namespace fid::endpoint::kind
