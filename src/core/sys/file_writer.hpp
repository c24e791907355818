// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/base/handle.hpp>
#include <fid/reactor/soft_readiness.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace fid::detail {

/// Writes to a handle that may block, without blocking: one buffer is filled here while a worker
/// writes the other.
class FileWriter {
 public:
  /// What to do with the handle at the end: close it, or leave it to others who use it.
  enum class AtEnd : std::uint8_t { close, leave };

  /// A null handle stands for one that cannot be written: writes fail with bad_file_descriptor.
  FileWriter(std::shared_ptr<Handle> handle, AtEnd at_end);
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter();

  Result<std::size_t> attempt_write(Bytes from);
  Result<void> attempt_flush();
  Result<void> attempt_shutdown();
  Readiness& readiness() noexcept { return *readiness_; }

 private:
  struct Job;
  enum class State : std::uint8_t { open, closing, closed };

  void start();
  void start_closing();
  template <class Work>
  void submit(Work work);
  void worker_is_done();

  std::shared_ptr<Handle> handle_;
  SoftReadiness readiness_;
  Buffer pending_;
  std::shared_ptr<Job> job_;
  std::optional<Error> error_;  // lasts: no caller may take it for written
  AtEnd at_end_;
  State state_ = State::open;
  bool working_ = false;
};

}  // namespace fid::detail
