// SPDX-License-Identifier: MIT
#include <all_headers.hpp>

const void* owned_names_elsewhere();

int main() { return owned_names_elsewhere() == corsac::field::owned ? 0 : 1; }
