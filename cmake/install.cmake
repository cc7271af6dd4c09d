# SPDX-License-Identifier: MIT
# Installs the headers, a CMake package, a pkg-config file and the licence. The headers suit every
# architecture, so all else lives in share/ and no version file compares pointer sizes.
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

# Relative to itself, so that what was installed may be moved.
set(corsac_pc_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")
file(RELATIVE_PATH corsac_pc_to_prefix
    "${CMAKE_INSTALL_PREFIX}/${corsac_pc_dir}" "${CMAKE_INSTALL_PREFIX}")
set(corsac_pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
if(IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(corsac_pc_includedir "${CMAKE_INSTALL_INCLUDEDIR}")
endif()
configure_file(cmake/packaging/corsac.pc.in "${PROJECT_BINARY_DIR}/corsac.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/corsac.pc" DESTINATION "${corsac_pc_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/licenses/corsac")
