// SPDX-License-Identifier: MIT
#include "sys/file_reader.hpp"

#include "platform/blocking_io.hpp"

#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/workers.hpp>

#include <algorithm>

namespace fid::detail {
namespace {

constexpr std::size_t read_ahead = std::size_t{256} * 1024;

Failure would_block() {
  return fail(std::errc::resource_unavailable_try_again, "read");
}

}  // namespace

struct FileReader::Job {
  std::shared_ptr<const Handle> handle;
  std::unique_ptr<std::byte[]> bytes = std::make_unique_for_overwrite<std::byte[]>(read_ahead);
  Result<std::size_t> result;
  FileReader* owner;  // used by the reactor's thread alone

  Job(std::shared_ptr<const Handle> from, FileReader* reader)
      : handle(std::move(from)), owner(reader) {}
};

FileReader::FileReader(std::shared_ptr<const Handle> handle)
    : handle_(std::move(handle)), readiness_(Readiness::Kind::pieces, Ready::readable) {}

FileReader::~FileReader() {
  if (job_) job_->owner = nullptr;
}

Result<std::size_t> FileReader::attempt_read(MutableBytes into) {
  if (!handle_) return fail(std::errc::bad_file_descriptor, "read");
  if (into.empty()) return 0;
  switch (state_) {
    case State::reading:
      return would_block();
    case State::holding:
      return take_held(into);
    case State::idle:
      break;
  }
  if (knows_cached_) return read_cached(into);
  return read_on_worker();
}

Result<std::size_t> FileReader::read_cached(MutableBytes into) {
  auto count = platform::read_cached(handle_->get(), into);
  if (count) return count;
  if (!count.error().would_block()) knows_cached_ = false;
  return read_on_worker();
}

Result<std::size_t> FileReader::take_held(MutableBytes into) {
  const Result<std::size_t>& held = job_->result;
  if (!held || *held == 0) {
    state_ = State::idle;
    const Result<std::size_t> end = held;
    job_.reset();
    return end;
  }
  const Bytes rest = Bytes(job_->bytes.get(), *held).subspan(taken_);
  const std::size_t count = std::min(rest.size(), into.size());
  std::copy_n(rest.begin(), count, into.begin());
  taken_ += count;
  if (taken_ == *held) state_ = State::idle;
  return count;
}

Failure FileReader::read_on_worker() {
  if (!job_) job_ = std::make_shared<Job>(handle_, this);
  state_ = State::reading;
  taken_ = 0;
  Reactor& reactor = Reactor::current();
  auto read = [job = job_, mailbox = reactor.mailbox()]() mutable {
    job->result =
        platform::read_blocking(job->handle->get(), MutableBytes(job->bytes.get(), read_ahead));
    Mailbox& posted = *mailbox;
    posted.post([job = std::move(job)] {
      if (job->owner == nullptr) return;
      job->owner->state_ = State::holding;
      job->owner->readiness().set(Ready::readable);
    });
  };
  const auto submitted = reactor.workers().submit(std::move(read));
  if (submitted) return would_block();
  state_ = State::idle;
  return fail(submitted.error());
}

}  // namespace fid::detail
