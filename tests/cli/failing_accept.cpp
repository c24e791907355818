// SPDX-License-Identifier: MIT
// Preloaded by descriptors_run_out_test.py: makes accept4() fail as the network can make it fail,
// and no test from outside. FAIL_ACCEPT_ERRNO is the error, FAIL_ACCEPT_TIMES how often it comes
// before each connection that is accepted.
#include <dlfcn.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>

namespace {

int number_in(const char* name) {
  const char* const text = std::getenv(name);
  return text == nullptr ? 0 : std::atoi(text);
}

}  // namespace

extern "C" int accept4(int fd, sockaddr* address, socklen_t* length, int flags) {
  using Accept4 = int (*)(int, sockaddr*, socklen_t*, int);
  static const Accept4 real = reinterpret_cast<Accept4>(dlsym(RTLD_NEXT, "accept4"));
  static const int error = number_in("FAIL_ACCEPT_ERRNO");
  static const int times = number_in("FAIL_ACCEPT_TIMES");
  static int left = times;
  if (left > 0) {
    --left;
    errno = error;
    return -1;
  }
  const int accepted = real(fd, address, length, flags);
  if (accepted >= 0) left = times;
  return accepted;
}
