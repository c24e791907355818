# SPDX-License-Identifier: MIT
# libfid as others use it: shared and static, with its headers, a CMake package and a pkg-config file.
include(CMakePackageConfigHelpers)

# Before 1.0.0 a minor version may break what links it; the soname changes then, by hand.
set(soversion 0)
set(symbols ${CMAKE_CURRENT_SOURCE_DIR}/libfid.map)
add_library(fid_core_shared SHARED $<TARGET_OBJECTS:fid_core>)
target_compile_features(fid_core_shared PUBLIC cxx_std_20)
target_link_libraries(fid_core_shared PUBLIC tl::expected Threads::Threads)
target_link_options(fid_core_shared PRIVATE LINKER:--version-script=${symbols})
if(NOT FID_SANITIZE)
  target_link_options(fid_core_shared PRIVATE LINKER:--no-undefined)
endif()
set_target_properties(fid_core_shared PROPERTIES
  OUTPUT_NAME fid
  EXPORT_NAME core
  LINK_DEPENDS ${symbols}
  VERSION ${soversion}.${PROJECT_VERSION_MINOR}.${PROJECT_VERSION_PATCH}
  SOVERSION ${soversion})

install(TARGETS fid_core fid_core_shared EXPORT fid
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    COMPONENT library NAMELINK_COMPONENT development
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development
  FILE_SET platform_headers DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fid)
install(EXPORT fid NAMESPACE fid:: FILE fidTargets.cmake DESTINATION ${package_dir}
  COMPONENT development)
write_basic_package_version_file(fidConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/cmake/fidConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/fidConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT development)

# The way to the prefix from the file itself: what is installed can be moved.
file(RELATIVE_PATH to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
configure_file(${PROJECT_SOURCE_DIR}/packaging/pkgconfig/fid.pc.in fid.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fid.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
