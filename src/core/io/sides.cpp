// SPDX-License-Identifier: MIT
#include <fid/io/sides.hpp>

namespace fid {
namespace {

class Joined final : public Stream {
 public:
  Joined(ReaderPtr reader, WriterPtr writer) noexcept
      : reader_(std::move(reader)), writer_(std::move(writer)) {}

  Result<std::size_t> attempt_read(MutableBytes into) override {
    return reader_->attempt_read(into);
  }
  Readiness& read_readiness() override { return reader_->read_readiness(); }
  std::optional<Native> read_handle() const noexcept override { return reader_->read_handle(); }

  Result<std::size_t> attempt_write(Bytes from) override { return writer_->attempt_write(from); }
  Result<void> attempt_flush() override { return writer_->attempt_flush(); }
  Result<void> attempt_shutdown() override { return writer_->attempt_shutdown(); }
  Readiness& write_readiness() override { return writer_->write_readiness(); }
  std::optional<Native> write_handle() const noexcept override { return writer_->write_handle(); }

 private:
  ReaderPtr reader_;
  WriterPtr writer_;
};

class Ended final : public Reader {
 public:
  Ended() { readiness_.set(Ready::readable | Ready::read_closed); }
  Result<std::size_t> attempt_read(MutableBytes) override { return 0; }
  Readiness& read_readiness() override { return readiness_; }

 private:
  Readiness readiness_{Readiness::Kind::pieces};
};

class Absent final : public Writer {
 public:
  Absent() { readiness_.set(Ready::writable); }
  Result<std::size_t> attempt_write(Bytes) override {
    return fail(std::errc::bad_file_descriptor, "write");
  }
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return {}; }
  Readiness& write_readiness() override { return readiness_; }

 private:
  Readiness readiness_{Readiness::Kind::pieces};
};

}  // namespace

StreamPtr join_sides(ReaderPtr reader, WriterPtr writer) {
  return std::make_unique<Joined>(std::move(reader), std::move(writer));
}

ReaderPtr ended_reader() {
  return std::make_unique<Ended>();
}

WriterPtr absent_writer() {
  return std::make_unique<Absent>();
}

}  // namespace fid
