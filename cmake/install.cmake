# SPDX-License-Identifier: MIT
# Installs the headers and a CMake package, nothing else. The headers suit every architecture, so the
# package lives in share/ and its version file does not compare pointer sizes.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(corsac_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/corsac")

target_include_directories(corsac INTERFACE
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" TYPE INCLUDE
    FILES_MATCHING PATTERN "*.hpp" PATTERN "*.LICENSE")

# corsac depends on nothing, so the exported targets are the whole configuration file.
install(TARGETS corsac corsac_interop EXPORT corsac_targets)
install(EXPORT corsac_targets
    DESTINATION "${corsac_package_dir}"
    FILE corsac-config.cmake
    NAMESPACE corsac::)

# Before 1.0 a minor version may change the interface.
set(corsac_compatibility SameMajorVersion)
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(corsac_compatibility SameMinorVersion)
endif()
write_basic_package_version_file("${PROJECT_BINARY_DIR}/corsac-config-version.cmake"
    COMPATIBILITY ${corsac_compatibility}
    ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/corsac-config-version.cmake"
    DESTINATION "${corsac_package_dir}")
