// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>

/// What the text of core's public headers declares, for tests that are to miss nothing of it.
namespace fid::test {

/// The classes that are awaited: `ReadOp`, and the names that are given to some, `SendOp`. Not the
/// bases they are made from.
std::set<std::string> public_operations();

/// The functions that give a task: `TcpStream::connect`, `lookup_host`. Not private ones.
std::set<std::string> public_tasks();

}  // namespace fid::test
