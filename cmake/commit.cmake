# SPDX-License-Identifier: MIT
# FID_COMMIT: what is being built, as `fid --version` shows it; empty if nobody knows. A source
# archive has it in commit.txt; a clone is asked, and configured again after each commit.

file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/commit.txt FID_COMMIT LIMIT_COUNT 1)
if(FID_COMMIT MATCHES "Format")
  set(FID_COMMIT "")
  find_program(FID_GIT git)
  mark_as_advanced(FID_GIT)
  if(FID_GIT)
    execute_process(COMMAND ${FID_GIT} -C ${PROJECT_SOURCE_DIR} rev-parse HEAD --show-toplevel
      --path-format=absolute --git-path logs/HEAD
      OUTPUT_VARIABLE answer ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    # Below a clone of something else we are none of its commits.
    if(answer MATCHES "^([0-9a-f]+)\n([^\n]+)\n([^\n]+)$" AND
       CMAKE_MATCH_2 STREQUAL PROJECT_SOURCE_DIR)
      set(FID_COMMIT ${CMAKE_MATCH_1})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_MATCH_3})
    endif()
  endif()
endif()
string(SUBSTRING "${FID_COMMIT}" 0 12 FID_COMMIT)
