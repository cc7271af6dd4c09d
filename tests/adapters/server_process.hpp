// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_ADAPTERS_SERVER_PROCESS_HPP
#define CORSAC_TESTS_ADAPTERS_SERVER_PROCESS_HPP

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace adapter_tests {

/// A server under test: started with a free loopback port as its first argument, ended with this
/// object. It has to print `listening on http://127.0.0.1:PORT` once it is about to serve. What it
/// writes to standard error is left alone; on standard output it should say no more, nobody reads
/// it.
class server_process {
public:
    server_process(const std::string& program, const std::vector<std::string>& more_arguments) {
        std::string said;
        for (int attempt = 0; attempt < 3; ++attempt) {  // another program may take the free port
            start(program, more_arguments);
            said = first_lines();
            if (said.find(announcement()) != std::string::npos) return;
            stop();
            if (said.starts_with("absent: ")) throw variant_absent(said);
        }
        throw std::runtime_error(program + " did not say '" + announcement() +
                                 "', it said: " + said);
    }
    /// The framework has not what the variant is about.
    struct variant_absent : std::runtime_error {
        using runtime_error::runtime_error;
    };

    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;
    ~server_process() { stop(); }

    [[nodiscard]] unsigned short port() const noexcept { return port_; }
    /// Whether it still runs: a server that died on a request must not look like a slow one.
    [[nodiscard]] bool alive() noexcept {
        if (child_ > 0 && ::waitpid(child_, nullptr, WNOHANG) != 0) child_ = -1;
        return child_ > 0;
    }

private:
    [[nodiscard]] std::string announcement() const {
        return "listening on http://127.0.0.1:" + std::to_string(port_);
    }

    static unsigned short free_port() {
        const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (probe < 0 || ::bind(probe, generic, size) != 0 ||
            ::getsockname(probe, generic, &size) != 0) {
            throw std::runtime_error("no free loopback port");
        }
        ::close(probe);
        return ntohs(address.sin_port);
    }

    void start(const std::string& program, const std::vector<std::string>& more_arguments) {
        port_ = free_port();
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        std::vector<std::string> words{program, std::to_string(port_)};
        words.insert(words.end(), more_arguments.begin(), more_arguments.end());
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);

        child_ = ::fork();
        if (child_ < 0) throw std::runtime_error("fork");
        if (child_ == 0) {
#ifdef __linux__
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            ::execv(program.c_str(), argv.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        output_ = ends[0];
    }

    /// Reads until the announcement, the end of the output, or ten seconds.
    std::string first_lines() {
        using clock = std::chrono::steady_clock;
        const auto until = clock::now() + std::chrono::seconds(10);
        std::string said;
        while (clock::now() < until && said.find(announcement()) == std::string::npos) {
            pollfd wait{output_, POLLIN, 0};
            if (::poll(&wait, 1, 100) <= 0) continue;
            char chunk[512];
            const ssize_t n = ::read(output_, chunk, sizeof chunk);
            if (n <= 0) break;
            said.append(chunk, static_cast<std::size_t>(n));
        }
        return said;
    }

    void stop() noexcept {
        if (child_ > 0) {
            ::kill(child_, ending);
            ::waitpid(child_, nullptr, 0);
        }
        if (output_ >= 0) ::close(output_);
        child_ = -1;
        output_ = -1;
    }

#ifdef CORSAC_TEST_COVERAGE
    static constexpr int ending = SIGTERM;  // it writes what it has counted, see tests/coverage
#else
    static constexpr int ending = SIGKILL;
#endif

    pid_t child_ = -1;
    int output_ = -1;
    unsigned short port_ = 0;
};

}  // namespace adapter_tests

#endif
