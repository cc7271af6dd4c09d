// SPDX-License-Identifier: MIT
#include <all_headers.hpp>

const void* owned_names_elsewhere();

// Both translation units mean the same object, so there is one definition and not a copy in each.
int main() { return owned_names_elsewhere() == corsac::field::owned ? 0 : 1; }
