// SPDX-License-Identifier: MIT
// Loaded into the program by LD_PRELOAD: a resolver that says what the test wants, when it wants,
// and a witness of what a Unix socket's file looks like at the moment of listen(2).
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

namespace {

template <class Function>
Function* the_real(Function*, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// What $FID_TEST_HOSTS says about a name: a line with its addresses, and `wait=FIFO` before those
/// that are told only once somebody opens that FIFO for writing.
std::string line_of(const std::string& name) {
  const char* const path = std::getenv("FID_TEST_HOSTS");
  std::ifstream hosts(path ? path : "");
  for (std::string line; std::getline(hosts, line);) {
    if (line.substr(0, line.find(' ')) == name) return line;
  }
  return {};
}

void wait_for_writer(const std::string& fifo) {
  close(open((fifo + ".waiting").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  close(open(fifo.c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  const auto real = the_real(&getaddrinfo, "getaddrinfo");
  addrinfo literal = hints ? *hints : addrinfo{};
  literal.ai_flags |= AI_NUMERICHOST;
  if (node == nullptr || real(node, service, &literal, found) == 0) {
    return node ? 0 : real(node, service, hints, found);
  }
  std::istringstream words(line_of(node));
  std::string word;
  words >> word;
  *found = nullptr;
  addrinfo** next = found;
  int failure = EAI_NONAME;
  while (words >> word) {
    if (word.rfind("wait=", 0) == 0) {
      wait_for_writer(word.substr(5));
      continue;
    }
    failure = real(word.c_str(), service, &literal, next);
    while (*next) next = &(*next)->ai_next;
  }
  return *found ? 0 : failure;
}

extern "C" int listen(int fd, int backlog) noexcept {
  const char* const log = std::getenv("FID_TEST_LISTEN_LOG");
  sockaddr_un name{};
  socklen_t size = sizeof name;
  struct stat status {};
  if (log && getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) == 0 &&
      name.sun_family == AF_UNIX && stat(name.sun_path, &status) == 0) {
    std::ofstream(log, std::ios::app) << std::oct << (status.st_mode & 07777) << std::dec << ' '
                                      << status.st_uid << ' ' << status.st_gid << '\n';
  }
  return the_real(&listen, "listen")(fd, backlog);
}
