// SPDX-License-Identifier: MIT
// Starting a program.  posix_spawn(3)
#include "platform/children.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <map>

extern char** environ;

namespace fid::platform {
namespace {

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  posix_spawn_file_actions_t* get() noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  explicit Attributes(bool new_group) {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    sigset_t deadly = none;
    sigaddset(&deadly, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes_, &deadly);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (new_group) {
      ::posix_spawnattr_setpgroup(&attributes_, 0);
      flags |= POSIX_SPAWN_SETPGROUP;
    }
    ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  posix_spawnattr_t* get() noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

/// A null-terminated list of C strings, as execve(2) takes it.
class WordList {
 public:
  explicit WordList(const std::vector<std::string>& words) {
    for (const std::string& word : words) pointers_.push_back(const_cast<char*>(word.c_str()));
    pointers_.push_back(nullptr);
  }
  char** data() noexcept { return pointers_.data(); }

 private:
  std::vector<char*> pointers_;
};

Result<std::vector<std::string>> environment(const ProcessOptions& options) {
  std::map<std::string, std::optional<std::string>> changes;
  for (const auto& [name, value] : options.variables()) {
    const bool bad = name.empty() || name.find('=') != std::string::npos;
    if (bad || holds_nul(name) || (value && holds_nul(*value))) {
      return fail(std::errc::invalid_argument, "setenv");
    }
    changes.insert_or_assign(name, value);
  }
  std::vector<std::string> words;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string word = *each;
    if (!changes.contains(word.substr(0, word.find('=')))) words.push_back(word);
  }
  for (const auto& [name, value] : changes) {
    if (value) words.push_back(name + "=" + *value);
  }
  return words;
}

/// Duplicates above every number that is to be replaced, so that replacing one leaves the others
/// alone whatever they are, and so that a handle that already has its number is passed on too.
Result<std::vector<Handle>> duplicates(const ProcessOptions& options) {
  Native above = 0;
  for (const auto& mapping : options.mappings()) above = std::max(above, mapping.number + 1);
  std::vector<Handle> copies;
  for (const auto& mapping : options.mappings()) {
    Handle copy(uninterrupted([&] { return ::fcntl(mapping.handle, F_DUPFD_CLOEXEC, above); }));
    if (!copy) return last_error("fcntl");
    copies.push_back(std::move(copy));
  }
  return copies;
}

/// Ignoring it, which is inherited, makes the kernel forget how children ended.  waitid(2), NOTES
void keep_ends_of_children() {
  struct sigaction action {};
  if (::sigaction(SIGCHLD, nullptr, &action) != 0) return;
  if (action.sa_handler != SIG_IGN && (action.sa_flags & SA_NOCLDWAIT) == 0) return;
  action = {};
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, &action, nullptr);
}

/// posix_spawn does not say which step failed.
bool cannot_enter(const std::string& directory) {
  return ::faccessat(AT_FDCWD, (directory + "/.").c_str(), X_OK, AT_EACCESS) != 0;
}

}  // namespace

Result<ProcessId> spawn(const ProcessOptions& options) {
  const auto& words = options.words();
  if (words.empty() || words.front().empty() ||
      std::any_of(words.begin(), words.end(), holds_nul) || holds_nul(options.directory())) {
    return fail(std::errc::invalid_argument, "exec");
  }
  const auto variables = environment(options);
  if (!variables) return fail(variables.error());
  const auto copies = duplicates(options);
  if (!copies) return fail(copies.error());
  for (const Handle& given : options.given()) {
    if (auto blocking = os::set_nonblocking(given.get(), false); !blocking) {
      return fail(blocking.error());
    }
  }
  keep_ends_of_children();

  FileActions actions;
  for (std::size_t i = 0; i < copies->size(); ++i) {
    const int failed = ::posix_spawn_file_actions_adddup2(actions.get(), (*copies)[i].get(),
                                                          options.mappings()[i].number);
    if (failed != 0) return fail(system_error(failed, "dup2"));
  }
  const std::string& directory = options.directory();
  if (!directory.empty()) {
    const int failed = ::posix_spawn_file_actions_addchdir_np(actions.get(), directory.c_str());
    if (failed != 0) return fail(system_error(failed, "chdir"));
  }
  Attributes attributes(options.has_new_group());
  WordList argv(words);
  WordList envp(*variables);
  ProcessId child = 0;
  const int failed = ::posix_spawnp(&child, words.front().c_str(), actions.get(), attributes.get(),
                                    argv.data(), envp.data());
  if (failed == 0) return child;
  const bool chdir_failed = !directory.empty() && cannot_enter(directory);
  return fail(system_error(failed, chdir_failed ? "chdir" : "exec"));
}

}  // namespace fid::platform
