// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {option::eof, option::linger};

}  // namespace

constexpr Kind stdio{
    .name = "stdio",
    .form = "-",
    .summary = "standard input and output",
    .parameter = Parameter::none,
    .roles = Roles::connects,
    .traffic = Traffic::stream,
    .options = options,
    .example = "-,eof=close",
    .help = "The word stdio says the same. Its flags stay as they were.",
};

}  // namespace fid::endpoint::kind
