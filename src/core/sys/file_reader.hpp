// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/base/handle.hpp>
#include <fid/reactor/soft_readiness.hpp>

#include <cstddef>
#include <memory>

namespace fid::detail {

/// Reads from a handle that may block, without blocking.
///
///     state   | a read gives               | next
///     idle    | what is in memory, if that | idle
///             | is known; else would-block | reading, with a worker
///     reading | would-block                | holding, when the worker is done
///     holding | what the worker read, its  | idle, once all of it was taken
///             | end of file or its error   |
class FileReader {
 public:
  /// A null handle stands for one that cannot be read: reads fail with bad_file_descriptor.
  explicit FileReader(std::shared_ptr<const Handle> handle);
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  ~FileReader();

  Result<std::size_t> attempt_read(MutableBytes into);
  Readiness& readiness() noexcept { return *readiness_; }

 private:
  struct Job;
  enum class State : std::uint8_t { idle, reading, holding };

  Result<std::size_t> read_cached(MutableBytes into);
  Result<std::size_t> take_held(MutableBytes into);
  /// Would-block, or why no worker could start.
  Failure read_on_worker();

  std::shared_ptr<const Handle> handle_;
  SoftReadiness readiness_;
  std::shared_ptr<Job> job_;  // of the worker while reading, ours otherwise
  std::size_t taken_ = 0;     // of what the job has read
  State state_ = State::idle;
  bool knows_cached_ = true;  // whether reads can be told not to wait for the disk
};

}  // namespace fid::detail
