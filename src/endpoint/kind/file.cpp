// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

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
    .help = "A word with a slash in it is a file as well: ./name, dir/name.",
};

}  // namespace fid::endpoint::kind
