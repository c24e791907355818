// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/option.hpp"

/// Options that several kinds share. A kind lists them beside its own; see tcp.cpp.
namespace fid::endpoint::option {

// Sockets. socket(7)

inline constexpr OptionSpec sndbuf{
    .name = "sndbuf",
    .aliases = "so-sndbuf",
    .type = ValueType::size,
    .least = 1,
    .most = 1 << 30,
    .when = When::before_connect,
    .help = "size of the kernel's buffer for sending",
    .example = "sndbuf=256KiB",
};

inline constexpr OptionSpec rcvbuf{
    .name = "rcvbuf",
    .aliases = "so-rcvbuf",
    .type = ValueType::size,
    .least = 1,
    .most = 1 << 30,
    .when = When::before_connect,
    .help = "size of the kernel's buffer for receiving",
    .example = "rcvbuf=256KiB",
};

inline constexpr OptionSpec backlog{
    .name = "backlog",
    .type = ValueType::integer,
    .least = 1,
    .most = 65535,
    .default_text = "1024",
    .roles = Roles::listens,
    .when = When::before_bind,
    .help = "how many connections may wait to be accepted",
    .example = "backlog=16",
};

inline constexpr OptionSpec connect_timeout{
    .name = "connect-timeout",
    .type = ValueType::duration,
    .default_text = "30s",
    .roles = Roles::connects,
    .when = When::before_connect,
    .help = "give up an attempt to connect after this long",
    .example = "connect-timeout=500ms",
};

inline constexpr OptionSpec retry{
    .name = "retry",
    .type = ValueType::integer,
    .default_text = "0",
    .roles = Roles::connects,
    .when = When::before_connect,
    .help = "how often to try again when connecting fails",
    .example = "retry=10",
};

inline constexpr OptionSpec interval{
    .name = "interval",
    .aliases = "intervall",
    .type = ValueType::duration,
    .default_text = "1s",
    .roles = Roles::connects,
    .when = When::before_connect,
    .help = "how long to wait before each retry",
    .example = "interval=200ms",
};

// Internet sockets. ip(7), ipv6(7)

inline constexpr OptionSpec local_address{
    .name = "bind",
    .type = ValueType::text,
    .value_name = "HOST[:PORT]",
    .roles = Roles::connects,
    .when = When::before_bind,
    .help = "the local address to come from",
    .example = "bind=192.0.2.7",
};

inline constexpr OptionSpec interface {
  .name = "interface", .aliases = "if|bindtodevice|so-bindtodevice", .type = ValueType::text,
  .value_name = "NAME", .when = When::before_bind, .help = "use this network interface only",
  .example = "interface=eth0",
};

inline constexpr OptionSpec reuseport{
    .name = "reuseport",
    .aliases = "so-reuseport",
    .type = ValueType::flag,
    .default_text = "no",
    .roles = Roles::listens,
    .when = When::before_bind,
    .help = "share the port with other processes that also say so",
    .example = "reuseport",
};

inline constexpr OptionSpec ipv6only{
    .name = "ipv6only",
    .aliases = "ipv6-v6only|v6only",
    .type = ValueType::flag,
    .default_text = "no",
    .roles = Roles::listens,
    .when = When::before_bind,
    .help = "where it listens on IPv6, take nothing that comes by IPv4",
    .example = "ipv6only",
};

// Sockets that are a path. unix(7)

inline constexpr OptionSpec socket_mode{
    .name = "mode",
    .aliases = "perm",
    .type = ValueType::mode,
    .default_text = "0600",
    .roles = Roles::listens,
    .when = When::before_bind,
    .help = "permissions of the socket, set before anyone can connect",
    .example = "mode=0660",
};

inline constexpr OptionSpec socket_user{
    .name = "user",
    .aliases = "uid|owner",
    .type = ValueType::user,
    .roles = Roles::listens,
    .when = When::before_bind,
    .help = "owner of the socket, by name or number",
    .example = "user=www-data",
};

inline constexpr OptionSpec socket_group{
    .name = "group",
    .aliases = "gid",
    .type = ValueType::group,
    .roles = Roles::listens,
    .when = When::before_bind,
    .help = "group of the socket, by name or number",
    .example = "group=docker",
};

inline constexpr OptionSpec socket_unlink{
    .name = "unlink",
    .aliases = "unlink-close",
    .type = ValueType::flag,
    .default_text = "yes",
    .roles = Roles::listens,
    .when = When::before_bind,
    .help = "replace a stale socket, never a live one; remove it at exit",
    .example = "unlink=no",
};

// Everything that can be relayed.

inline constexpr OptionSpec eof{
    .name = "eof",
    .type = ValueType::choice,
    .choices = "half|close|ignore",
    .default_text = "half",
    .when = When::relaying,
    .help = "at its end: pass that on and wait for the other side, end both, or read on",
    .example = "eof=close",
};

inline constexpr OptionSpec linger{
    .name = "linger",
    .type = ValueType::duration,
    .when = When::relaying,
    .help = "once one side has ended, end the other after this long",
    .example = "linger=5s",
};

// A datagram has no end of stream, so something else must end the wait for an answer.
inline constexpr OptionSpec datagram_linger = [] {
  OptionSpec spec = linger;
  spec.default_text = "1s";
  return spec;
}();

}  // namespace fid::endpoint::option
