// SPDX-License-Identifier: MIT
#include "service/dump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace fid::service {
namespace {

constexpr std::size_t bytes_a_line = 16;

bool is_printable(std::byte byte) {
  return byte >= std::byte{0x20} && byte < std::byte{0x7f};
}

void append_escaped(std::string& line, std::byte byte) {
  switch (byte) {
    case std::byte{'\r'}:
      line += "\\r";
      return;
    case std::byte{'\n'}:
      line += "\\n";
      return;
    case std::byte{'\t'}:
      line += "\\t";
      return;
    case std::byte{'\\'}:
      line += "\\\\";
      return;
    default:
      break;
  }
  if (is_printable(byte)) {
    line += static_cast<char>(byte);
  } else {
    fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned>(byte));
  }
}

}  // namespace

void Dump::View::passing(Bytes chunk) {
  const std::string prefix = dump_->prefix(id_, from_);
  const std::lock_guard turn(dump_->turn_);
  if (dump_->format_ == DumpFormat::text) {
    dump_->show_text(prefix, chunk);
  } else {
    dump_->show_hex(prefix, offset_, chunk);
  }
  offset_ += chunk.size();
}

std::string Dump::prefix(ConnectionId id, Side from) const {
  const char arrow = from == Side::a ? '>' : '<';
  return tells_connection_ ? fmt::format("#{} {} ", id, arrow) : fmt::format("{} ", arrow);
}

void Dump::show_text(const std::string& prefix, Bytes chunk) {
  while (!chunk.empty()) {
    const auto line_end = std::find(chunk.begin(), chunk.end(), std::byte{'\n'});
    std::string line = prefix;
    for (auto byte = chunk.begin(); byte != line_end; ++byte) append_escaped(line, *byte);
    const bool is_whole = line_end != chunk.end();
    // A line that goes on in the next chunk says so.
    line += is_whole ? "\n" : "\\\n";
    sink_.write(line);
    chunk = chunk.subspan(static_cast<std::size_t>(line_end - chunk.begin()) + (is_whole ? 1 : 0));
  }
}

void Dump::show_hex(const std::string& prefix, std::uint64_t offset, Bytes chunk) {
  for (; !chunk.empty(); chunk = chunk.subspan(std::min(bytes_a_line, chunk.size()))) {
    const Bytes row = chunk.first(std::min(bytes_a_line, chunk.size()));
    std::string line = prefix;
    fmt::format_to(std::back_inserter(line), "{:08x} ", offset);
    for (std::size_t i = 0; i < bytes_a_line; ++i) {
      if (i == bytes_a_line / 2) line += ' ';
      if (i < row.size()) {
        fmt::format_to(std::back_inserter(line), " {:02x}", static_cast<unsigned>(row[i]));
      } else {
        line += "   ";
      }
    }
    line += "  |";
    for (const std::byte byte : row) line += is_printable(byte) ? static_cast<char>(byte) : '.';
    line += "|\n";
    sink_.write(line);
    offset += row.size();
  }
}

}  // namespace fid::service
