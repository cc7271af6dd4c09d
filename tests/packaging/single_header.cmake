# SPDX-License-Identifier: MIT
# The tests of the library once more, with corsac_all.hpp instead of the headers (each of which stands
# for it) and without exceptions and run-time type information. Precompiled, it is read once.
set(single "${CMAKE_CURRENT_BINARY_DIR}/packaging/single")
set(single_script "${PROJECT_SOURCE_DIR}/cmake/packaging/single_header.py")
set(header_files "")
foreach(header IN LISTS corsac_headers)
    list(APPEND header_files "${PROJECT_SOURCE_DIR}/include/${header}")
    file(CONFIGURE OUTPUT "${single}/${header}" CONTENT "#include <corsac_all.hpp>\n" @ONLY)
endforeach()
add_custom_command(OUTPUT "${single}/corsac_all.hpp"
    COMMAND Python3::Interpreter "${single_script}" "${single}/corsac_all.hpp"
    DEPENDS "${single_script}" ${header_files} VERBATIM)

corsac_add_doctest_without_exceptions(corsac_tests_single_header
    ${corsac_test_sources} "${single}/corsac_all.hpp")
if(TARGET corsac_tests_single_header)
    target_include_directories(corsac_tests_single_header BEFORE PRIVATE "${single}")
    target_precompile_headers(corsac_tests_single_header PRIVATE "${single}/corsac_all.hpp")
endif()
