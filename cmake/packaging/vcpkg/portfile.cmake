# SPDX-License-Identifier: MIT
# An overlay port: it takes the checkout that it stands in. A registry's copy begins with
# vcpkg_from_git instead of these two lines.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(VCPKG_BUILD_TYPE release)  # headers only

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS -DCORSAC_BUILD_TESTS=OFF -DCORSAC_BUILD_EXAMPLES=OFF -DCORSAC_INSTALL=ON)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/corsac)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/licenses")
vcpkg_install_copyright(FILE_LIST
    "${SOURCE_PATH}/LICENSE"
    "${SOURCE_PATH}/include/corsac/origin/detail/public_suffix_data.LICENSE")
