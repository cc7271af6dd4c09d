// SPDX-License-Identifier: MIT

// Linked into the servers of tests/adapters while coverage is measured: a server that is told to
// end writes what it has counted first. A thread waits for the signal, as a handler must not write
// files.

#include <csignal>
#include <pthread.h>
#include <thread>
#include <unistd.h>

#if defined(__clang__)
extern "C" int __llvm_profile_write_file();
#else
extern "C" void __gcov_dump();
#endif

namespace {

const bool waiting = [] {
    static sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ended, nullptr);
    std::thread([] {
        int signal = 0;
        sigwait(&ended, &signal);
#if defined(__clang__)
        __llvm_profile_write_file();
#else
        __gcov_dump();
#endif
        _exit(0);
    }).detach();
    return true;
}();

}  // namespace
