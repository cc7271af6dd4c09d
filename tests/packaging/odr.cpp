// SPDX-License-Identifier: MIT
// A second translation unit with every header, linked into every test program: a function or variable
// that lacks `inline` is then defined twice and the program does not link.
#include <corsac/corsac.hpp>

#include <all_headers.hpp>

const void* owned_names_elsewhere();

const void* owned_names_elsewhere() { return corsac::field::owned; }
