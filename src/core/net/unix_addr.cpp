// SPDX-License-Identifier: MIT
#include <fid/net/unix_addr.hpp>

#include <ostream>

namespace fid {
namespace {

std::string escaped(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      text += "\\\\";
    } else if (byte < 0x20 || byte == 0x7f) {
      text.append("\\x").append({digits[byte >> 4], digits[byte & 0xf]});
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

Result<UnixAddr> UnixAddr::from_path(std::string_view path) {
  const bool holds_nul = path.find('\0') != std::string_view::npos;
  if (path.empty() || holds_nul || path.size() >= room) {
    return fail(std::errc::invalid_argument, "address");
  }
  return UnixAddr(Kind::path, path);
}

Result<UnixAddr> UnixAddr::from_abstract(std::string_view name) {
  if (!has_abstract_names) return fail(std::errc::not_supported, "address");
  if (name.size() >= room) return fail(std::errc::invalid_argument, "address");
  return UnixAddr(Kind::abstract, name);
}

Result<UnixAddr> UnixAddr::parse(std::string_view text) {
  return text.starts_with('\0') ? from_abstract(text.substr(1)) : from_path(text);
}

std::string UnixAddr::to_string() const {
  switch (kind_) {
    case Kind::path: {
      const bool ambiguous = name_.starts_with('@') || name_.starts_with('(');
      return (ambiguous ? "./" : "") + escaped(name_);
    }
    case Kind::abstract:
      return '@' + escaped(name_);
    case Kind::unnamed:
      break;
  }
  return "(unnamed)";
}

std::ostream& operator<<(std::ostream& out, const UnixAddr& address) {
  return out << address.to_string();
}

}  // namespace fid

std::size_t std::hash<fid::UnixAddr>::operator()(const fid::UnixAddr& address) const noexcept {
  return std::hash<std::string>()(address.name_) * 31 + static_cast<std::size_t>(address.kind_);
}
