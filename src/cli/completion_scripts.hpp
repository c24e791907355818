// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// The files of src/cli/completion/, as they are: the build makes the source of these.
namespace fid::cli {

extern const std::string_view bash_script;
extern const std::string_view zsh_script;
extern const std::string_view fish_script;

}  // namespace fid::cli
