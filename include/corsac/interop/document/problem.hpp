// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_PROBLEM_HPP
#define CORSAC_INTEROP_DOCUMENT_PROBLEM_HPP

#include <corsac/detail/printable.hpp>
#include <corsac/interop/detail/core.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// Errors that are kept, and warnings; more are only counted. Nobody reads more, and a manifest of
/// a few MB can have a mistake in every line.
inline constexpr std::size_t max_manifest_problems = 1000;

/// Bytes of each text of a problem, most of which are a manifest's own.
inline constexpr std::size_t max_problem_text = 512;

namespace detail {

/// The text, or its beginning, cut between two characters of UTF-8.
[[nodiscard]] inline std::string cut_text(std::string text) {
    if (text.size() <= max_problem_text) return text;
    std::size_t end = max_problem_text;
    while (end > max_problem_text - 4 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
        --end;
    }
    text.resize(end);
    return text + "…";
}

}  // namespace detail

/// Appends text for a terminal or a log: control characters, among them line breaks, and what hides
/// or reorders text in Unicode are written as `\xNN`, and so is what is no UTF-8.
inline void append_shown(std::string& line, std::string_view text) {
    corsac::detail::visit_shown(text, [&line](std::string_view part) { line += part; });
}

/// Something wrong, or doubtful, in a manifest.
struct manifest_problem {
    bool is_error = true;
    std::string object;   ///< `HTTPRoute shop/cart`, or `document 2` before that is known
    std::string path;     ///< in that object: `spec.rules[0].filters[1].cors.maxAge`; may be empty
    std::string message;  ///< what is wrong and, where it helps, what to write instead
    /// By which rules, `gateway_api` or another `gateway_profile`; empty where all have the same.
    std::string profile{};
    /// Neither wrong nor doubtful: what saves an afternoon to know. Then it is no error.
    bool is_note = false;

    /// All of it as one line, safe for a terminal whatever the manifest holds.
    [[nodiscard]] std::string text() const {
        std::string line = is_error ? "error: " : is_note ? "note: " : "warning: ";
        append_shown(line, object);
        if (!path.empty() && !object.empty()) line += ", ";
        append_shown(line, path);
        if (!object.empty() || !path.empty()) line += ": ";
        append_shown(line, message);
        return profile.empty() ? line : line + " (profile " + profile + ')';
    }
};

/// Problems in the order in which they were found.
class manifest_problems {
public:
    void error(std::string_view object, std::string_view path, std::string message) {
        add(true, object, path, std::move(message));
    }
    void warning(std::string_view object, std::string_view path, std::string message) {
        add(false, object, path, std::move(message));
    }
    /// Adds a note, which is not counted as a problem.
    void note(std::string_view object, std::string_view path, std::string message) {
        if (notes_.size() == max_manifest_problems) return;
        notes_.push_back({false,
                          detail::cut_text(std::string(object)),
                          detail::cut_text(std::string(path)),
                          detail::cut_text(std::move(message)),
                          {},
                          true});
    }
    /// Takes problems over as those of a profile.
    void append(manifest_problems&& more, std::string_view profile) {
        for (manifest_problem& problem : more.all_) {
            problem.profile = profile;
            keep(std::move(problem));
        }
        errors_ += more.errors_;
        warnings_ += more.warnings_;
        notes_.insert(notes_.end(), more.notes_.begin(), more.notes_.end());
    }

    /// Of all, kept or not.
    [[nodiscard]] std::size_t errors() const noexcept { return errors_; }
    [[nodiscard]] std::size_t warnings() const noexcept { return warnings_; }
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
    /// How many were found when `max_manifest_problems` were kept already.
    [[nodiscard]] std::size_t omitted() const noexcept { return errors_ + warnings_ - all_.size(); }
    [[nodiscard]] const std::vector<manifest_problem>& notes() const noexcept { return notes_; }
    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
    [[nodiscard]] auto end() const noexcept { return all_.end(); }

private:
    void add(bool is_error, std::string_view object, std::string_view path, std::string message) {
        (is_error ? errors_ : warnings_) += 1;
        keep({is_error, detail::cut_text(std::string(object)), detail::cut_text(std::string(path)),
              detail::cut_text(std::move(message))});
    }

    void keep(manifest_problem problem) {
        std::size_t& kept = problem.is_error ? kept_errors_ : kept_warnings_;
        if (kept == max_manifest_problems) return;
        ++kept;
        all_.push_back(std::move(problem));
    }

    std::vector<manifest_problem> all_;
    std::vector<manifest_problem> notes_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
    std::size_t kept_errors_ = 0;
    std::size_t kept_warnings_ = 0;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
