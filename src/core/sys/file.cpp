// SPDX-License-Identifier: MIT
#include "sys/file_reader.hpp"
#include "sys/file_writer.hpp"

#include <fid/reactor/workers.hpp>
#include <fid/sys/file.hpp>

namespace fid {

using detail::FileReader;
using detail::FileWriter;

namespace {

Result<Handle> open_at(const std::string& path, const FileOptions& options) {
  auto handle = os::open(path, options.open);
  if (!handle) return handle;
  if (os::kind_of(handle->get()) == os::HandleKind::directory) {
    return fail(std::errc::is_a_directory, "open");
  }
  if (options.seek) {
    const auto where = os::seek(handle->get(), *options.seek, options.from_end);
    if (!where) return fail(where.error());
  }
  return handle;
}

}  // namespace

Task<File> File::open(std::string path, FileOptions options) {
  auto opening = on_worker([path = std::move(path), options] { return open_at(path, options); });
  Handle handle = co_await std::move(opening);
  co_return adopt(std::move(handle));
}

File File::adopt(Handle handle) {
  const os::Access access = os::access_of(handle.get()).value_or(os::Access());
  const auto shared = std::make_shared<Handle>(std::move(handle));
  const auto at_end = access.read ? FileWriter::AtEnd::leave : FileWriter::AtEnd::close;
  return {std::make_unique<FileReader>(access.read ? shared : nullptr),
          std::make_unique<FileWriter>(access.write ? shared : nullptr, at_end)};
}

File::File(std::unique_ptr<FileReader> reader, std::unique_ptr<FileWriter> writer) noexcept
    : reader_(std::move(reader)), writer_(std::move(writer)) {}

File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

Result<std::size_t> File::attempt_read(MutableBytes into) {
  return reader_->attempt_read(into);
}

Readiness& File::read_readiness() noexcept {
  return reader_->readiness();
}

Result<std::size_t> File::attempt_write(Bytes from) {
  return writer_->attempt_write(from);
}

Result<void> File::attempt_flush() {
  return writer_->attempt_flush();
}

Result<void> File::attempt_shutdown() {
  return writer_->attempt_shutdown();
}

Readiness& File::write_readiness() noexcept {
  return writer_->readiness();
}

}  // namespace fid
