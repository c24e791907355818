// SPDX-License-Identifier: MIT
#include "endpoint/endpoint.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

#include <fid/sys/std_stream.hpp>
#include <fid/sys/terminal.hpp>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {option::eof, option::linger};

Task<ConnectionPtr> open_stdio(const Address& /*address*/, const OpenContext& context) {
  constexpr Native standard_output = 1;
  auto connection = std::make_unique<Connection>();
  connection->stream = co_await make_stdio_stream(
      os::Access{context.access != Access::write, context.access != Access::read});
  connection->tells_end = !is_terminal(standard_output);
  co_return connection;
}

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
    .open = open_stdio,
};

}  // namespace fid::endpoint::kind
