// SPDX-License-Identifier: MIT
#include "sys/file_writer.hpp"

#include "platform/blocking_io.hpp"

#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/workers.hpp>

#include <algorithm>

namespace fid::detail {
namespace {

// Two of them: one being filled, one being written.
constexpr std::size_t buffer_size = std::size_t{128} * 1024;

Failure would_block() {
  return fail(std::errc::resource_unavailable_try_again, "write");
}

}  // namespace

struct FileWriter::Job {
  std::shared_ptr<Handle> handle;
  Buffer bytes;
  Result<void> result;
  FileWriter* owner;  // used by the reactor's thread alone

  Job(std::shared_ptr<Handle> to, FileWriter* writer) : handle(std::move(to)), owner(writer) {}
};

FileWriter::FileWriter(std::shared_ptr<Handle> handle, AtEnd at_end)
    : handle_(std::move(handle)),
      readiness_(Readiness::Kind::pieces, Ready::writable),
      job_(std::make_shared<Job>(handle_, this)),
      at_end_(at_end) {}

FileWriter::~FileWriter() {
  job_->owner = nullptr;
}

Result<std::size_t> FileWriter::attempt_write(Bytes from) {
  if (!handle_) return fail(std::errc::bad_file_descriptor, "write");
  if (error_) return fail(*error_);
  if (state_ != State::open) return fail(std::errc::broken_pipe, "write");
  if (from.empty()) return 0;
  const std::size_t count = std::min(from.size(), buffer_size - pending_.size());
  if (count == 0) return would_block();
  pending_.insert(pending_.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
  if (!working_) start();
  return count;
}

Result<void> FileWriter::attempt_flush() {
  if (error_) return fail(*error_);
  if (working_) return would_block();
  return {};
}

Result<void> FileWriter::attempt_shutdown() {
  if (!handle_) return {};
  if (auto flushed = attempt_flush(); !flushed) return flushed;
  if (state_ == State::closed) return {};
  start_closing();
  return attempt_flush();  // an error if no worker could start
}

void FileWriter::start() {
  job_->bytes.clear();
  job_->bytes.swap(pending_);
  submit([](Job& job) { return platform::write_blocking(job.handle->get(), job.bytes); });
}

void FileWriter::start_closing() {
  state_ = State::closing;
  // Some file systems say only now that they could not keep what was written; any close tells.
  submit([at_end = at_end_](Job& job) -> Result<void> {
    if (at_end == AtEnd::close) return platform::close_checked(std::move(*job.handle));
    auto copy = os::duplicate(job.handle->get());
    if (!copy) return fail(copy.error());
    return platform::close_checked(std::move(*copy));
  });
}

template <class Work>
void FileWriter::submit(Work work) {
  working_ = true;
  Reactor& reactor = Reactor::current();
  auto write = [job = job_, work, mailbox = reactor.mailbox()]() mutable {
    job->result = work(*job);
    Mailbox& posted = *mailbox;
    posted.post([job = std::move(job)] {
      if (job->owner != nullptr) job->owner->worker_is_done();
    });
  };
  const auto submitted = reactor.workers().submit(std::move(write));
  if (submitted) return;
  job_->result = fail(submitted.error());
  worker_is_done();
}

void FileWriter::worker_is_done() {
  working_ = false;
  if (state_ == State::closing) state_ = State::closed;
  if (!job_->result) {
    error_ = job_->result.error();
    pending_ = Buffer();
    readiness_->set(Ready::writable | Ready::write_closed | Ready::error);
    return;
  }
  if (!pending_.empty()) {
    start();
  } else {
    // An idle file keeps no memory.
    pending_ = Buffer();
    job_->bytes = Buffer();
  }
  readiness_->set(Ready::writable);
}

}  // namespace fid::detail
