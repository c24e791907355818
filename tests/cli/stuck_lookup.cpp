// SPDX-License-Identifier: MIT
// Preloaded by signals_test.py and limits_test.py: looking up a name takes for ever.
#include <netdb.h>
#include <unistd.h>

extern "C" int getaddrinfo(const char* /*node*/, const char* /*service*/, const addrinfo* /*hints*/,
                           addrinfo** /*result*/) {
  for (;;) ::pause();
}
