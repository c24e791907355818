// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Recognises socat's spelling just far enough to say what to write instead.
namespace fid::endpoint {

/// For a word before `:` that is no scheme of ours, with what follows it: what to write.
std::optional<std::string> classic_scheme_hint(std::string_view word, std::string_view rest);

/// For an option that no kind of ours has: what to do instead.
std::optional<std::string> classic_option_hint(std::string_view option);

}  // namespace fid::endpoint
