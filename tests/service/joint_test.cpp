// SPDX-License-Identifier: MIT
#include "service/joint.hpp"

#include "endpoint/native_syntax.hpp"
#include "support/run_test.hpp"

#include <fid/io/duplex.hpp>

#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace fid::service {
namespace {

using endpoint::Address;
using endpoint::ConnectionPtr;
using test::run_test;

Address address(const std::string& text) {
  return *endpoint::parse_native(text, endpoint::Place::connects);
}

/// A stream in memory and a command joined, with the options of their addresses.
class Rig {
 public:
  explicit Rig(const std::string& options_of_a = "", const std::string& command = "exec:cat")
      : a_(address("unix:unused" + options_of_a)), b_(address(command)) {}

  /// Runs them to the end of both, for a client that has sent that much; `client` stays open.
  Task<JoinEndPtr> run(std::string text, bool ends) {
    auto [near, far] = duplex(65536);
    client = make_stream(std::move(near));
    co_await client->write(as_bytes(text));
    if (ends) co_await client->shutdown();
    auto a = std::make_unique<endpoint::Connection>();
    a->stream = make_stream(std::move(far));
    const endpoint::OpenContext context;
    ConnectionPtr b = co_await endpoint::open(b_, context);
    JointPtr joint = std::make_unique<Joint>(1, JoinedSide(a_, std::move(a)),
                                             JoinedSide(b_, std::move(b)), around_, std::nullopt);
    auto running = service::run(std::move(joint));
    co_return co_await std::move(running);
  }

  StreamPtr client;

 private:
  Address a_;
  Address b_;
  Events events_;
  spdlog::logger log_{"test"};
  LiveRelays live_;
  TransferSettings transfer_;
  Surroundings around_{events_, log_, live_, transfer_};
};

TEST(Joint, TheLingerOfAnAddressHolds) {
  run_test([]() -> Task<void> {
    Rig rig(",linger=0", "exec:sleep 600");
    const JoinEndPtr end = co_await rig.run("", true);
    EXPECT_EQ(end->relay.end.reason, CloseReason::timeout_half);
    EXPECT_FALSE(end->relay.end.complete);
  });
}

TEST(Joint, TellsThatACommandHasFailed) {
  run_test([]() -> Task<void> {
    Rig rig("", "exec:sh -c 'cat; exit 3'");
    const JoinEndPtr end = co_await rig.run("text", true);
    EXPECT_TRUE(end->relay.end.complete);
    EXPECT_TRUE(end->failed_command && end->failed_command->side == Side::b);
    EXPECT_TRUE(end->failed_command && end->failed_command->code == ExitCode::exited(3));
  });
}

TEST(Joint, ACommandThatReadsToTheEndAfterItsOutputHasEndedIsNotHeldUp) {
  run_test([]() -> Task<void> {
    Rig rig("", "exec:sh -c 'exec >&-; cat >/dev/null',eof=close");
    const JoinEndPtr end = co_await rig.run("", false);
    EXPECT_EQ(end->relay.end.by, Side::b);
    EXPECT_FALSE(end->command_cut.has_value());
  });
}

}  // namespace
}  // namespace fid::service
