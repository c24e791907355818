// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    {
        .name = "env",
        .type = ValueType::list,
        .value_name = "NAME=VALUE",
        .when = When::opening,
        .help = "set a variable for the command; may be given more than once",
        .example = "env=LANG=C",
        .secret = true,
    },
    {
        .name = "dir",
        .aliases = "chdir|cd",
        .type = ValueType::text,
        .value_name = "DIR",
        .when = When::opening,
        .help = "run the command in this directory",
        .example = "dir=/srv",
    },
    {
        .name = "stderr",
        .type = ValueType::choice,
        .choices = "inherit|join|null",
        .default_text = "inherit",
        .when = When::opening,
        .help = "its errors: to ours, sent with its output, or nowhere",
        .example = "stderr=join",
    },
    option::eof,
    option::linger,
};

}  // namespace

constexpr Kind exec{
    .name = "exec",
    .form = "exec:COMMAND",
    .summary = "a command, joined by its input and output",
    .parameter = Parameter::command,
    .roles = Roles::connects,
    .traffic = Traffic::stream,
    .options = options,
    .example = "exec:'grep -v \"a b\"'",
    .help =
        "Split at blanks; quotes and backslashes keep words together, and no shell is started. "
        "A comma ends the command unless it is quoted.",
};

}  // namespace fid::endpoint::kind
