// SPDX-License-Identifier: MIT
#include "support/descriptor_leaks.hpp"
#include "support/run_test.hpp"

#include <fid/reactor/signals.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::run_test;

bool is_blocked(int number) {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return sigismember(&mask, number) == 1;
}

TEST(Signals, GiveWhatWasSent) {
  run_test([]() -> Task<void> {
    Signals signals = co_await Signals::create(Signal::terminate | Signal::user1);
    ::kill(::getpid(), SIGUSR1);
    EXPECT_EQ(co_await signals.next(), Signal::user1);
    ::kill(::getpid(), SIGTERM);
    EXPECT_EQ(co_await signals.next(), Signal::terminate);
  });
}

TEST(Signals, WakeWhoAlreadyWaits) {
  run_test([]() -> Task<void> {
    Signals signals = co_await Signals::create(Signal::hang_up);
    auto send_later = []() -> Task<void> {
      co_await yield_now();
      ::kill(::getpid(), SIGHUP);
    };
    auto [signal, sent] = co_await all(signals.next(), send_later());
    EXPECT_EQ(signal, Signal::hang_up);
  });
}

TEST(Signals, SentTwiceBeforeItIsTakenIsOne) {
  run_test([]() -> Task<void> {
    Signals signals = co_await Signals::create(Signal::child_exit);
    ::kill(::getpid(), SIGCHLD);
    ::kill(::getpid(), SIGCHLD);
    EXPECT_EQ(co_await signals.next(), Signal::child_exit);
    const auto again = co_await as_result(with_deadline(5ms, signals.next()));
    EXPECT_EQ(again.error().code, Errc::deadline_passed);
  });
}

TEST(Signals, ACancelledWaitTakesNone) {
  run_test([]() -> Task<void> {
    Signals signals = co_await Signals::create(Signal::user2);
    {
      auto waiting = signals.next();
      EXPECT_FALSE(waiting.start());
      ::kill(::getpid(), SIGUSR2);
    }
    EXPECT_EQ(co_await signals.next(), Signal::user2);
  });
}

TEST(Signals, PutTheMaskBackAsItWas) {
  run_test([]() -> Task<void> {
    sigset_t mine;
    sigemptyset(&mine);
    sigaddset(&mine, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &mine, nullptr);
    {
      const Signals signals = co_await Signals::create(Signal::user1 | Signal::user2);
      EXPECT_TRUE(is_blocked(SIGUSR1));
    }
    EXPECT_FALSE(is_blocked(SIGUSR1));
    EXPECT_TRUE(is_blocked(SIGUSR2));
    pthread_sigmask(SIG_UNBLOCK, &mine, nullptr);
  });
}

TEST(Signals, RefuseWhatCannotBeWaitedFor) {
  run_test([]() -> Task<void> {
    EXPECT_EQ(Signals::create({}).error().code, std::errc::invalid_argument);
    EXPECT_EQ(Signals::create(Signal::user1 | Signal::kill).error().code,
              std::errc::invalid_argument);
    EXPECT_FALSE(is_blocked(SIGUSR1));
    co_return;
  });
}

TEST(Signals, HaveTheSystemsNumbersAndNames) {
  EXPECT_EQ(signal_number(Signal::terminate), SIGTERM);
  EXPECT_EQ(signal_of(SIGINT), Signal::interrupt);
  EXPECT_EQ(signal_of(0), std::nullopt);
  EXPECT_EQ(signal_name(SIGHUP), "SIGHUP");
}

TEST(Signals, ResettingLeavesNoneBlockedAndPipeDeadly) {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  reset_signals();
  EXPECT_FALSE(is_blocked(SIGTERM));
  struct sigaction action {};
  ::sigaction(SIGPIPE, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

TEST(Signals, TellWhatWasIgnoredFromTheStart) {
  EXPECT_FALSE(is_ignored(Signal::hang_up));
  ::signal(SIGHUP, SIG_IGN);
  EXPECT_TRUE(is_ignored(Signal::hang_up));
  ::signal(SIGHUP, SIG_DFL);
}

TEST(Signals, AreNotInherited) {
  run_test([]() -> Task<void> {
    const auto before = test::OpenDescriptors::open_now();
    const Signals signals = co_await Signals::create(Signal::user1);
    int made = 0;
    for (const auto& [number, what] : test::OpenDescriptors::open_now()) {
      if (before.contains(number)) continue;
      ++made;
      EXPECT_EQ(::fcntl(std::stoi(number), F_GETFD), FD_CLOEXEC) << what;
    }
    EXPECT_EQ(made, 1);
  });
}

}  // namespace
}  // namespace fid
