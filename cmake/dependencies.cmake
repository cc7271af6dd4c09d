# SPDX-License-Identifier: MIT
# What the tests, examples and benchmarks need; corsac itself needs nothing. Each function looks for
# an installed copy first and fetches a pinned one otherwise. Call one, then link what it names.
include_guard(GLOBAL)
include(FetchContent)

# Their headers are not ours to warn about: FetchContent learned SYSTEM in CMake 3.25.
set(corsac_fetch_system "")
if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.25)
    set(corsac_fetch_system SYSTEM)
endif()

# doctest::doctest
function(corsac_need_doctest)
    if(TARGET doctest::doctest)
        return()
    endif()
    find_package(doctest 2.4 CONFIG QUIET)
    if(NOT TARGET doctest::doctest)
        set(DOCTEST_NO_INSTALL ON CACHE INTERNAL "")
        FetchContent_Declare(doctest
            GIT_REPOSITORY https://github.com/doctest/doctest.git
            GIT_TAG v2.4.12
            GIT_SHALLOW ON ${corsac_fetch_system})
        FetchContent_MakeAvailable(doctest)
    endif()
endfunction()

# corsac_installed_httplib: the cpp-httplib of the system; no target if there is none.
function(corsac_find_installed_httplib)
    # Imported targets are seen in the folder that looked for them, so each caller looks.
    find_package(Threads REQUIRED)
    find_package(httplib CONFIG QUIET)
    if(TARGET corsac_installed_httplib)
        return()
    endif()

    # Debian and Ubuntu split the header into a shared library, and only its pkg-config file knows
    # the macros it was built with; without them the two disagree about the layout of its classes.
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
        pkg_check_modules(corsac_pc_httplib QUIET IMPORTED_TARGET GLOBAL cpp-httplib)
    endif()
    set(found "")
    if(TARGET PkgConfig::corsac_pc_httplib)
        set(found PkgConfig::corsac_pc_httplib)
        # They stand there as private, and yet the header of 0.18 calls OpenSSL itself.
        execute_process(COMMAND "${PKG_CONFIG_EXECUTABLE}" --print-requires-private cpp-httplib
            OUTPUT_VARIABLE needs ERROR_QUIET)
        string(REGEX MATCHALL "(^|\n)[^ \n]+" needs "${needs}")
        string(REPLACE "\n" "" needs "${needs}")
        foreach(need IN LISTS needs)
            pkg_check_modules(corsac_pc_${need} QUIET IMPORTED_TARGET GLOBAL ${need})
            if(TARGET PkgConfig::corsac_pc_${need})
                list(APPEND found PkgConfig::corsac_pc_${need})
            endif()
        endforeach()
    elseif(TARGET httplib::httplib)
        set(found httplib::httplib)
    endif()
    if(found)
        add_library(corsac_installed_httplib INTERFACE)
        target_link_libraries(corsac_installed_httplib INTERFACE ${found} Threads::Threads)
    endif()
endfunction()

# corsac_httplib
function(corsac_need_httplib)
    corsac_find_installed_httplib()
    if(TARGET corsac_httplib)
        return()
    endif()
    add_library(corsac_httplib INTERFACE)
    if(TARGET corsac_installed_httplib)
        target_link_libraries(corsac_httplib INTERFACE corsac_installed_httplib)
        return()
    endif()
    target_link_libraries(corsac_httplib INTERFACE Threads::Threads)
    if(NOT TARGET httplib::httplib)
        set(HTTPLIB_INSTALL OFF CACHE INTERNAL "")
        set(HTTPLIB_USE_OPENSSL_IF_AVAILABLE OFF CACHE INTERNAL "")
        set(HTTPLIB_USE_ZLIB_IF_AVAILABLE OFF CACHE INTERNAL "")
        set(HTTPLIB_USE_BROTLI_IF_AVAILABLE OFF CACHE INTERNAL "")
        FetchContent_Declare(httplib
            GIT_REPOSITORY https://github.com/yhirose/cpp-httplib.git
            GIT_TAG v0.20.1
            GIT_SHALLOW ON ${corsac_fetch_system})
        FetchContent_MakeAvailable(httplib)
    endif()
    target_link_libraries(corsac_httplib INTERFACE httplib::httplib)
endfunction()

# corsac_re2
function(corsac_need_re2)
    # Imported targets are seen in the folder that looked for them, so each caller looks.
    find_package(re2 CONFIG QUIET)
    if(TARGET corsac_re2)
        return()
    endif()
    add_library(corsac_re2 INTERFACE)

    # Debian 12 has a pkg-config file and no CMake package.
    if(NOT TARGET re2::re2)
        find_package(PkgConfig QUIET)
        if(PkgConfig_FOUND)
            pkg_check_modules(corsac_pc_re2 QUIET IMPORTED_TARGET GLOBAL re2)
        endif()
    endif()
    if(TARGET PkgConfig::corsac_pc_re2)
        target_link_libraries(corsac_re2 INTERFACE PkgConfig::corsac_pc_re2)
        return()
    endif()

    if(NOT TARGET re2::re2)
        # The last release that needs no Abseil.
        set(RE2_BUILD_TESTING OFF CACHE INTERNAL "")
        FetchContent_Declare(re2
            GIT_REPOSITORY https://github.com/google/re2.git
            GIT_TAG 2023-03-01
            GIT_SHALLOW ON ${corsac_fetch_system})
        FetchContent_MakeAvailable(re2)
    endif()
    target_link_libraries(corsac_re2 INTERFACE re2::re2)
endfunction()

# benchmark::benchmark_main
function(corsac_need_benchmark)
    if(TARGET benchmark::benchmark_main)
        return()
    endif()
    find_package(benchmark 1.6 CONFIG QUIET)
    if(NOT TARGET benchmark::benchmark_main)
        set(BENCHMARK_ENABLE_TESTING OFF CACHE INTERNAL "")
        set(BENCHMARK_ENABLE_INSTALL OFF CACHE INTERNAL "")
        FetchContent_Declare(benchmark
            GIT_REPOSITORY https://github.com/google/benchmark.git
            GIT_TAG v1.9.4
            GIT_SHALLOW ON ${corsac_fetch_system})
        FetchContent_MakeAvailable(benchmark)
    endif()
endfunction()
