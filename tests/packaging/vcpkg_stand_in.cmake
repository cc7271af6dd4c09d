# SPDX-License-Identifier: MIT
# vcpkg's functions, as far as the port calls them, with the effects that its manual gives them.
cmake_minimum_required(VERSION 3.21)

function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
    execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND "${CMAKE_COMMAND}" -S "${arg_SOURCE_PATH}"
        -B "${WORK}/port" "-DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR}" ${arg_OPTIONS})
endfunction()

function(vcpkg_cmake_install)
    execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND "${CMAKE_COMMAND}" --install "${WORK}/port")
endfunction()

# Moves the package to share/PORT and leaves no empty folder.
function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
    file(GLOB files "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}/*")
    if(NOT files)
        message(FATAL_ERROR "'${arg_CONFIG_PATH}' does not exist.")
    endif()
    file(COPY ${files} DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT_NAME}")
    file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/cmake")
    # In the configuration file the prefix is two folders up, no longer three.
    file(GLOB files "${CURRENT_PACKAGES_DIR}/share/${PORT_NAME}/*.cmake")
    foreach(file IN LISTS files)
        file(READ "${file}" text)
        string(REGEX REPLACE
            "(get_filename_component\\(_IMPORT_PREFIX \"\\\${CMAKE_CURRENT_LIST_FILE}\" PATH\\)).*(if\\(_IMPORT_PREFIX STREQUAL)"
            "set(_IMPORT_PREFIX \"\${CMAKE_CURRENT_LIST_DIR}/../..\")\n\\2" text "${text}")
        file(WRITE "${file}" "${text}")
    endforeach()
endfunction()

function(vcpkg_fixup_pkgconfig)
    if(NOT EXISTS "${CURRENT_PACKAGES_DIR}/share/pkgconfig/${PORT_NAME}.pc")
        message(FATAL_ERROR "no pkg-config file")
    endif()
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
    foreach(file IN LISTS arg_FILE_LIST)
        file(READ "${file}" text)
        file(APPEND "${CURRENT_PACKAGES_DIR}/share/${PORT_NAME}/copyright" "${text}\n")
    endforeach()
endfunction()

include("${PORT}")
