// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_GATEWAY_RELOAD_HPP
#define CORSAC_EXAMPLES_GATEWAY_RELOAD_HPP

#include "report.hpp"
#include "snapshot.hpp"

#include <corsac/live/live_value.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <sys/stat.h>

namespace gateway {

/// The manifests in force, and the file they come from.
class live_manifests {
public:
    using live = corsac::live_value<std::unique_ptr<const snapshot>>;

    live_manifests(std::string path, corsac::interop::gateway_profile profile)
        : path_(std::move(path)), profile_(profile) {}

    /// What requests use, each until its response is written; null before a good file.
    [[nodiscard]] live::reader current() const { return current_.read(); }

    /// Loads the file at the start. @return  Whether there is something to serve.
    [[nodiscard]] bool start() {
        seen_ = identify();
        take();
        return *current() != nullptr;
    }

    /// Loads the file if it has changed since it was loaded, and two looks in a row found it the
    /// same: while somebody still writes, a part of it can be a valid manifest, too.
    ///
    /// Looks through symbolic links: Kubernetes mounts a ConfigMap as `file -> ..data/file` and
    /// updates it by pointing `..data` at a new folder, so the path stays and the file is another.
    void poll() {
        const std::optional<identity> now = identify();
        const bool settled = now == last_look_;
        last_look_ = now;
        if (now == seen_ || !settled) return;
        seen_ = now;
        take();
    }

private:
    struct identity {
        dev_t device;
        ino_t file;
        off_t size;
        time_t seconds;
        long nanoseconds;

        friend bool operator==(const identity&, const identity&) = default;
    };

    void take() {
        corsac::interop::manifest_problems problems;
        std::unique_ptr<const snapshot> next;
        if (const std::optional<std::string> text = read_file(path_, problems)) {
            if (identify() != seen_) return;  // it was written meanwhile: at another look
            next = load(*text, profile_, problems);
        }
        print_problems(problems);
        const bool first = *current() == nullptr;
        if (next == nullptr) {
            std::cout << (first ? "not loaded" : "not loaded: the old policies stay") << std::endl;
            return;
        }
        print_policies(*next);
        current_.replace(std::move(next));
        std::cout << (first ? "loaded " : "reloaded ") << shown(path_) << std::endl;
    }

    /// Of the file that the path leads to; nothing while there is none.
    [[nodiscard]] std::optional<identity> identify() const {
        struct stat at{};
        if (stat(path_.c_str(), &at) != 0) return std::nullopt;
        return identity{at.st_dev, at.st_ino, at.st_size, at.st_mtim.tv_sec, at.st_mtim.tv_nsec};
    }

    std::string path_;
    corsac::interop::gateway_profile profile_;
    std::optional<identity> seen_;       ///< what was loaded, or refused
    std::optional<identity> last_look_;  ///< what the last look found
    live current_{nullptr};
};

}  // namespace gateway

#endif
