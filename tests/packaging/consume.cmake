# SPDX-License-Identifier: MIT
# Builds and runs the consumer project with corsac got by WAY: package, subdirectory or fetch.
function(run)
    execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Users build with optimisation, whatever our own build does, and GCC finds more to warn about then;
# warnings born in inlined code are shown even for system headers.
set(consumer_type Release)

file(REMOVE_RECURSE "${WORK}")
set(options "-DCORSAC_WAY=${WAY}" "-DCORSAC_SOURCE=${SOURCE}" "-DCORSAC_VERSION=${VERSION}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_BUILD_TYPE=${consumer_type}" -G "${GENERATOR}")
set(config "")
if(CONFIG)
    set(config --config "${CONFIG}")
endif()

if(WAY STREQUAL "package")
    run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix" ${config})
    list(APPEND options "-DCMAKE_PREFIX_PATH=${WORK}/prefix")

    # Every header, the licence of the data and the CMake package are there, and nothing else is.
    file(GLOB_RECURSE installed RELATIVE "${WORK}/prefix" "${WORK}/prefix/*")
    file(GLOB_RECURSE expected RELATIVE "${SOURCE}" "${SOURCE}/include/*.hpp"
        "${SOURCE}/include/*.LICENSE")
    list(APPEND expected
        share/cmake/corsac/corsac-config.cmake share/cmake/corsac/corsac-config-version.cmake
        share/licenses/corsac/LICENSE share/pkgconfig/corsac.pc)
    list(SORT installed)
    list(SORT expected)
    if(NOT installed STREQUAL expected)
        message(FATAL_ERROR "installed:\n  ${installed}\nexpected:\n  ${expected}")
    endif()
endif()

run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/consumer" -B "${WORK}/build" ${options})
run("${CMAKE_COMMAND}" --build "${WORK}/build" --config ${consumer_type})
run("${CMAKE_CTEST_COMMAND}" --test-dir "${WORK}/build" --output-on-failure --no-tests=error
    -C ${consumer_type})

# Our headers are system headers to whoever vendors or finds them.
file(GLOB commands "${WORK}/build/compile_commands.json")
if(commands AND NOT COMPILER MATCHES "cl(\\.exe)?$")
    file(READ "${commands}" text)
    if(NOT text MATCHES "-isystem [^\" ]*/include")
        message(FATAL_ERROR "corsac's include directory is not a system directory:\n${text}")
    endif()
endif()
