// SPDX-License-Identifier: MIT
#include "support/public_operations.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>

namespace fid::test {
namespace {

void for_each_line(const std::function<void(const std::string&)>& use) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(FID_PUBLIC_HEADERS)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream header(entry.path());
    for (std::string line; std::getline(header, line);) use(line);
  }
}

}  // namespace

std::set<std::string> public_operations() {
  // Clang-format breaks a long line behind `final`, never before it.
  static const std::regex declared("^ *(?:class (\\w+Op) final\\b|using (\\w+Op) =).*");
  std::set<std::string> names;
  for_each_line([&names](const std::string& line) {
    std::smatch match;
    if (!std::regex_match(line, match, declared)) return;
    names.insert(match[1].matched ? match[1] : match[2]);
  });
  // Each of its kinds has a name of its own.
  names.erase("MessageOp");
  return names;
}

std::set<std::string> public_tasks() {
  static const std::regex opens("^(?:class|struct) (\\w+)\\b[^;]*");
  static const std::regex function("^(  )?(?:static |inline )*Task<.*> (\\w+)\\(.*");
  std::set<std::string> names;
  std::string owner;
  bool inner = false;  // in namespace detail
  bool visible = true;
  for_each_line([&](const std::string& line) {
    std::smatch match;
    if (line.rfind("namespace ", 0) == 0) {
      inner = line.find("detail") != std::string::npos;
    } else if (line.rfind("}  // namespace", 0) == 0) {
      inner = false;
    } else if (line == "};") {
      owner.clear();
      visible = true;
    } else if (std::regex_match(line, match, opens)) {
      owner = match[1].str() + "::";
      visible = true;
    } else if (line == " private:" || line == " protected:") {
      visible = false;
    } else if (visible && !inner && std::regex_match(line, match, function)) {
      names.insert((match[1].matched ? owner : "") + match[2].str());
    }
  });
  return names;
}

}  // namespace fid::test
