// SPDX-License-Identifier: MIT
#include "core/faults/far_side.hpp"
#include "core/faults/in_pieces.hpp"
#include "core/faults/scenarios.hpp"
#include "support/stream_text.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/base/os_path.hpp>
#include <fid/io/ops.hpp>
#include <fid/net/pipe.hpp>

#include <optional>
#include <string>
#include <utility>

namespace fid::test {
namespace {

struct MakePipe final : Act {
  Task<void> operation() override { co_await pipe::pipe(); }
};

struct MakeFifo final : Act {
  Task<void> operation() override {
    static_cast<void>(untouched([this] { return os::unlink(dir_ / "fifo"); }));
    co_await os::make_fifo(dir_ / "fifo", 0600);
  }

 private:
  TempDir dir_;
};

struct OpenFifo final : Act {
  Task<void> prepare() override { co_await os::make_fifo(dir_ / "fifo", 0600); }
  Task<void> operation() override {
    const auto receiver = co_await pipe::OpenOptions().open_receiver(dir_ / "fifo");
    const auto sender = co_await pipe::OpenOptions().open_sender(dir_ / "fifo");
  }

 private:
  TempDir dir_;
};

/// One end, in the mode that other programs expect.
Handle blocking_end(bool reader) {
  return untouched([reader] {
    auto ends = os::pipe().value();
    Handle end = reader ? std::move(ends.first) : std::move(ends.second);
    EXPECT_TRUE(os::set_nonblocking(end.get(), false));
    return end;
  });
}

struct AdoptEnds final : Act {
  Task<void> operation() override {
    Handle reader = blocking_end(true);
    co_await pipe::Receiver::from_native(std::move(reader));
    Handle writer = blocking_end(false);
    co_await pipe::Sender::from_native(std::move(writer));
  }
};

struct GiveUp final : Act {
  Task<void> operation() override {
    auto ends = untouched([] { return pipe::pipe().value(); });
    // Closed first, and with calls that do not fail, so that what fails is the other's.
    untouched([&ends] { const pipe::Receiver gone = std::move(ends.second); });
    co_await std::move(ends.first).into_blocking_fd();
  }
};

class WithPipe : public Act {
 public:
  Task<void> prepare() override { ends_.emplace(co_await pipe::pipe()); }

 protected:
  pipe::Sender& sender() { return ends_->first; }
  pipe::Receiver& receiver() { return ends_->second; }

 private:
  std::optional<std::pair<pipe::Sender, pipe::Receiver>> ends_;
};

struct Read final : WithPipe {
  Task<void> operation() override {
    says(sender(), "hello");
    EXPECT_EQ(co_await read_text(receiver(), 5), "hello");
  }
};

struct Write final : WithPipe {
  Task<void> operation() override {
    co_await write_all(sender(), as_bytes("hello"));
    EXPECT_EQ(hears(receiver(), 5), "hello");
  }
};

struct ReadVectored final : WithPipe {
  Task<void> operation() override {
    says(sender(), "abcdef");
    EXPECT_EQ(co_await read_in_pieces(receiver(), 6), "abcdef");
  }
};

struct WriteVectored final : WithPipe {
  Task<void> operation() override {
    co_await write_in_pieces(sender(), "abcdef");
    EXPECT_EQ(hears(receiver(), 6), "abcdef");
  }
};

struct StateOfPipe final : WithPipe {
  Task<void> operation() override {
    const os::PipeState state = co_await os::state_of_pipe(sender().native());
    EXPECT_EQ(state.unread, 0U);
    EXPECT_TRUE(state.has_reader);
  }
};

}  // namespace

std::vector<Scenario> pipe_scenarios() {
  constexpr Call mode{"fcntl", "F_GETFL"};
  constexpr std::string_view is_needed = "what an end is open for must be known";
  return {
      scenario<MakePipe>("Make"),
      scenario<MakeFifo>("MakeFifo"),
      scenario<OpenFifo>("OpenFifo"),
      scenario<AdoptEnds>("Adopt").reports(mode, "fcntl", is_needed),
      scenario<GiveUp>("GiveUp")
          .reports(mode, "fcntl", is_needed)
          .reports({"epoll_ctl", "EPOLL_CTL_DEL"}, "epoll_ctl", "it would still be watched"),
      scenario<Read>("Read").moves_bytes(),
      scenario<Write>("Write").moves_bytes(),
      scenario<ReadVectored>("ReadVectored").moves_bytes(),
      scenario<WriteVectored>("WriteVectored").moves_bytes(),
      scenario<StateOfPipe>("State"),
  };
}

}  // namespace fid::test
