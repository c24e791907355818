// SPDX-License-Identifier: MIT
// A chat: what one guest says, all others are told.
//
//     chat_server 127.0.0.1:7007        and elsewhere, several times: nc 127.0.0.1 7007
#include <fid/base/error.hpp>
#include <fid/io/ops.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/event.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <array>
#include <iostream>
#include <map>

struct Guest {
  std::string waiting;  // what others said and was not sent yet
  fid::Event told;
};
using Room = std::map<int, Guest>;  // by number; all tasks run in one thread, nothing is locked

void say(Room& room, int speaker, const std::string& line) {
  for (auto& [number, guest] : room) {
    // Whoever does not listen misses what is said, and holds up nobody.
    if (number == speaker || guest.waiting.size() > 64 * 1024) continue;
    guest.waiting += "guest " + std::to_string(speaker) + ": " + line;
    guest.told.set();
  }
}

fid::Task<void> speak(Room& room, int me, fid::TcpStream& client) {
  std::string text;
  std::array<std::byte, 1024> chunk;
  while (const std::size_t size = co_await client.read(chunk)) {
    text += fid::as_text(fid::Bytes(chunk).first(size));
    for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.erase(0, end + 1)) {
      say(room, me, text.substr(0, end + 1));
    }
    if (text.size() > chunk.size()) co_return;  // nobody types such a line
    co_await fid::yield_now();                  // the others are told before more is said
  }
}

fid::Task<void> listen(Guest& me, fid::TcpStream& client) {
  for (;;) {
    co_await me.told.wait();
    me.told.reset();
    const std::string lines = std::exchange(me.waiting, {});
    co_await fid::write_all(client, fid::as_bytes(lines));
  }
}

fid::Task<void> attend(Room& room, int me, fid::TcpStream client) {
  // Until the client has said all, or is gone: listen() is cancelled then, wherever it waits.
  auto talk = fid::race(speak(room, me, client), listen(room[me], client));
  static_cast<void>(co_await fid::as_result(std::move(talk)));
  room.erase(me);
}

fid::Task<void> serve(std::string where) {
  const fid::TcpListener listener = co_await fid::TcpListener::bind(where);
  std::cout << "listening on " << (co_await listener.local_addr()) << std::endl;
  Room room;
  fid::TaskGroup guests;
  for (int number = 1;; ++number) {
    auto accepted = co_await fid::as_result(listener.accept());
    if (accepted) guests.add(attend(room, number, std::move(accepted->first)));
    if (!accepted) co_await fid::sleep(std::chrono::milliseconds(100));  // too few descriptors
  }
}

int main(int argc, char** argv) {
  const std::string where = argc > 1 ? argv[1] : "127.0.0.1:7007";
  const auto ended = fid::run([&] { return serve(where); });
  std::cerr << "chat_server: " << fid::describe(ended.error()) << '\n';
  return 1;
}
