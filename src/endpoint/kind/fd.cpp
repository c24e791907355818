// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {option::eof, option::linger};

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
    .help = "A bare number says the same; a file of that name is ./3. Its flags stay as they were.",
};

}  // namespace fid::endpoint::kind
