// SPDX-License-Identifier: MIT
#include "load/clock.hpp"
#include "load/modes.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace load {
namespace {

struct Pipe {
  Fd out;
  Fd in;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  checked(pipe2(ends.data(), O_CLOEXEC), "pipe2");
  return {Fd(ends[0]), Fd(ends[1])};
}

std::string read_all(const Fd& from) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (const long n = checked(read(from.get(), buffer.data(), buffer.size()), "read")) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

/// As a script's $(...) does it: through pipes, until the output ends and the program has gone.
std::string call(const std::vector<std::string>& command, const std::string& input) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  Pipe to = make_pipe();
  Pipe from = make_pipe();
  checked(write(to.in.get(), input.data(), input.size()), "write");
  to.in.reset();

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to.out.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from.in.get(), STDOUT_FILENO);
  pid_t child = 0;
  const int refused =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (refused != 0) throw std::system_error(refused, std::system_category(), command[0]);
  from.in.reset();

  std::string output = read_all(from.out);
  int status = 0;
  checked(waitpid(child, &status, 0), "waitpid");
  if (status != 0) throw std::runtime_error(command[0] + " failed");
  return output;
}

}  // namespace

Report calls(const Options& options) {
  if (options.command.empty()) throw std::invalid_argument("calls: write -- and a command");
  constexpr std::size_t room_in_a_pipe = 4096;
  if (options.input.size() > room_in_a_pipe) throw std::invalid_argument("--input is too long");
  Histogram time;
  const Clock::time_point start = Clock::now();
  for (;;) {
    const Clock::time_point begun = Clock::now();
    if (options.count != 0 && time.count() == options.count) break;
    if (options.duration.count() != 0 && begun - start >= options.duration) break;
    const std::string output = call(options.command, options.input);
    time.record(Clock::now() - begun);
    if (!options.input.empty() && output != options.input) {
      throw std::runtime_error(options.command[0] + " did not give back its input");
    }
  }
  return Report().add("calls", time.count()).add(time);
}

}  // namespace load
