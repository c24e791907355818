// SPDX-License-Identifier: MIT
#include "service/announce.hpp"

#include <fid/base/os.hpp>

namespace fid::service {
namespace {

constexpr Native last_standard_handle = 2;

std::string lines_of(std::span<const std::string> urls) {
  std::string lines;
  for (const std::string& url : urls) lines.append(url).append("\n");
  return lines;
}

/// One write where the system takes it whole, which for a pipe is 4 KiB at least.
Result<void> write_all(Native handle, std::string_view text) {
  while (!text.empty()) {
    const Result<std::size_t> count = os::write(handle, as_bytes(text));
    if (count) {
      text.remove_prefix(*count);
    } else if (!count.error().would_block()) {
      return fail(count.error());
    } else if (auto room = os::wait_writable(handle, std::chrono::hours(1)); !room) {
      return fail(room.error());
    }
  }
  return {};
}

Result<os::FileId> write_new_file(const std::string& path, std::string_view text) {
  os::OpenOptions options;
  options.write = true;
  options.exclusive = true;
  const Result<Handle> file = os::open(path, options);
  if (!file) return fail(file.error());
  if (auto written = write_all(file->get(), text); !written) return fail(written.error());
  const Result<os::FileStatus> status = os::status_of(path);
  if (!status) return fail(status.error());
  return status->id;
}

}  // namespace

Result<ReadyDescriptor> ReadyDescriptor::adopt(Native inherited) {
  const Result<os::Access> access = os::access_of(inherited);
  if (!access) return fail(access.error());
  if (!access->write) return fail(std::errc::bad_file_descriptor, "write");
  if (inherited > last_standard_handle) {
    if (auto kept = os::set_close_on_exec(inherited, true); !kept) return fail(kept.error());
    return ReadyDescriptor(Handle(inherited));
  }
  // A standard number that is free would be given to the next thing opened.
  Result<Handle> own = os::duplicate(inherited);
  if (!own) return fail(own.error());
  return ReadyDescriptor(std::move(*own));
}

Result<void> ReadyDescriptor::announce(std::span<const std::string> urls) {
  const Handle handle = std::move(handle_);
  return write_all(handle.get(), lines_of(urls));
}

Result<PortFile> PortFile::write(std::string path, std::span<const std::string> urls) {
  const std::string unfinished = path + "." + std::to_string(os::process_id());
  // Process 1 of a container finds the one that its killed predecessor left under this name.
  (void)os::unlink(unfinished);
  const Result<os::FileId> id = write_new_file(unfinished, lines_of(urls));
  Result<void> named = id ? os::rename(unfinished, path) : fail(id.error());
  if (!named) {
    (void)os::unlink(unfinished);
    return fail(named.error());
  }
  return PortFile(std::move(path), *id);
}

PortFile::~PortFile() {
  if (path_.empty()) return;
  const Result<os::FileStatus> status = os::status_of(path_);
  if (status && status->id == id_) (void)os::unlink(path_);
}

}  // namespace fid::service
