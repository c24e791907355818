// SPDX-License-Identifier: MIT
#include "load/modes.hpp"
#include "load/server.hpp"

#include <unistd.h>

#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <thread>

namespace load {
namespace {

/// A server in a thread of this process, for as long as this object lives.
class OwnServer {
 public:
  explicit OwnServer(const Address& where) : server_(where), thread_([this] { server_.run(); }) {}
  ~OwnServer() {
    server_.stop();
    thread_.join();
  }
  const Address& address() const noexcept { return server_.address(); }

 private:
  Server server_;
  std::thread thread_;
};

void serve(const Address& where) {
  const OwnServer server(where);
  std::cout << Report()
                   .add("address", to_string(server.address()))
                   .add("congestion_control", congestion_control())
                   .text()
            << std::endl;
  char ignored;
  while (read(STDIN_FILENO, &ignored, 1) > 0) {
  }
}

Report measure(const Address& target, const Options& options) {
  if (options.mode == "bulk") return bulk(target, options);
  if (options.mode == "ping-pong") return ping_pong(target, options);
  if (options.mode == "connect-close") return connect_close(target, options);
  if (options.mode == "datagram") return datagram(target, options);
  throw std::invalid_argument("no such mode: " + options.mode);
}

void run(const Options& options) {
  raise_descriptor_limit();
  if (options.mode == "calls") {
    std::cout << calls(options).text() << '\n';
    return;
  }
  Address target = parse_address(options.address);
  if (options.mode == "serve") return serve(target);

  std::optional<OwnServer> server;
  if (options.with_server) target = server.emplace(target).address();
  if (options.mode == "idle") return idle(target, options);
  std::cout << measure(target, options).text() << '\n';
}

}  // namespace
}  // namespace load

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty() || arguments[0] == "--help") {
    std::cout << load::usage;
    return 0;
  }
  try {
    load::run(load::parse_options(arguments));
    return 0;
  } catch (const std::invalid_argument& error) {
    std::cerr << "fid-load: " << error.what() << " (--help says more)\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "fid-load: " << error.what() << '\n';
    return 1;
  }
}
