// SPDX-License-Identifier: MIT
#include "load/server.hpp"

#include "load/flow.hpp"
#include "load/request.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace load {
namespace {

constexpr std::size_t echo_size = 256 * 1024;

// One client. What it is served follows from its request:
//
//   no request yet -> sink: receive until the last block, send the receipt -> await the end
//                  -> source: send until the last block -> await the end
//                  -> echo: receive, send back ... until the end
//                  -> it ends already: send back what came, close
//
// Unsent replies wait in `unsent_`, and nothing is read meanwhile: that is the back pressure.
class Connection {
 public:
  explicit Connection(Fd socket) : socket_(std::move(socket)) { no_delay(socket_); }

  const Fd& socket() const noexcept { return socket_; }

  /// Goes as far as one event allows; false once there is nothing more to do.
  bool serve() {
    if (!unsent_.empty()) return flush();
    if (source_) return send_more();
    if (sink_) return receive_more();
    return receive();
  }

  std::uint32_t wanted() const noexcept {
    if (!unsent_.empty()) return EPOLLOUT;
    return source_ ? EPOLLOUT : EPOLLIN;
  }

 private:
  bool receive() {
    static thread_local std::array<char, echo_size> buffer;
    const ssize_t received = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (received < 0) return errno == EAGAIN;
    const std::span<const char> data(buffer.data(), static_cast<std::size_t>(received));
    if (ending_) return false;
    if (!echoing_) return begin(data);
    return !data.empty() && reply(data);
  }

  /// Gathers the request, and hands what follows it to its role.
  bool begin(std::span<const char> data) {
    if (data.empty()) {
      last_reply_ = true;
      return !head_.empty() && reply(std::exchange(head_, {}));
    }
    head_.insert(head_.end(), data.begin(), data.end());
    if (head_.size() < sizeof(Request)) return true;

    Request request;
    std::copy_n(head_.data(), sizeof request, writable_bytes_of(request).data());
    if (request.magic != Request::magic_number) return false;
    const std::vector<char> rest(head_.begin() + sizeof request, head_.end());
    head_ = {};
    switch (request.role) {
      case Role::sink:
        sink_.emplace(request.seed, request.verify);
        return sink_->take(rest) != Flow::ended || reply_receipt();
      case Role::source: {
        Limit limit{request.bytes, {}};
        if (request.milliseconds != 0) {
          limit.deadline = Clock::now() + std::chrono::milliseconds(request.milliseconds);
        }
        source_.emplace(request.seed, limit);
        return true;
      }
      case Role::echo:
        echoing_ = true;
        return rest.empty() || reply(rest);
    }
    return false;
  }

  bool receive_more() {
    const Flow flow = sink_->pump(socket_);
    return flow == Flow::ended ? reply_receipt() : flow != Flow::broken;
  }

  bool reply_receipt() {
    const Receipt receipt{sink_->bytes(), sink_->intact()};
    sink_.reset();
    ending_ = true;
    return reply(bytes_of(receipt));
  }

  bool send_more() {
    const Flow flow = source_->pump(socket_);
    if (flow == Flow::ended) {
      source_.reset();
      ending_ = true;
    }
    return flow != Flow::broken;
  }

  bool reply(std::span<const char> data) {
    const ssize_t sent = send(socket_.get(), data.data(), data.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    const std::size_t done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
    if (done == data.size()) return !last_reply_;
    unsent_.assign(data.begin() + static_cast<std::ptrdiff_t>(done), data.end());
    return true;
  }

  bool flush() {
    const std::vector<char> data = std::exchange(unsent_, {});
    return reply(data);
  }

  Fd socket_;
  std::vector<char> head_;
  bool echoing_ = false;
  std::optional<Sink> sink_;
  std::optional<Source> source_;
  bool ending_ = false;      // what remains is the client's end
  bool last_reply_ = false;  // then close without waiting for it
  std::vector<char> unsent_;
};

}  // namespace

Server::Server(const Address& where)
    : listener_(listen_at(where)),
      address_(local_address(listener_)),
      stop_(static_cast<int>(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"))) {}

Server::~Server() {
  if (const std::string path = address_.path(); !path.empty()) unlink(path.c_str());
}

void Server::run() {
  struct Client {
    Connection connection;
    std::uint32_t watched;
  };
  std::unordered_map<Client*, std::unique_ptr<Client>> clients;
  Poller poller;
  poller.add(listener_, EPOLLIN, &listener_);
  poller.add(stop_, EPOLLIN, &stop_);

  for (;;) {
    for (const epoll_event& event : poller.wait()) {
      if (event.data.ptr == &stop_) return;
      if (event.data.ptr == &listener_) {
        Fd accepted = accept_from(listener_);
        if (!accepted) continue;
        auto made = std::make_unique<Client>(Client{Connection(std::move(accepted)), EPOLLIN});
        poller.add(made->connection.socket(), EPOLLIN, made.get());
        clients.emplace(made.get(), std::move(made));
        continue;
      }
      auto* client = static_cast<Client*>(event.data.ptr);
      if (!client->connection.serve()) {
        clients.erase(client);
      } else if (const std::uint32_t wanted = client->connection.wanted();
                 wanted != client->watched) {
        poller.change(client->connection.socket(), wanted, client);
        client->watched = wanted;
      }
    }
  }
}

void Server::stop() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_.get(), &one, sizeof one);
}

}  // namespace load
