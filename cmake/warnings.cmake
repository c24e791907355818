# The warnings every target of ours is built with; not part of what is installed.
add_library(fid_warnings INTERFACE)
target_compile_options(fid_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                       $<$<BOOL:${FID_WERROR}>:-Werror>)
# g++ 12 takes `"a" + std::string` at -O2 for a copy onto itself (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(fid_warnings INTERFACE -Wno-restrict)
endif()
