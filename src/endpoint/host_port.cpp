// SPDX-License-Identifier: MIT
#include "endpoint/host_port.hpp"

#include "endpoint/value_text.hpp"

#include <fid/net/ip_addr.hpp>

#include <algorithm>

namespace fid::endpoint {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool only(std::string_view text, bool (*allowed)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool is_ipv4(std::string_view text) {
  return Ipv4Addr::parse(text).has_value();
}
bool is_ipv6(std::string_view text) {
  return Ipv6Addr::parse(text).has_value();
}

class HostPortParser {
 public:
  HostPortParser(std::string_view whole, std::size_t from, std::size_t to, const Kind& kind,
                 std::string_view word)
      : whole_(whole),
        from_(from),
        to_(to),
        text_(whole.substr(from, to - from)),
        kind_(kind),
        word_(word) {}

  Parsed<HostPort> parse() const {
    if (text_.empty()) return error(from_, "no host and port: write " + written("HOST:PORT"));
    const std::size_t at_sign = text_.find('@');
    if (at_sign != npos) {
      return error(from_ + at_sign, std::string(kind_.name) + " takes no user name");
    }
    return text_.front() == '[' ? parse_brackets() : parse_plain();
  }

 private:
  SyntaxError error(std::size_t offset, std::string message) const {
    return {std::move(message), column_at(whole_, offset), {}};
  }

  std::string written(std::string_view rest) const {
    return std::string(word_).append("://").append(rest);
  }

  /// The name of a kind of one family ends in 4 or 6.
  std::string wrong_family(std::string_view family, char digit) const {
    std::string other(kind_.name);
    other.back() = digit;
    return std::string(kind_.name).append(" takes no ").append(family).append(" address: write ") +
           other + "://" + std::string(text_);
  }

  Parsed<HostPort> parse_brackets() const {
    const std::size_t close = text_.find(']');
    if (close == npos) return error(from_, "this bracket is not closed");
    std::string_view literal = text_.substr(1, close - 1);
    std::string zone;
    if (const std::size_t percent = literal.find('%'); percent != npos) {
      zone = literal.substr(percent + 1);
      // RFC 6874 spells the percent sign itself as %25.
      if (zone.size() > 2 && zone.substr(0, 2) == "25") zone.erase(0, 2);
      literal = literal.substr(0, percent);
      if (zone.empty()) return error(from_ + 1 + percent, "no zone after %");
    }
    if (!is_ipv6(literal)) {
      return error(from_ + 1, quoted(literal) + " is not an IPv6 address");
    }
    if (kind_.family == Family::ipv4) {
      return error(from_, wrong_family("IPv6", '6'));
    }
    const std::string host =
        zone.empty() ? std::string(literal) : std::string(literal) + "%" + zone;
    if (close + 1 == text_.size()) return no_port("[" + host + "]");
    if (text_[close + 1] != ':') return error(from_ + close + 1, "expected : and a port after ]");
    return with_port(host, close + 2);
  }

  Parsed<HostPort> parse_plain() const {
    const std::size_t colon = text_.find(':');
    if (colon == npos) return no_port(text_);
    if (text_.find(':', colon + 1) != npos) return too_many_colons();
    const std::string_view host = text_.substr(0, colon);
    if (!host.empty() && host != "*") {
      const bool dotted = only(host, [](char c) { return is_digit(c) || c == '.'; });
      if (dotted && !is_ipv4(host)) return error(from_, quoted(host) + " is not an IPv4 address");
      if (dotted && kind_.family == Family::ipv6) {
        return error(from_, wrong_family("IPv4", '4'));
      }
      // Bytes above 0x7F are left to the resolver, which may know internationalised names.
      const auto wrong = std::find_if_not(host.begin(), host.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' ||
               static_cast<unsigned char>(c) >= 0x80;
      });
      if (wrong != host.end()) {
        return error(from_ + static_cast<std::size_t>(wrong - host.begin()),
                     quoted(std::string_view(&*wrong, 1)) + " cannot be part of a host name");
      }
    }
    return with_port(std::string(host), colon + 1);
  }

  Parsed<HostPort> with_port(std::string host, std::size_t at) const {
    const std::string_view port = text_.substr(at);
    if (port.empty()) return error(from_ + at, "no port after the colon");
    if (only(port, is_digit)) {
      const auto number = parse_integer(port);
      if (!number || *number > 65535) {
        return error(from_ + at, quoted(port) + " is not a port: the highest is 65535");
      }
      return HostPort{std::move(host), std::to_string(*number), from_ + at};
    }
    const auto in_service = [](char c) {
      return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '+' || c == '.';
    };
    if (!only(port, in_service) || std::none_of(port.begin(), port.end(), is_letter)) {
      return error(from_ + at, quoted(port) + " is neither a port nor a service name");
    }
    return HostPort{std::move(host), to_lower(port), from_ + at};
  }

  SyntaxError no_port(std::string_view host) const {
    if (only(host, is_digit)) {
      return error(to_, "no port, since " + quoted(host) + " is taken for the host: write " +
                            written("HOST:" + std::string(host)));
    }
    return error(to_, "no port: write " + written(std::string(host) + ":PORT"));
  }

  SyntaxError too_many_colons() const {
    const std::size_t last = text_.rfind(':');
    const std::string_view head = text_.substr(0, last);
    if (is_ipv6(head)) {
      return error(from_, "an IPv6 address needs brackets: write [" + std::string(head) + "]" +
                              std::string(text_.substr(last)));
    }
    if (is_ipv6(text_)) {
      return error(from_, "an IPv6 address needs brackets, and there is no port: write [" +
                              std::string(text_) + "]:PORT");
    }
    return error(from_ + text_.find(':', text_.find(':') + 1),
                 "too many colons: write " + written("HOST:PORT"));
  }

  std::string_view whole_;
  std::size_t from_;
  std::size_t to_;
  std::string_view text_;
  const Kind& kind_;
  std::string_view word_;
};

}  // namespace

Parsed<HostPort> parse_host_port(std::string_view whole, std::size_t from, std::size_t to,
                                 const Kind& kind, std::string_view word) {
  return HostPortParser(whole, from, to, kind, word).parse();
}

}  // namespace fid::endpoint
