# SPDX-License-Identifier: MIT
# Helpers for our own tests, examples and benchmarks. Users of corsac never include this file.
include_guard(GLOBAL)

# Our own programs are strict C++20. Only this project's folders see the variable.
set(CMAKE_CXX_EXTENSIONS OFF)

option(CORSAC_WERROR "Treat warnings in corsac's own tests and examples as errors" ON)

# The warnings our code must be free of. Linked by our own executables only.
if(MSVC)
    set(corsac_warning_flags /W4 /permissive- $<$<BOOL:${CORSAC_WERROR}>:/WX>)
else()
    set(corsac_warning_flags
        -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
        $<$<BOOL:${CORSAC_WERROR}>:-Werror>)
endif()
add_library(corsac_warnings INTERFACE)
target_compile_options(corsac_warnings INTERFACE ${corsac_warning_flags})

# Every direct subfolder that has a CMakeLists.txt of its own, except those named in ARGN.
function(corsac_add_subfolders)
    file(GLOB lists CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt")
    foreach(list IN LISTS lists)
        get_filename_component(folder "${list}" DIRECTORY)
        get_filename_component(name "${folder}" NAME)
        if(NOT name IN_LIST ARGN)
            add_subdirectory("${folder}")
        endif()
    endforeach()
endfunction()
