// SPDX-License-Identifier: MIT
#include <fid/io/stream.hpp>

namespace fid {

Result<std::size_t> Stream::attempt_write_vectored(WritePieces from) {
  return attempt_write(detail::first_piece(from));
}

}  // namespace fid
