// SPDX-License-Identifier: MIT
#include "count.hpp"

int main(int argc, char** argv) { return bench::count_alone<bench::owned>(argc, argv, "owned"); }
