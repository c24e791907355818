// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "service/transfer_settings.hpp"

namespace fid::cli {

/// Which way bytes go between two addresses, and so through each of them.
struct Passage {
  service::Direction direction;
  endpoint::Access a;
  endpoint::Access b;
};

/// The passage between `a` and `b`. A FIFO or a file takes bytes one way only: unless the way is
/// chosen, that is from a to b.
Passage passage(const endpoint::Address& a, const endpoint::Address& b, service::Direction chosen);

/// Whether both read stdin, which gives each byte to one of them only.
bool both_read_stdin(const Passage& way, const endpoint::Address& a, const endpoint::Address& b);

/// Whether anything joined to stdout is written this way: through stdio, or by a command whose
/// output goes nowhere else.
bool uses_stdout(const Passage& way, const endpoint::Address& a, const endpoint::Address& b);

}  // namespace fid::cli
