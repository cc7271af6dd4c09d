// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_DETAIL_LINKAGE_HPP
#define CORSAC_LIVE_DETAIL_LINKAGE_HPP

// Tested in tests/live/live_reader.test.cpp.

// Of a struct whose static members must be the same in every shared library of a process, also if
// it is compiled with -fvisibility=hidden.
#if defined(__GNUC__)
#define CORSAC_ONE_PER_PROCESS [[gnu::visibility("default")]]
#else
#define CORSAC_ONE_PER_PROCESS
#endif

// Of a function that is hardly ever called, lest it be inlined where every request passes.
#if defined(__GNUC__)
#define CORSAC_RARE [[gnu::cold, gnu::noinline]]
#else
#define CORSAC_RARE
#endif

#endif
