// SPDX-License-Identifier: MIT
#include <fid/net/ip_addr.hpp>

#include <algorithm>
#include <charconv>
#include <ostream>

namespace fid {
namespace {

Failure not_an_address() {
  return fail(std::errc::invalid_argument, "address");
}

/// All of `text` as a number of at most `digits` digits.
template <class Number>
std::optional<Number> number_of(std::string_view text, int base, std::size_t digits) noexcept {
  if (text.empty() || text.size() > digits) return std::nullopt;
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint8_t> octet_of(std::string_view text) noexcept {
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  return number_of<std::uint8_t>(text, 10, 3);
}

/// The groups of an IPv6 address as they are read, and where `::` stood.
class Groups {
 public:
  bool add(std::optional<std::uint16_t> group) noexcept {
    if (!group || count_ == segments_.size()) return false;
    segments_[count_++] = *group;
    return true;
  }
  bool add(const Result<Ipv4Addr>& tail) noexcept {
    if (!tail) return false;
    const Ipv4Addr::Octets& octet = tail->octets();
    return add(static_cast<std::uint16_t>(octet[0] << 8 | octet[1])) &&
           add(static_cast<std::uint16_t>(octet[2] << 8 | octet[3]));
  }
  bool add_gap() noexcept {
    if (gap_) return false;
    gap_ = count_;
    return true;
  }

  Result<Ipv6Addr> finish() noexcept {
    // A gap stands for one group at least.
    if (gap_ ? count_ == segments_.size() : count_ != segments_.size()) return not_an_address();
    if (gap_) {
      auto* const end = segments_.data() + count_;
      std::move_backward(segments_.data() + *gap_, end, segments_.data() + segments_.size());
      std::fill_n(segments_.data() + *gap_, segments_.size() - count_, std::uint16_t{0});
    }
    return Ipv6Addr(segments_);
  }

 private:
  Ipv6Addr::Segments segments_{};
  std::size_t count_ = 0;
  std::optional<std::size_t> gap_;
};

struct Run {
  std::size_t start = 0;
  std::size_t length = 0;
};

/// The longest run of zero groups, the first of several.
Run longest_zeros(const Ipv6Addr::Segments& segments) noexcept {
  Run longest;
  Run run;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    run = segments[i] != 0 ? Run{i + 1, 0} : Run{run.start, run.length + 1};
    if (run.length > longest.length) longest = run;
  }
  return longest;
}

void append_number(std::string& text, unsigned number, int base) {
  char digits[8];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, number, base).ptr);
}

template <class Octets>
std::size_t hash_of(const Octets& octets) noexcept {
  return std::hash<std::string_view>()(
      {reinterpret_cast<const char*>(octets.data()), octets.size()});
}

}  // namespace

Result<Ipv4Addr> Ipv4Addr::parse(std::string_view text) noexcept {
  Octets octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const bool last = i + 1 == octets.size();
    const std::size_t end = last ? text.size() : text.find('.');
    if (end == std::string_view::npos) return not_an_address();
    const std::optional<std::uint8_t> octet = octet_of(text.substr(0, end));
    if (!octet) return not_an_address();
    octets[i] = *octet;
    if (!last) text.remove_prefix(end + 1);
  }
  return Ipv4Addr(octets);
}

std::string Ipv4Addr::to_string() const {
  std::string text;
  for (const std::uint8_t octet : octets_) {
    if (!text.empty()) text += '.';
    append_number(text, octet, 10);
  }
  return text;
}

Result<Ipv6Addr> Ipv6Addr::parse(std::string_view text) noexcept {
  Groups groups;
  if (text.starts_with("::")) {
    groups.add_gap();
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find(':'));
    const bool last = piece.size() == text.size();
    const bool dotted = last && piece.find('.') != std::string_view::npos;
    const bool added = dotted ? groups.add(Ipv4Addr::parse(piece))
                              : groups.add(number_of<std::uint16_t>(piece, 16, 4));
    if (!added) return not_an_address();
    if (last) break;

    text.remove_prefix(piece.size());
    if (text.starts_with("::")) {
      if (!groups.add_gap()) return not_an_address();
      text.remove_prefix(2);
    } else {
      text.remove_prefix(1);
      if (text.empty()) return not_an_address();
    }
  }
  return groups.finish();
}

std::string Ipv6Addr::to_string() const {
  if (const std::optional<Ipv4Addr> inner = to_ipv4_mapped()) {
    return "::ffff:" + inner->to_string();
  }
  const Segments groups = segments();
  Run zeros = longest_zeros(groups);
  if (zeros.length < 2) zeros = {groups.size(), 0};

  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == zeros.start) {
      text += "::";
      i += zeros.length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    append_number(text, groups[i], 16);
  }
  return text;
}

Result<IpAddr> IpAddr::parse(std::string_view text) noexcept {
  if (text.find(':') != std::string_view::npos) {
    return Ipv6Addr::parse(text).map([](const Ipv6Addr& v6) { return IpAddr(v6); });
  }
  return Ipv4Addr::parse(text).map([](const Ipv4Addr& v4) { return IpAddr(v4); });
}

std::string IpAddr::to_string() const {
  return std::visit([](const auto& address) { return address.to_string(); }, address_);
}

std::ostream& operator<<(std::ostream& out, const Ipv4Addr& address) {
  return out << address.to_string();
}
std::ostream& operator<<(std::ostream& out, const Ipv6Addr& address) {
  return out << address.to_string();
}
std::ostream& operator<<(std::ostream& out, const IpAddr& address) {
  return out << address.to_string();
}

}  // namespace fid

std::size_t std::hash<fid::Ipv4Addr>::operator()(const fid::Ipv4Addr& address) const noexcept {
  return fid::hash_of(address.octets());
}
std::size_t std::hash<fid::Ipv6Addr>::operator()(const fid::Ipv6Addr& address) const noexcept {
  return fid::hash_of(address.octets());
}
std::size_t std::hash<fid::IpAddr>::operator()(const fid::IpAddr& address) const noexcept {
  return address.is_ipv4() ? std::hash<fid::Ipv4Addr>()(*address.as_v4())
                           : std::hash<fid::Ipv6Addr>()(*address.as_v6());
}
