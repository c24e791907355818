# SPDX-License-Identifier: MIT
# find_package(fid) gives fid::core, the shared library, and fid::core_static.
include(CMakeFindDependencyMacro)
find_dependency(tl-expected)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/fidTargets.cmake)
