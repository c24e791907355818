// SPDX-License-Identifier: MIT
#pragma once

#include "load/net.hpp"

#include <memory>

namespace load {

/// The far end of every measurement: one thread that serves each connection what it asks for.
/// A connection that ends before its request is whole gets back what it sent, so that a netcat,
/// which knows nothing of requests, has an answer too.
///
/// Threads: run() on one; stop() from any.
class Server {
 public:
  explicit Server(const Address& where);
  ~Server();

  /// With the port that was chosen.
  const Address& address() const noexcept { return address_; }

  /// Serves until stop().
  void run();
  void stop() noexcept;

 private:
  Fd listener_;
  Address address_;
  Fd stop_;
};

}  // namespace load
