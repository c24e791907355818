// SPDX-License-Identifier: MIT
#pragma once

#include "service/connection_end.hpp"
#include "service/events.hpp"
#include "service/line_sink.hpp"

#include <fid/io/pump.hpp>

#include <cstdint>
#include <mutex>
#include <string>

namespace fid::service {

enum class DumpFormat : std::uint8_t { text, hex };

/// Shows what passes, for people: `>` from a to b, `<` from b to a.  --dump
///
///     text   > GET / HTTP/1.1\r         a line of the stream each; what is not printable escaped
///     hex    > 00000010  47 45 54 ...   |GET |   sixteen bytes each, with their offset
///
/// Shape: stays where it is; any thread may write. Of several connections at once each line tells
/// which.
class Dump {
 public:
  Dump(LineSink sink, DumpFormat format, bool tells_connection)
      : sink_(std::move(sink)), format_(format), tells_connection_(tells_connection) {}

  /// One direction of a connection.
  class View final : public PumpObserver {
   public:
    /// `dump` may be null: nothing is shown then.
    View(Dump* dump, ConnectionId id, Side from) noexcept : dump_(dump), id_(id), from_(from) {}
    PumpObserver* observer() noexcept { return dump_ == nullptr ? nullptr : this; }
    void passing(Bytes chunk) override;

   private:
    Dump* dump_;
    ConnectionId id_;
    std::uint64_t offset_ = 0;
    Side from_;
  };

 private:
  std::string prefix(ConnectionId id, Side from) const;
  void show_text(const std::string& prefix, Bytes chunk);
  void show_hex(const std::string& prefix, std::uint64_t offset, Bytes chunk);

  std::mutex turn_;  ///< to write what passes together
  LineSink sink_;
  DumpFormat format_;
  bool tells_connection_;
};

}  // namespace fid::service
