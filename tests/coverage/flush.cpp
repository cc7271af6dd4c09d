// SPDX-License-Identifier: MIT

// Linked into the servers of tests/adapters while coverage is measured: a server that is told to
// end writes what it has counted first. A thread waits for the signal, as a handler must not write
// files.

#include <csignal>
#include <pthread.h>
#include <thread>
#include <unistd.h>

// GCC's programs have the one, clang's the other.
extern "C" [[gnu::weak]] void __gcov_dump();
extern "C" [[gnu::weak]] int __llvm_profile_write_file();

namespace {

const bool waiting = [] {
    static sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ended, nullptr);
    std::thread([] {
        int signal = 0;
        sigwait(&ended, &signal);
        if (__gcov_dump != nullptr) __gcov_dump();
        if (__llvm_profile_write_file != nullptr) __llvm_profile_write_file();
        _exit(0);
    }).detach();
    return true;
}();

}  // namespace
