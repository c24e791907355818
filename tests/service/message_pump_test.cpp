// SPDX-License-Identifier: MIT
#include "service/message_pump.hpp"

#include "service/scripted_messages.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fid::service {
namespace {

using fid::test::run_test;
using fid::test::turns;
using test::ScriptedMessages;

using Texts = std::vector<std::string>;

TEST(MessagePump, OfAMessageThatWasCutNothingIsPassedOn) {
  run_test([]() -> Task<void> {
    ScriptedMessages from({"the beginning of"}, true);
    from.gives_cut = true;
    ScriptedMessages to;
    Event changed;
    MessagePump pump(from, to, changed, PumpOptions());
    pump.start();
    co_await changed.wait();
    EXPECT_EQ(pump.end(), PumpEnd::read_failed);
    EXPECT_EQ(pump.error().code, std::errc::message_size);
    EXPECT_EQ(to.sent, Texts());
  });
}

TEST(MessagePump, AMessageThatTheLimitDoesNotAllowIsUnsentAndTheLast) {
  run_test([]() -> Task<void> {
    ScriptedMessages from({"one", "", "three", "4"}, true);
    ScriptedMessages to;
    Event changed;
    PumpOptions options;
    options.limit = 7;
    MessagePump pump(from, to, changed, options);
    pump.start();
    co_await changed.wait();
    EXPECT_EQ(pump.end(), PumpEnd::limit);
    EXPECT_EQ(to.sent, (Texts{"one", ""}));
    EXPECT_EQ(pump.bytes(), 3U);
    EXPECT_EQ(pump.unsent(), 5U);
  });
}

TEST(MessagePump, WhatItsWriterDoesNotTakeIsUnsent) {
  run_test([]() -> Task<void> {
    ScriptedMessages from({"one", "three"}, true);
    ScriptedMessages to;
    to.refuses = std::errc::resource_unavailable_try_again;
    Event changed;
    MessagePump pump(from, to, changed, PumpOptions());
    pump.start();
    co_await turns(2);
    EXPECT_EQ(pump.unsent(), 3U);
    to.refuses.reset();
    to.write_readiness().set(Ready::writable);
    co_await changed.wait();
    EXPECT_EQ(pump.end(), PumpEnd::eof);
    EXPECT_EQ(pump.unsent(), 0U);
    EXPECT_EQ(pump.bytes(), 8U);
    EXPECT_EQ(to.sent, (Texts{"one", "three"}));
  });
}

TEST(MessagePump, WhatItsWriterFailedAtIsUnsent) {
  run_test([]() -> Task<void> {
    ScriptedMessages from({"three"}, true);
    ScriptedMessages to;
    to.refuses = std::errc::connection_refused;
    Event changed;
    MessagePump pump(from, to, changed, PumpOptions());
    pump.start();
    co_await changed.wait();
    EXPECT_EQ(pump.end(), PumpEnd::write_failed);
    EXPECT_EQ(pump.error().code, std::errc::connection_refused);
    EXPECT_EQ(pump.unsent(), 5U);
    EXPECT_EQ(pump.bytes(), 0U);
  });
}

}  // namespace
}  // namespace fid::service
