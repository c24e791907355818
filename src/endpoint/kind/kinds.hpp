// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/registry.hpp"

/// The rows of the table in registry.cpp; each is defined in the file of its kind.
namespace fid::endpoint::kind {

extern const Kind tcp;             // tcp.cpp
extern const Kind tcp4;            // tcp.cpp
extern const Kind tcp6;            // tcp.cpp
extern const Kind udp;             // udp.cpp
extern const Kind udp4;            // udp.cpp
extern const Kind udp6;            // udp.cpp
extern const Kind unix_stream;     // unix.cpp
extern const Kind unix_seqpacket;  // unix.cpp
extern const Kind abstract;        // unix.cpp
extern const Kind unix_datagram;   // unix_datagram.cpp
extern const Kind fifo;            // fifo.cpp
extern const Kind file;            // file.cpp
extern const Kind fd;              // fd.cpp
extern const Kind listen_fd;       // listen_fd.cpp
extern const Kind exec;            // exec.cpp
extern const Kind stdio;           // stdio.cpp

}  // namespace fid::endpoint::kind
