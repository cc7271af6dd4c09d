// SPDX-License-Identifier: MIT
// Compiled into the program of odr_main.cpp: every header once more, for the one-definition rule.
#include <all_headers.hpp>

const void* owned_names_elsewhere();

const void* owned_names_elsewhere() { return corsac::field::owned; }
