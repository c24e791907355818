// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>

#include <compare>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace fid {

/// Where a Unix socket is: a path, an abstract name (Linux), or nowhere.  unix(7)
///
/// Shape: a value; unnamed unless told otherwise.
class UnixAddr {
 public:
  /// Bytes the system has for a path with its terminator; for an abstract name with its prefix.
  static const std::size_t room;
  /// Whether the system has names without files: Linux.
  static const bool has_abstract_names;

  UnixAddr() noexcept = default;

  /// Fails with invalid_argument if the path is empty, holds a NUL or is too long.
  static Result<UnixAddr> from_path(std::string_view path);
  /// Any bytes, NULs included, and every one counts. Fails with invalid_argument if they are too
  /// many, with not_supported where there are no abstract names.
  static Result<UnixAddr> from_abstract(std::string_view name);
  /// A path or, after a NUL, an abstract name; fails as those do.
  static Result<UnixAddr> parse(std::string_view text);

  /// Fails with invalid_argument for an address of another family.
  static Result<UnixAddr> from_raw(const os::RawAddr& raw);
  os::RawAddr to_raw() const noexcept;

  bool is_unnamed() const noexcept { return kind_ == Kind::unnamed; }
  /// Without the terminator.
  std::optional<std::string_view> as_pathname() const noexcept {
    if (kind_ != Kind::path) return std::nullopt;
    return name_;
  }
  /// Without the NUL that marks it.
  std::optional<std::string_view> as_abstract_name() const noexcept {
    if (kind_ != Kind::abstract) return std::nullopt;
    return name_;
  }

  /// `/run/x.sock`, `@name` or `(unnamed)`; a path that would look like the latter two is written
  /// with `./` in front. Control characters and backslashes are escaped: `\x00`, `\\`.
  std::string to_string() const;
  friend auto operator<=>(const UnixAddr&, const UnixAddr&) noexcept = default;

 private:
  enum class Kind : std::uint8_t { unnamed, path, abstract };

  UnixAddr(Kind kind, std::string_view name) : kind_(kind), name_(name) {}

  Kind kind_ = Kind::unnamed;
  std::string name_;

  friend struct std::hash<UnixAddr>;
};

std::ostream& operator<<(std::ostream& out, const UnixAddr& address);

}  // namespace fid

template <>
struct std::hash<fid::UnixAddr> {
  std::size_t operator()(const fid::UnixAddr& address) const noexcept;
};
