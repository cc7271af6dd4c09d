# SPDX-License-Identifier: MIT
# The web frameworks that corsac has adapters for, for our own tests, examples and benchmarks.
#
# A source tree that FETCHCONTENT_SOURCE_DIR_<NAME> points to is used, or an installed copy, or, with
# CORSAC_FETCH_ADAPTERS, what FetchContent downloads. One that is nowhere is absent, and said to be; so
# is an installed one that is too old or incomplete.
include_guard(GLOBAL)
include(FetchContent)

set(corsac_frameworks
    beast httplib crow drogon oatpp uwebsockets poco microhttpd pistache qt_httpserver)

# By which an installed copy is tried.
set(corsac_framework_headers
    boost/beast.hpp httplib.h crow.h drogon/drogon.h oatpp/web/server/HttpConnectionHandler.hpp App.h
    Poco/Net/HTTPServer.h microhttpd.h pistache/endpoint.h QtHttpServer/QHttpServer)
set(corsac_cmake_dir "${CMAKE_CURRENT_LIST_DIR}")

set(CORSAC_ADAPTERS "auto" CACHE STRING
    "Adapters to test: auto for those whose framework is there, or a list of ${corsac_frameworks}, all of which must be")
option(CORSAC_FETCH_ADAPTERS "Download the frameworks that are not installed" OFF)

# Tests, examples and benchmarks use the same targets.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)

# uSockets is written in C; languages can be enabled in a file only, not in a function.
if(FETCHCONTENT_SOURCE_DIR_UWEBSOCKETS OR CORSAC_FETCH_ADAPTERS)
    enable_language(C)
endif()

# corsac_source_tree(NAME var): where the sources are; empty if they are not to be had.
function(corsac_source_tree name var)
    string(TOUPPER "${name}" upper)
    set(${var} "${FETCHCONTENT_SOURCE_DIR_${upper}}" PARENT_SCOPE)
    if(NOT FETCHCONTENT_SOURCE_DIR_${upper} AND CORSAC_FETCH_ADAPTERS)
        # A subfolder that does not exist keeps MakeAvailable from adding the project.
        FetchContent_Declare(${name} ${ARGN} SOURCE_SUBDIR corsac-adds-no-subdirectory)
        FetchContent_MakeAvailable(${name})
        set(${var} "${${name}_SOURCE_DIR}" PARENT_SCOPE)
    endif()
endfunction()

# An interface library of headers that are not ours to warn about.
function(corsac_add_headers target)
    if(TARGET ${target})
        return()  # a second look; see corsac_find_frameworks
    endif()
    find_package(Threads REQUIRED)
    add_library(${target} INTERFACE)
    target_include_directories(${target} SYSTEM INTERFACE ${ARGN})
    target_link_libraries(${target} INTERFACE Threads::Threads)
endfunction()

# Adds somebody else's project, quietly and with warnings that are its own business.
macro(corsac_add_project folder)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    set(CMAKE_MESSAGE_LOG_LEVEL WARNING)
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # our settings win over its options
    set(CMAKE_POLICY_DEFAULT_CMP0048 NEW)
    add_subdirectory("${folder}" ${ARGN} EXCLUDE_FROM_ALL)
endmacro()

# corsac_probe(NAME HEADER): sets CORSAC_USABLE_<NAME>, whether the installed copy compiles and links
# and, if it does not, corsac_absence_<NAME>, why. A project of its own tries it: packages end the
# configuration when something that they need is not there.
function(corsac_probe name header)
    string(TOUPPER "${name}" upper)
    if(CORSAC_USABLE_${name} OR FETCHCONTENT_SOURCE_DIR_${upper})
        return()
    endif()
    # Not try_compile: a project that does not configure is its caller's error.
    set(folder "${CMAKE_BINARY_DIR}/probe/${name}")
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -S "${corsac_cmake_dir}/probe" -B "${folder}"
            -G "${CMAKE_GENERATOR}" "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}"
            "-DCMAKE_PREFIX_PATH=${CMAKE_PREFIX_PATH}"
            "-DFRAMEWORK=${name}" "-DHEADER=${header}" "-DCORSAC_USABLE_${name}=ON"
        RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT failed)
        execute_process(COMMAND "${CMAKE_COMMAND}" --build "${folder}"
            RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
    endif()
    if(NOT failed)
        set(CORSAC_USABLE_${name} ON CACHE INTERNAL "an installed ${name} compiles and links")
        return()
    endif()
    set(why "installed, but it does not compile or link")
    if(output MATCHES "corsac: ([^\n]*)")
        set(why "${CMAKE_MATCH_1}")
    elseif(output MATCHES "Could NOT find ([^ \n]*)")
        set(why "installed, but not ${CMAKE_MATCH_1}, which it needs")
    endif()
    set_property(GLOBAL PROPERTY corsac_absence_${name} "${why}")
endfunction()

# corsac_require(NAME VERSION MINIMUM RESULT): whether the version found is new enough.
macro(corsac_require name version minimum result)
    set(${result} ON)
    if("${version}" STREQUAL "")
        set(${result} OFF)
    elseif("${version}" VERSION_LESS "${minimum}")
        set(${result} OFF)
        set(corsac_absence "${name} ${version} is installed, ${minimum} or later is needed")
    endif()
endmacro()

# Boost.Beast: message_generator is in 1.81.
macro(corsac_find_beast)
    if(CORSAC_USABLE_beast)
        find_package(Boost QUIET)
        corsac_require(Boost "${Boost_VERSION_STRING}" 1.81 new_enough)
        if(TARGET Boost::headers AND new_enough)
            corsac_add_headers(corsac_framework_beast)
            target_link_libraries(corsac_framework_beast INTERFACE Boost::headers)
        endif()
    endif()
endmacro()

macro(corsac_find_httplib)
    if(CORSAC_USABLE_httplib)
        corsac_find_installed_httplib()
        if(TARGET corsac_installed_httplib)
            corsac_add_headers(corsac_framework_httplib)
            target_link_libraries(corsac_framework_httplib INTERFACE corsac_installed_httplib)
        endif()
    endif()
    if(NOT TARGET corsac_framework_httplib)
        corsac_source_tree(httplib tree
            GIT_REPOSITORY https://github.com/yhirose/cpp-httplib.git
            GIT_TAG 6494edd8c03c55165825ae3078e2f55c595d8cb6)
        if(tree)
            corsac_add_headers(corsac_framework_httplib "${tree}")
        endif()
    endif()
endmacro()

macro(corsac_find_crow)
    if(CORSAC_USABLE_crow)
        find_package(Crow CONFIG QUIET)
    endif()
    if(TARGET Crow::Crow)
        corsac_add_headers(corsac_framework_crow)
        target_link_libraries(corsac_framework_crow INTERFACE Crow::Crow)
    else()
        corsac_source_tree(crow tree
            GIT_REPOSITORY https://github.com/CrowCpp/Crow.git
            GIT_TAG 2366edbadb568f9cc3d0ba035a6c1d6e55382adf)
        find_path(CORSAC_ASIO_INCLUDE_DIR asio.hpp)
        mark_as_advanced(CORSAC_ASIO_INCLUDE_DIR)
        if(tree AND NOT CORSAC_ASIO_INCLUDE_DIR)
            set(corsac_absence "Asio, which its sources need, is not installed")
        elseif(tree)
            corsac_add_headers(corsac_framework_crow "${tree}/include")
            if(NOT CORSAC_ASIO_INCLUDE_DIR STREQUAL "/usr/include")
                target_include_directories(corsac_framework_crow SYSTEM INTERFACE
                    "${CORSAC_ASIO_INCLUDE_DIR}")
            endif()
        endif()
    endif()
endmacro()

macro(corsac_find_drogon)
    if(CORSAC_USABLE_drogon)
        find_package(Drogon CONFIG QUIET)
    endif()
    if(NOT TARGET Drogon::Drogon AND NOT TARGET drogon)
        corsac_source_tree(drogon tree
            GIT_REPOSITORY https://github.com/drogonframework/drogon.git
            GIT_TAG 74fc004c8dc8244fe3b6c56628601053b5a15c37)
        if(tree AND NOT EXISTS "${tree}/trantor/CMakeLists.txt" AND FETCHCONTENT_SOURCE_DIR_TRANTOR)
            # Without its submodule: put the two together in the build folder.
            file(COPY "${tree}/" DESTINATION "${CMAKE_CURRENT_BINARY_DIR}/drogon-source")
            file(COPY "${FETCHCONTENT_SOURCE_DIR_TRANTOR}/"
                DESTINATION "${CMAKE_CURRENT_BINARY_DIR}/drogon-source/trantor")
            set(tree "${CMAKE_CURRENT_BINARY_DIR}/drogon-source")
        endif()
        if(EXISTS "${tree}/trantor/CMakeLists.txt")
            foreach(part IN ITEMS CTL EXAMPLES ORM BROTLI YAML_CONFIG TESTING)
                set(BUILD_${part} OFF)
            endforeach()
            corsac_add_project("${tree}" "${CMAKE_CURRENT_BINARY_DIR}/drogon")
        endif()
    endif()
    foreach(found IN ITEMS Drogon::Drogon drogon)
        if(TARGET ${found} AND NOT TARGET corsac_framework_drogon)
            corsac_add_headers(corsac_framework_drogon
                "$<TARGET_PROPERTY:${found},INTERFACE_INCLUDE_DIRECTORIES>")
            target_link_libraries(corsac_framework_drogon INTERFACE ${found})
        endif()
    endforeach()
endmacro()

macro(corsac_find_oatpp)
    if(CORSAC_USABLE_oatpp)
        find_package(oatpp CONFIG QUIET)
    endif()
    if(NOT TARGET oatpp::oatpp AND NOT TARGET oatpp)
        corsac_source_tree(oatpp tree
            GIT_REPOSITORY https://github.com/oatpp/oatpp.git
            GIT_TAG c9765f9e903acaa8a89f2d215ce8f45780a623cb)
        if(tree)
            set(OATPP_BUILD_TESTS OFF)
            set(OATPP_INSTALL OFF)
            set(OATPP_LINK_TEST_LIBRARY OFF)
            corsac_add_project("${tree}" "${CMAKE_CURRENT_BINARY_DIR}/oatpp")
        endif()
    endif()
    foreach(found IN ITEMS oatpp::oatpp oatpp)
        if(TARGET ${found} AND NOT TARGET corsac_framework_oatpp)
            corsac_add_headers(corsac_framework_oatpp
                "$<TARGET_PROPERTY:${found},INTERFACE_INCLUDE_DIRECTORIES>")
            target_link_libraries(corsac_framework_oatpp INTERFACE ${found})
        endif()
    endforeach()
endmacro()

# Neither it nor uSockets has a CMake project; a handful of C files is all there is to build.
macro(corsac_find_uwebsockets)
    corsac_source_tree(uwebsockets tree
        GIT_REPOSITORY https://github.com/uNetworking/uWebSockets.git
        GIT_TAG 66dcff3dd48f0c19dd1703426365d062039321d0)
    corsac_source_tree(usockets sockets
        GIT_REPOSITORY https://github.com/uNetworking/uSockets.git
        GIT_TAG 86097c490263ab662d62e8e7b541390bdec7d149)
    if(tree AND NOT sockets AND EXISTS "${tree}/uSockets/src")
        set(sockets "${tree}/uSockets")
    endif()
    if(tree AND sockets AND NOT TARGET corsac_usockets)
        file(GLOB sources "${sockets}/src/*.c" "${sockets}/src/eventing/*.c"
            "${sockets}/src/crypto/*.c")
        list(FILTER sources EXCLUDE REGEX "quic\\.c$")
        add_library(corsac_usockets STATIC EXCLUDE_FROM_ALL ${sources})
        target_include_directories(corsac_usockets PRIVATE "${sockets}/src")
        target_compile_definitions(corsac_usockets PUBLIC LIBUS_NO_SSL)
        corsac_add_headers(corsac_framework_uwebsockets "${tree}/src" "${sockets}/src")
        target_compile_definitions(corsac_framework_uwebsockets INTERFACE UWS_NO_ZLIB)
        target_link_libraries(corsac_framework_uwebsockets INTERFACE corsac_usockets)
    endif()
endmacro()

macro(corsac_find_poco)
    if(CORSAC_USABLE_poco)
        find_package(Poco QUIET COMPONENTS Foundation Net)
        if(TARGET Poco::Net)
            corsac_add_headers(corsac_framework_poco)
            target_link_libraries(corsac_framework_poco INTERFACE Poco::Net)
        endif()
    endif()
endmacro()

macro(corsac_find_microhttpd)
    if(CORSAC_USABLE_microhttpd)
        pkg_check_modules(corsac_microhttpd_pc QUIET IMPORTED_TARGET GLOBAL libmicrohttpd)
        corsac_require(libmicrohttpd "${corsac_microhttpd_pc_VERSION}" 0.9.71 new_enough)
        if(TARGET PkgConfig::corsac_microhttpd_pc AND new_enough)
            corsac_add_headers(corsac_framework_microhttpd)
            target_link_libraries(corsac_framework_microhttpd INTERFACE
                PkgConfig::corsac_microhttpd_pc)
        endif()
    endif()
endmacro()

macro(corsac_find_pistache)
    if(CORSAC_USABLE_pistache)
        pkg_check_modules(corsac_pistache_pc QUIET IMPORTED_TARGET GLOBAL libpistache)
        if(TARGET PkgConfig::corsac_pistache_pc)
            corsac_add_headers(corsac_framework_pistache)
            target_link_libraries(corsac_framework_pistache INTERFACE PkgConfig::corsac_pistache_pc)
        endif()
    endif()
endmacro()

macro(corsac_find_qt_httpserver)
    if(CORSAC_USABLE_qt_httpserver)
        find_package(Qt6 QUIET COMPONENTS Core Network HttpServer)
        if(TARGET Qt6::HttpServer)
            corsac_add_headers(corsac_framework_qt_httpserver)
            target_link_libraries(corsac_framework_qt_httpserver INTERFACE
                Qt6::HttpServer Qt6::Network)
        endif()
    endif()
endmacro()

# corsac_find_one(NAME): corsac_framework_<NAME>, or corsac_absence, why there is none.
macro(corsac_find_one name)
    find_package(PkgConfig QUIET)
    if(NOT PKG_CONFIG_FOUND)
        macro(pkg_check_modules)
        endmacro()
    endif()
    set(corsac_absence "not installed")
    cmake_language(CALL corsac_find_${name})
endmacro()

# Sets corsac_frameworks_here and corsac_frameworks_absent; corsac_framework_<name> is what to link.
function(corsac_find_frameworks)
    get_property(here GLOBAL PROPERTY corsac_frameworks_here)
    get_property(absent GLOBAL PROPERTY corsac_frameworks_absent)
    get_property(done GLOBAL PROPERTY corsac_frameworks_done)
    if(NOT done)
        foreach(name header IN ZIP_LISTS corsac_frameworks corsac_framework_headers)
            set(why "not asked for")
            if(CORSAC_ADAPTERS STREQUAL "auto" OR name IN_LIST CORSAC_ADAPTERS)
                corsac_probe(${name} ${header})
                corsac_find_one(${name})
                get_property(why GLOBAL PROPERTY corsac_absence_${name})
                if(NOT why)
                    set(why "${corsac_absence}")
                endif()
            endif()
            if(TARGET corsac_framework_${name})
                list(APPEND here ${name})
            else()
                list(APPEND absent ${name})
                message(STATUS "corsac adapters: ${name} is absent: ${why}")
            endif()
            if(name IN_LIST CORSAC_ADAPTERS AND NOT name IN_LIST here)
                message(FATAL_ERROR "CORSAC_ADAPTERS names ${name}, which is absent: ${why}")
            endif()
        endforeach()
        set_property(GLOBAL PROPERTY corsac_frameworks_here "${here}")
        set_property(GLOBAL PROPERTY corsac_frameworks_absent "${absent}")
        set_property(GLOBAL PROPERTY corsac_frameworks_done ON)
        string(REPLACE ";" " " here_text "${here}")
        string(REPLACE ";" " " absent_text "${absent}")
        message(STATUS "corsac adapters: found ${here_text}; absent ${absent_text}")
    elseif(CMAKE_VERSION VERSION_LESS 3.24)
        # What find_package imports is known in the folder that called it only.
        foreach(name IN LISTS here)
            corsac_find_one(${name})
        endforeach()
    endif()
    set(corsac_frameworks_here "${here}" PARENT_SCOPE)
    set(corsac_frameworks_absent "${absent}" PARENT_SCOPE)
endfunction()
