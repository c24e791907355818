// SPDX-License-Identifier: MIT
#include "support/descriptor_leaks.hpp"

#include "core/io/kernel_pipe.hpp"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

namespace fid::test {

OpenDescriptors::Open OpenDescriptors::open_now() {
  Open open;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const auto what = std::filesystem::read_symlink(entry.path(), error);
    // The listing itself has a descriptor too, which is gone by the time it is looked at again.
    if (!error && !what.string().ends_with("/fd")) {
      open.emplace(entry.path().filename().string(), what.string());
    }
  }
  return open;
}

OpenDescriptors::OpenDescriptors() {
  detail::KernelPipe::drop_spare();
  before_ = open_now();
}

void OpenDescriptors::expect_unchanged() const {
  detail::KernelPipe::drop_spare();
  // Threads that nobody waits for let go of what they hold soon after.
  Open now = open_now();
  for (int tries = 0; now != before_ && tries < 200; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    now = open_now();
  }
  for (const auto& [number, what] : now) {
    if (before_.count(number) == 0) ADD_FAILURE() << "left open: " << number << ", " << what;
  }
  for (const auto& [number, what] : before_) {
    const auto still = now.find(number);
    if (still == now.end()) {
      ADD_FAILURE() << "closed: " << number << ", " << what;
    } else if (still->second != what) {
      ADD_FAILURE() << number << ", " << what << ", has become " << still->second;
    }
  }
}

void DescriptorLeaks::OnTestStart(const testing::TestInfo&) {
  before_.emplace();
}

void DescriptorLeaks::OnTestEnd(const testing::TestInfo&) {
  before_->expect_unchanged();
}

}  // namespace fid::test
