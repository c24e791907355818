// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    {
        .name = "bind",
        .type = ValueType::text,
        .value_name = "HOST[:PORT]",
        .roles = Roles::connects,
        .when = When::before_bind,
        .help = "the local address to connect from",
        .example = "bind=192.0.2.7",
    },
    {
        .name = "interface",
        .aliases = "if|bindtodevice|so-bindtodevice",
        .type = ValueType::text,
        .value_name = "NAME",
        .when = When::before_bind,
        .help = "use this network interface only",
        .example = "interface=eth0",
    },
    {
        .name = "nodelay",
        .aliases = "tcp-nodelay",
        .type = ValueType::flag,
        .default_text = "yes",
        .when = When::connected,
        .help = "send small pieces at once instead of gathering them",
        .example = "nodelay=no",
    },
    {
        .name = "keepalive",
        .aliases = "so-keepalive",
        .type = ValueType::flag,
        .default_text = "yes",
        .when = When::connected,
        .help = "notice within about two minutes that a silent peer is gone",
        .example = "keepalive=no",
    },
    {
        .name = "reuseport",
        .aliases = "so-reuseport",
        .type = ValueType::flag,
        .default_text = "no",
        .roles = Roles::listens,
        .when = When::before_bind,
        .help = "share the port with other processes that also say so",
        .example = "reuseport",
    },
    {
        .name = "ipv6only",
        .aliases = "ipv6-v6only|v6only",
        .type = ValueType::flag,
        .default_text = "no",
        .roles = Roles::listens,
        .when = When::before_bind,
        .help = "an IPv6 listener takes no IPv4 connections",
        .example = "ipv6only",
    },
    option::backlog,
    option::sndbuf,
    option::rcvbuf,
    option::connect_timeout,
    option::retry,
    option::interval,
    option::eof,
    option::linger,
};

constexpr std::string_view hosts =
    "HOST is a name, an IPv4 address, or an IPv6 address in brackets, with a zone if it needs one: "
    "[fe80::1%eth0]. Where it listens, * is all local addresses, and nothing is loopback. PORT is "
    "a "
    "number or a service name; where it listens, 0 takes a free one. tcp:HOST:PORT says the same.";

}  // namespace

constexpr Kind tcp{
    .name = "tcp",
    .form = "tcp://HOST:PORT",
    .summary = "TCP over IPv4 or IPv6",
    .parameter = Parameter::host_port,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .options = options,
    .example = "tcp://example.org:80,connect-timeout=5s",
    .help = hosts,
};

constexpr Kind tcp4{
    .name = "tcp4",
    .form = "tcp4://HOST:PORT",
    .summary = "TCP over IPv4 only",
    .parameter = Parameter::host_port,
    .family = Family::ipv4,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .options = options,
    .example = "tcp4-listen://*:8080",
    .help = hosts,
};

constexpr Kind tcp6{
    .name = "tcp6",
    .form = "tcp6://HOST:PORT",
    .summary = "TCP over IPv6 only",
    .parameter = Parameter::host_port,
    .family = Family::ipv6,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .options = options,
    .example = "tcp6://[2001:db8::1]:443",
    .help = hosts,
};

}  // namespace fid::endpoint::kind
