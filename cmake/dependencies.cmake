# Finds what we build on, and names the Debian package that is missing.

# A function would keep the result variables to itself, so this is a macro.
macro(fid_require name package)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${name} was not found. On Debian: apt-get install ${package}")
  endif()
endmacro()

fid_require(tl-expected libexpected-dev)
find_package(Threads REQUIRED)
if(FID_BUILD_PROGRAM)
  fid_require(CLI11 libcli11-dev)
  fid_require(fmt libfmt-dev)
  fid_require(nlohmann_json nlohmann-json3-dev)
  fid_require(spdlog libspdlog-dev)
  # Debian has both as shared libraries and as headers only.
  add_library(fid_logging INTERFACE)
  if(FID_BUNDLE)
    target_link_libraries(fid_logging INTERFACE spdlog::spdlog_header_only fmt::fmt-header-only)
    if(FID_STATIC)
      # It would have the shared fmt linked, of which nothing is used.
      set_property(TARGET spdlog::spdlog_header_only
                   PROPERTY INTERFACE_LINK_LIBRARIES fmt::fmt-header-only Threads::Threads)
    endif()
  else()
    target_link_libraries(fid_logging INTERFACE spdlog::spdlog fmt::fmt)
  endif()
endif()
if(FID_BUILD_TESTS)
  fid_require(GTest "libgtest-dev libgmock-dev")
  fid_require(benchmark libbenchmark-dev)
endif()
