// SPDX-License-Identifier: MIT
#include "endpoint/path_candidates.hpp"

#include "endpoint/quoting.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace fid::endpoint {
namespace {

namespace fs = std::filesystem;

/// The path that was meant; nothing if its quotes are still open.
std::optional<std::string> meant(std::string_view typed, Spelling spelling) {
  if (spelling == Spelling::plain) return std::string(typed);
  auto piece = read_piece(typed, 0, ",");
  if (!piece) return {};
  return std::move(piece->text);
}

/// One name to a line is how candidates reach the shell.
bool is_printable(std::string_view name) {
  return std::none_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

bool is_wanted(const fs::directory_entry& entry, FileType type) {
  std::error_code error;
  if (type == FileType::socket) return entry.is_socket(error);
  if (type == FileType::fifo) return entry.is_fifo(error);
  return true;
}

}  // namespace

std::vector<Candidate> complete_path(std::string_view before, std::string_view typed, FileType type,
                                     Spelling spelling) {
  const std::size_t slash = typed.rfind('/');
  const std::string_view head = typed.substr(0, slash == std::string_view::npos ? 0 : slash + 1);
  const auto directory = meant(head, spelling);
  const auto start = meant(typed.substr(head.size()), spelling);
  if (!directory || !start) return {};

  std::vector<Candidate> found;
  std::error_code error;
  fs::directory_iterator entry(directory->empty() ? "." : *directory, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(*start) || !is_printable(name)) continue;
    if (start->empty() && name.front() == '.') continue;
    std::error_code unknown;
    const bool leads_on = entry->is_directory(unknown);
    if (!leads_on && !is_wanted(*entry, type)) continue;
    std::string word(before);
    word.append(head).append(spelling == Spelling::plain ? name : escape(name));
    if (leads_on) word += '/';
    found.push_back({std::move(word), {}});
  }
  std::sort(found.begin(), found.end(),
            [](const Candidate& a, const Candidate& b) { return a.word < b.word; });
  return found;
}

}  // namespace fid::endpoint
