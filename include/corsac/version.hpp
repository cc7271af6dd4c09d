// SPDX-License-Identifier: MIT
#ifndef CORSAC_VERSION_HPP
#define CORSAC_VERSION_HPP

// The one place where the version is written; CMake reads it from here.
#define CORSAC_VERSION_MAJOR 0
#define CORSAC_VERSION_MINOR 2
#define CORSAC_VERSION_PATCH 0

#endif
