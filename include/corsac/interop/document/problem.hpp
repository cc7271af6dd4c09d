// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_PROBLEM_HPP
#define CORSAC_INTEROP_DOCUMENT_PROBLEM_HPP

#include <corsac/interop/detail/core.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0::interop {

/// Something wrong, or doubtful, in a manifest.
struct manifest_problem {
    bool is_error = true;
    std::string object;   ///< `HTTPRoute shop/cart`, or `document 2` before that is known
    std::string path;     ///< in that object: `spec.rules[0].filters[1].cors.maxAge`; may be empty
    std::string message;  ///< what is wrong and, where it helps, what to write instead
    /// By which rules, `gateway_api` or another `gateway_profile`; empty where all have the same.
    std::string profile{};

    /// All of it as one line.
    [[nodiscard]] std::string text() const {
        std::string line = is_error ? "error: " : "warning: ";
        line += object;
        if (!path.empty()) line += (object.empty() ? "" : ", ") + path;
        if (!object.empty() || !path.empty()) line += ": ";
        line += message;
        return profile.empty() ? line : line + " (profile " + profile + ')';
    }
};

/// Problems in the order in which they were found.
class manifest_problems {
public:
    void error(std::string_view object, std::string_view path, std::string message) {
        all_.push_back({true, std::string(object), std::string(path), std::move(message), {}});
        ++errors_;
    }
    void warning(std::string_view object, std::string_view path, std::string message) {
        all_.push_back({false, std::string(object), std::string(path), std::move(message), {}});
    }
    /// Takes problems over as those of a profile.
    void append(manifest_problems&& more, std::string_view profile) {
        for (manifest_problem& problem : more.all_) {
            problem.profile = profile;
            all_.push_back(std::move(problem));
        }
        errors_ += more.errors_;
    }

    [[nodiscard]] std::size_t errors() const noexcept { return errors_; }
    [[nodiscard]] std::size_t warnings() const noexcept { return all_.size() - errors_; }
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
    [[nodiscard]] auto end() const noexcept { return all_.end(); }

private:
    std::vector<manifest_problem> all_;
    std::size_t errors_ = 0;
};

}  // namespace corsac::inline v0::interop

#endif
