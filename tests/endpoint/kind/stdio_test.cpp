// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"

#include <fid/base/os.hpp>
#include <fid/base/os_path.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <utility>

namespace fid::endpoint {
namespace {

using namespace test;

/// A standard descriptor is another one, for as long as this lives.
class Standing {
 public:
  Standing(Native number, const Handle& in) : number_(number), kept_(::dup(number)) {
    ::dup2(in.get(), number);
  }
  Standing(const Standing&) = delete;
  Standing& operator=(const Standing&) = delete;
  ~Standing() { ::dup2(kept_.get(), number_); }

 private:
  Native number_;
  Handle kept_;
};

TEST(StdioKind, ReadsStandardInputAndWritesStandardOutput) {
  run_test([]() -> Task<void> {
    auto input = co_await os::pipe();
    auto output = co_await os::pipe();
    co_await os::set_nonblocking(input.first.get(), false);
    const Standing in(0, input.first);
    const Standing out(1, output.second);
    output.second = Handle();
    {
      const ConnectionPtr stdio = co_await open_text("-");
      EXPECT_TRUE(stdio->tells_end);
      co_await os::write(input.second.get(), as_bytes("question"));
      input.second = Handle();
      EXPECT_EQ(co_await read_all_text(*stdio->stream), "question");
      co_await write_text(*stdio->stream, "answer");
      co_await stdio->stream->shutdown();
    }
    Buffer room(16);
    EXPECT_EQ(co_await os::read(output.first.get(), room), 6U);
    EXPECT_EQ(co_await os::read(output.first.get(), room), 0U) << "its end was not told";
    EXPECT_FALSE(co_await os::is_nonblocking(input.first.get()));
  });
}

TEST(StdioKind, LeavesAloneTheSideThatIsNotUsed) {
  run_test([]() -> Task<void> {
    auto input = co_await os::pipe();
    const Standing in(0, input.first);
    co_await os::write(input.second.get(), as_bytes("unread"));
    {
      const ConnectionPtr stdio = co_await open_text("-", Access::write);
      EXPECT_EQ(co_await read_all_text(*stdio->stream), "");
    }
    Buffer room(16);
    EXPECT_EQ(co_await os::read(input.first.get(), room), 6U);
  });
}

}  // namespace
}  // namespace fid::endpoint
