// SPDX-License-Identifier: MIT
#include <fid/sys/std_stream.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace fid {

void fill_closed_standard_handles() noexcept {
  // The lowest free number is taken each time, so this goes up from 0. Read-only for all three:
  // input is at its end, and output that nobody gets is an error.
  for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
    if (::fcntl(number, F_GETFD) == -1) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

}  // namespace fid
