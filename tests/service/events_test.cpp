// SPDX-License-Identifier: MIT
#include "service/events.hpp"

#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/thread_signals.hpp>

#include <gtest/gtest.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <thread>
#include <vector>

namespace fid::service {
namespace {

using namespace std::chrono_literals;

constexpr const char* stamp = R"({"v":1,"t":1700000000000000001,"m":5000000000,"ev":)";

class EventsTest : public testing::Test {
 protected:
  EventsTest() {
    auto pipe = os::pipe();
    reader_ = std::move(pipe->first);
    EventClock clock;
    clock.utc = [] {
      return std::chrono::system_clock::time_point(std::chrono::nanoseconds(1700000000000000001));
    };
    clock.steady = [] { return TimePoint(5s); };
    events_ = Events(std::move(*LineSink::open(std::to_string(pipe->second.get()))), clock);
  }

  std::string written() {
    std::vector<std::byte> buffer(1 << 16);
    const auto count = os::read(reader_.get(), buffer);
    return count ? std::string(as_text(Bytes(buffer).first(*count))) : std::string();
  }

  /// What was written is one event, from its name on.
  void expect_event(const std::string& rest) { EXPECT_EQ(written(), stamp + rest + "}\n"); }

  PipeSignalGuard no_pipe_signal_;
  Handle reader_;
  Events events_;
};

TEST_F(EventsTest, BeginWithVersionTimesAndName) {
  events_.listening("tcp://127.0.0.1:8080");
  EXPECT_EQ(written(), std::string(stamp) + "\"listening\",\"url\":\"tcp://127.0.0.1:8080\"}\n");
}

TEST_F(EventsTest, CarryTheKeysOfTheirKind) {
  events_.listening("unix:/x", 0660);
  expect_event(R"("listening","url":"unix:/x","mode":"0660")");
  events_.ready(42, std::vector<std::string>{"tcp://a:1", "unix:/x"});
  expect_event(R"("ready","pid":42,"urls":["tcp://a:1","unix:/x"])");
  events_.accept(7, {.peer = "1.2.3.4:5", .local = "4.3.2.1:80", .took = 1500us});
  expect_event(R"("accept","id":7,"peer":"1.2.3.4:5","local":"4.3.2.1:80","ms":1.5)");
  events_.connect(7, {.peer = "/x", .local = "", .uid = 0, .gid = 100});
  expect_event(R"("connect","id":7,"peer":"/x","local":"","uid":0,"gid":100,"ms":0.0)");
  events_.eof(7, Side::b, 1'000'000'000'000);
  expect_event(R"("eof","id":7,"from":"b","bytes":1000000000000)");
  events_.stats({.open = 1, .accepted = 2, .a_to_b = 3, .b_to_a = 4});
  expect_event(R"("stats","open":1,"accepted":2,"a_to_b":3,"b_to_a":4)");
  events_.stats(7, 8, 9);
  expect_event(R"("stats","id":7,"a_to_b":8,"b_to_a":9)");
  events_.retry("tcp://a:1", 3, 250ms, system_error(ECONNREFUSED, "connect"));
  expect_event(R"("retry","url":"tcp://a:1","n":3,"wait_ms":250.0,"cause":"ECONNREFUSED")");
  events_.drain(15, 2);
  expect_event(R"("drain","signal":15,"left":2)");
  events_.exit(ExitStatus::deadline);
  expect_event(R"("exit","status":124)");
}

TEST_F(EventsTest, ACloseThatIsIncompleteSaysWhatWasLeft) {
  ConnectionEnd end;
  end.a_to_b = 10;
  end.b_to_a = 20;
  end.lasted = 2s;
  end.by = Side::a;
  events_.close(1, end);
  expect_event(
      R"("close","id":1,"a_to_b":10,"b_to_a":20,"ms":2000.0,"by":"a","reason":"eof","complete":true)");
  end.by = Side::self;
  end.reason = CloseReason::timeout_idle;
  end.complete = false;
  end.unsent = 5;
  events_.close(1, end);
  expect_event(
      R"("close","id":1,"a_to_b":10,"b_to_a":20,"ms":2000.0,"by":"self","reason":"timeout-idle",)"
      R"("complete":false,"unsent":5)");
}

TEST_F(EventsTest, AnErrorHasItsNumberIfTheSystemGaveOne) {
  events_.error(system_error(ECONNRESET, "read"), "tcp://a:1", 3);
  expect_event(R"x("error","id":3,"cause":"ECONNRESET","errno":104,)x"
               R"x("text":"read: Connection reset by peer (ECONNRESET)","url":"tcp://a:1")x");
  events_.error({make_error_code(Errc::deadline_passed), "connect"}, "tcp://a:1");
  expect_event(R"x("error","cause":"DEADLINE_PASSED",)x"
               R"x("text":"connect: deadline passed (DEADLINE_PASSED)","url":"tcp://a:1")x");
}

TEST_F(EventsTest, TextIsEscapedAndWrongBytesAreReplaced) {
  events_.listening("unix:/\"\\\n\x01\xc3\xa9\xff");
  expect_event("\"listening\",\"url\":\"unix:/\\\"\\\\\\n\\u0001\xc3\xa9\xef\xbf\xbd\"");
}

TEST_F(EventsTest, LinesThatWereDroppedAreCountedInTheNext) {
  const std::string url(4000, 'x');
  for (std::size_t i = 0; i < LineSink::room / 2000; ++i) events_.listening(url);
  while (!written().empty()) events_.flush();
  events_.exit(ExitStatus::complete);
  const std::string last = written();
  EXPECT_NE(last.find("\"dropped\":"), std::string::npos) << last;
}

TEST_F(EventsTest, AVanishedReaderTurnsThemOff) {
  reader_ = Handle();
  events_.exit(ExitStatus::complete);
  EXPECT_FALSE(events_.is_on());
  events_.exit(ExitStatus::complete);
}

TEST(Events, AreOffUnlessAskedFor) {
  auto events = Events::open("");
  ASSERT_TRUE(events);
  EXPECT_FALSE(events->is_on());
  events->exit(ExitStatus::complete);
}

TEST(Events, ADescriptorThatIsNotThereIsAnError) {
  const auto events = Events::open("999999");
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code, std::errc::bad_file_descriptor);
}

TEST(ConnectionEnd, ReasonsAreCalledAsTheManualSays) {
  EXPECT_EQ(name_of(CloseReason::eof), "eof");
  EXPECT_EQ(name_of(CloseReason::reset), "reset");
  EXPECT_EQ(name_of(CloseReason::timeout_half), "timeout-half");
  EXPECT_EQ(name_of(CloseReason::timeout_total), "timeout-total");
  EXPECT_EQ(name_of(CloseReason::limit), "limit");
  EXPECT_EQ(name_of(CloseReason::refused), "refused");
  EXPECT_EQ(name_of(CloseReason::policy), "policy");
  EXPECT_EQ(name_of(CloseReason::drain), "drain");
  EXPECT_EQ(name_of(CloseReason::signal), "signal");
  EXPECT_EQ(name_of(CloseReason::write_error), "write-error");
  EXPECT_EQ(name_of(CloseReason::fault), "fault");
}

TEST(Events, OfSeveralThreadsAreWholeLinesInTheOrderOfTheirTimes) {
  const test::TempDir dir;
  Events events = Events::open(dir / "events").value();
  std::vector<std::thread> threads;
  for (ConnectionId id = 1; id <= 4; ++id) {
    threads.emplace_back([&events, id] {
      for (std::uint64_t count = 0; count < 250 && events.is_on(); ++count) {
        events.eof(id, Side::a, count);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::ifstream file(dir / "events");
  std::map<int, int> next;
  std::string last;
  for (std::string line; std::getline(file, line);) {
    std::smatch found;
    const std::regex whole(
        R"(\{"v":1,"t":\d+,"m":(\d+),"ev":"eof","id":(\d),"from":"a","bytes":(\d+)\})");
    ASSERT_TRUE(std::regex_match(line, found, whole)) << line;
    EXPECT_EQ(std::stoi(found[3]), next[std::stoi(found[2])]++);
    const std::string moment = std::string(24 - found[1].str().size(), '0') + found[1].str();
    EXPECT_LE(last, moment);
    last = moment;
  }
  EXPECT_EQ(next, (std::map<int, int>{{1, 250}, {2, 250}, {3, 250}, {4, 250}}));
}

}  // namespace
}  // namespace fid::service
