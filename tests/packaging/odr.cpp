// SPDX-License-Identifier: MIT
// A second translation unit with the whole core, linked into every test program: a function or
// variable that lacks `inline` is then defined twice and the program does not link.
#include <corsac/corsac.hpp>
