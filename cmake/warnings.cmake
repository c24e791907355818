# The warnings every target of ours is built with; not part of what is installed.
add_library(fid_warnings INTERFACE)
target_compile_options(fid_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                       $<$<BOOL:${FID_WERROR}>:-Werror>)
# At -O2 g++ 12 takes `"a" + std::string` for a copy onto itself (GCC bug 105651), and the storage
# of a variant's other alternative, moved in a coroutine, for uninitialised (GCC bug 80635). clang,
# valgrind and the sanitizers look for the real ones.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(fid_warnings INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
