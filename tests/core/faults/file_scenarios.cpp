// SPDX-License-Identifier: MIT
// Names in the file system, files read and written by workers, and handles that were inherited.
#include "core/faults/far_side.hpp"
#include "core/faults/scenarios.hpp"
#include "core/platform/blocking_io.hpp"
#include "support/pty.hpp"
#include "support/stream_text.hpp"
#include "support/tcp_stream_pair.hpp"
#include "support/temp_dir.hpp"
#include "support/udp_pair.hpp"

#include <fid/base/os.hpp>
#include <fid/base/os_path.hpp>
#include <fid/base/os_queue.hpp>
#include <fid/io/ops.hpp>
#include <fid/sys/file.hpp>
#include <fid/sys/std_stream.hpp>
#include <fid/sys/terminal.hpp>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace fid::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view content = "hello";

os::OpenOptions for_writing() {
  os::OpenOptions options;
  options.write = true;
  options.create = true;
  options.truncate = true;
  return options;
}

os::OpenOptions for_reading() {
  os::OpenOptions options;
  options.read = true;
  return options;
}

/// A file with some content, made anew for each operation.
class WithFile : public Act {
 protected:
  std::string path() const { return dir_ / "file"; }
  std::string other_path() const { return dir_ / "other"; }

  void make() const {
    untouched([this] {
      const Handle file = os::open(path(), for_writing()).value();
      EXPECT_TRUE(os::write(file.get(), as_bytes(content)));
    });
  }
  Handle open(const os::OpenOptions& options) const {
    return untouched([&] { return os::open(path(), options).value(); });
  }
  std::string content_now() const {
    const Handle file = open(for_reading());
    std::string text(64, '\0');
    const auto room = std::as_writable_bytes(std::span(text));
    text.resize(untouched([&] { return os::read(file.get(), room).value(); }));
    return text;
  }

 private:
  TempDir dir_;
};

struct Status final : WithFile {
  Task<void> operation() override {
    make();
    EXPECT_FALSE((co_await os::status_of(path())).is_socket);
    EXPECT_EQ(co_await os::file_size(path()), content.size());
  }
};

struct Rename final : WithFile {
  Task<void> operation() override {
    make();
    co_await os::rename(path(), other_path());
  }
};

struct Unlink final : WithFile {
  Task<void> operation() override {
    make();
    co_await os::unlink(path());
  }
};

struct ChangeOwner final : WithFile {
  Task<void> operation() override {
    make();
    co_await os::change_owner(path(), std::nullopt, std::nullopt);
  }
};

struct LockDirectory final : WithFile {
  Task<void> operation() override { co_await os::lock_directory_of(path()); }
};

struct FindUser final : Act {
  Task<void> operation() override { EXPECT_EQ(co_await os::find_user("root"), 0U); }
};

struct FindGroup final : Act {
  Task<void> operation() override { EXPECT_EQ(co_await os::find_group("root"), 0U); }
};

struct Places final : WithFile {
  Task<void> operation() override {
    make();
    const Handle file = open(for_reading());
    EXPECT_EQ(co_await os::file_size(file.get()), content.size());
    EXPECT_EQ(co_await os::seek(file.get(), -2, true), content.size() - 2);
    EXPECT_EQ(co_await os::position(file.get()), content.size() - 2);
  }
};

struct Open final : WithFile {
  Task<void> operation() override {
    make();
    FileOptions options;
    options.open = for_reading();
    options.seek = 1;
    co_await File::open(path(), options);
  }
};

struct Read final : WithFile {
  Task<void> operation() override {
    make();
    File file = untouched([this] { return File::adopt(open(for_reading())); });
    EXPECT_EQ(co_await read_all_text(file), content);
  }
};

struct Write final : WithFile {
  Task<void> operation() override {
    File file = untouched([this] { return File::adopt(open(for_writing())); });
    co_await write_all(file, as_bytes(content));
    co_await file.shutdown();
    EXPECT_EQ(content_now(), content);
  }
};

/// It may still be read, so a copy of the handle is what tells whether the file system kept all.
struct WriteAndKeep final : WithFile {
  Task<void> operation() override {
    make();
    auto options = for_reading();
    options.write = true;
    File file = untouched([&] { return File::adopt(open(options)); });
    co_await write_all(file, as_bytes("HELLO"));
    co_await file.shutdown();
    EXPECT_EQ(content_now(), "HELLO");
  }
};

/// A pipe as a shell makes it: it blocks, and so do its duplicates.
class WithInheritedPipe : public Act {
 public:
  Task<void> prepare() override {
    auto ends = co_await os::pipe();
    co_await os::set_nonblocking(ends.first.get(), false);
    co_await os::set_nonblocking(ends.second.get(), false);
    reader_ = std::move(ends.first);
    writer_ = std::move(ends.second);
  }

 protected:
  Native reader() const { return reader_.get(); }
  Native writer() const { return writer_.get(); }

 private:
  Handle reader_;
  Handle writer_;
};

struct ReadInheritedPipe final : WithInheritedPipe {
  Task<void> operation() override {
    EXPECT_TRUE(untouched([this] { return os::write(writer(), as_bytes("x")); }));
    const ReaderPtr in = co_await inherited_reader(reader());
    EXPECT_EQ(co_await read_text(*in, 1), "x");
  }
};

struct OpenInheritedWriter final : WithInheritedPipe {
  Task<void> operation() override { co_await inherited_writer(writer()); }
};

struct InheritedSocket final : Act {
  Task<void> prepare() override { ends_.emplace(co_await os::socket_pair(os::SocketType::stream)); }
  Task<void> operation() override {
    const StreamPtr stream = co_await inherited_stream(ends_->first.get());
    co_await write_all(*stream, as_bytes("x"));
    EXPECT_TRUE(untouched([this] { return os::send(ends_->second.get(), as_bytes("y")); }));
    EXPECT_EQ(co_await read_text(*stream, 1), "y");
  }

 private:
  std::optional<std::pair<Handle, Handle>> ends_;
};

struct Reopen final : WithInheritedPipe {
  Task<void> operation() override { co_await os::reopen(reader(), os::Access{true, false}); }
};

struct ReplaceByNull final : Act {
  Task<void> operation() override {
    const auto ends = untouched([] { return os::pipe().value(); });
    co_await platform::replace_by_null(ends.first.get());
  }
};

struct CloseOnExec final : WithInheritedPipe {
  Task<void> operation() override { co_await os::set_close_on_exec(reader(), true); }
};

struct WaitWritable final : WithInheritedPipe {
  Task<void> operation() override { EXPECT_TRUE(co_await os::wait_writable(writer(), 1s)); }
};

struct LookAtQueue final : Act {
  Task<void> prepare() override { pair_.emplace(co_await udp_pair()); }
  Task<void> operation() override {
    EXPECT_FALSE(co_await os::is_readable(pair_->near.native()));
    co_await os::mark_messages(pair_->near.native());
  }

 private:
  std::optional<UdpPair> pair_;
};

struct Unacknowledged final : Act {
  Task<void> prepare() override { pair_.emplace(co_await tcp_stream_pair()); }
  Task<void> operation() override {
    EXPECT_EQ(os::unacknowledged(pair_->near.native()), 0U);
    co_return;
  }

 private:
  std::optional<TcpPair> pair_;
};

struct AskTerminal final : Act {
  Task<void> operation() override {
    static_cast<void>(is_terminal(terminal_.program.get()));
    static_cast<void>(window_size(terminal_.program.get()));
    co_await os::kind_of(terminal_.program.get());
  }

 private:
  Terminal terminal_{Terminal::Mode::raw};
};

}  // namespace

std::vector<Scenario> file_scenarios() {
  constexpr Call mode{"fcntl", "F_GETFL"};
  constexpr Call status{"fstat", ""};
  constexpr std::string_view by_worker = "a worker reads it as it is";
  constexpr std::string_view may_not = "what is not known to be permitted is not";
  return {
      scenario<Status>("Status"),
      scenario<Rename>("Rename"),
      scenario<Unlink>("Unlink"),
      scenario<ChangeOwner>("ChangeOwner"),
      scenario<LockDirectory>("LockDirectory"),
      scenario<FindUser>("FindUser"),
      scenario<FindGroup>("FindGroup"),
      scenario<Places>("Places"),
      scenario<Open>("Open").with_workers().ignores(status, "what a directory is shows later"),
      scenario<Read>("Read")
          .with_workers()
          .moves_bytes()
          .ignores(status, "a worker finds the end")
          .ignores({"lseek", ""}, "a worker finds the end"),
      scenario<Write>("Write").with_workers().moves_bytes().reports(
          {"close", ""}, "close", "what was written before may be lost", {.nth = 0}),
      scenario<WriteAndKeep>("WriteAndKeep")
          .with_workers()
          .moves_bytes()
          .reports({"close", ""}, "close", "what was written before may be lost", {.nth = 0}),
      scenario<ReadInheritedPipe>("ReadInheritedPipe")
          .with_workers()
          .moves_bytes()
          .reports(mode, "read", may_not, {.nth = 0})
          .reports(status, "read", "what it is must be known", {.nth = 0})
          .ignores(status, "only the master of a terminal cannot be opened again")
          .ignores({"open", ""}, by_worker),
      scenario<ReadInheritedPipe>("ReadInheritedPipeByWorkers")
          .without({"open", ""}, EACCES)
          .with_workers()
          .moves_bytes()
          .reports(mode, "read", may_not, {.nth = 0})
          .reports(status, "read", "what it is must be known", {.nth = 0})
          .ignores(status, "only the master of a terminal cannot be opened again"),
      scenario<OpenInheritedWriter>("OpenInheritedWriter")
          .reports(mode, "write", may_not, {.nth = 0})
          .reports(status, "write", "what it is must be known", {.nth = 0})
          .ignores(status, "only the master of a terminal cannot be opened again")
          .ignores({"open", ""}, "a worker writes it as it is"),
      scenario<OpenInheritedWriter>("OpenInheritedWriterForWorkers")
          .without({"open", ""}, EACCES)
          .reports(mode, "write", may_not, {.nth = 0})
          .reports(status, "write", "what it is must be known", {.nth = 0})
          .ignores(status, "only the master of a terminal cannot be opened again"),
      scenario<InheritedSocket>("InheritedSocket")
          .moves_bytes()
          .reports(mode, "fcntl", "which sides there are must be known", {.nth = 0})
          .reports(mode, "read", may_not, {.nth = 1})
          .reports(mode, "write", may_not, {.nth = 2})
          .reports(status, "read", "what it is must be known", {.nth = 0})
          .reports(status, "write", "what it is must be known", {.nth = 1})
          .ignores({"getsockopt", "SO_ACCEPTCONN"}, "most sockets do not listen"),
      scenario<Reopen>("Reopen")
          .reports(mode, "fcntl", "whether it appends is to be kept")
          .ignores(status, "only the master of a terminal cannot be opened again"),
      scenario<ReplaceByNull>("ReplaceByNull").ignores({"open", ""}, "an end of a pipe does too"),
      scenario<ReplaceByNull>("ReplaceByPipe").without({"open", ""}, ENOENT),
      scenario<CloseOnExec>("CloseOnExec"),
      scenario<WaitWritable>("WaitWritable"),
      scenario<LookAtQueue>("LookAtQueue"),
      scenario<Unacknowledged>("Unacknowledged"),
      scenario<AskTerminal>("AskTerminal"),
  };
}

}  // namespace fid::test
