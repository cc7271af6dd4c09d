// SPDX-License-Identifier: MIT
#ifndef CORSAC_ERROR_HPP
#define CORSAC_ERROR_HPP

#include <corsac/config_code.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/printable.hpp>
#include <corsac/detail/text.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

/// The index of an error that is not about one entry of a list.
inline constexpr std::size_t no_index = static_cast<std::size_t>(-1);

/// Bytes of an entry, and of an advice that repeats one, that a message shows; more becomes `…`.
inline constexpr std::size_t max_shown_entry_length = 300;

/// Where in a configuration a mistake is.
struct config_place {
    std::string_view field;        ///< a member of the options; a literal, it is not copied
    std::size_t index = no_index;  ///< the entry of that list, from 0
    std::string_view object = {};  ///< whose field it is, where there are several: `route "shop"`
};

/// One mistake in a configuration: where it is, what was written, and what to write instead.
///
/// It owns its texts and outlives the options that it was found in.
class config_error {
public:
    constexpr config_error() noexcept = default;

    /// @param written  The offending text.
    /// @param problem  What is wrong with it, as the rest of a sentence: "has a path".
    /// @param advice   What to write instead, as a sentence without its full stop.
    constexpr config_error(config_code code, const config_place& place, std::string_view written,
                           std::string_view problem, std::string_view advice)
        : code_(code), index_(place.index), field_(place.field), object_(place.object),
          text_(written), advice_(advice) {
        if (!object_.empty()) append_escaped(place.object).append(", ");
        message_.append(place.field);
        if (index_ != no_index) message_.append('[').append_number(index_).append(']');
        message_.append(": ");
        // An empty entry of a list is shown, too.
        if (!written.empty() || index_ != no_index) append_quoted(written);
        append_escaped(problem).append("; ");
        append_escaped(advice);
    }

    [[nodiscard]] constexpr config_code code() const noexcept { return code_; }
    /// The member of the options: `"allow_origins"`.
    [[nodiscard]] constexpr std::string_view field() const noexcept { return field_; }
    /// The entry of the list, from 0, or `no_index`.
    [[nodiscard]] constexpr std::size_t index() const noexcept { return index_; }
    /// Whose field it is; empty where there is only one object, as in a policy.
    [[nodiscard]] constexpr std::string_view object() const noexcept { return object_.view(); }
    /// The entry as it was written.
    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_.view(); }
    /// What to write instead.
    [[nodiscard]] constexpr std::string_view advice() const noexcept { return advice_.view(); }
    /// All of it as one line, control characters escaped and what is long cut short:
    /// `allow_origins[2]: "https://a.example/" has a path; write "https://a.example"`.
    [[nodiscard]] constexpr std::string_view message() const noexcept { return message_.view(); }

private:
    constexpr detail::text& append_escaped(std::string_view written) {
        std::size_t shown = written.size();
        if (shown > max_shown_entry_length) {
            shown = max_shown_entry_length;
            // Not within a character of several bytes.
            while (shown != 0 && (static_cast<unsigned char>(written[shown]) & 0xc0) == 0x80) {
                --shown;
            }
        }
        detail::visit_shown(written.substr(0, shown),
                            [this](std::string_view part) { message_.append(part); });
        if (shown != written.size()) message_.append("…");
        return message_;
    }
    constexpr void append_quoted(std::string_view written) {
        message_.append('"');
        append_escaped(written).append("\" ");
    }

    config_code code_{};
    std::size_t index_ = no_index;
    std::string_view field_;
    detail::text object_;
    detail::text text_;
    detail::text advice_;
    detail::text message_;
};

/// Legal, but probably not meant: the same shape, kept apart from the errors.
using config_warning = config_error;

/// The errors, or the warnings, of one configuration, in the order of the fields.
class config_errors {
public:
    [[nodiscard]] constexpr std::size_t size() const noexcept { return all_.size(); }
    [[nodiscard]] constexpr bool empty() const noexcept { return all_.empty(); }
    [[nodiscard]] constexpr const config_error& operator[](std::size_t at) const noexcept {
        return all_[at];
    }
    [[nodiscard]] constexpr const config_error* begin() const noexcept { return all_.begin(); }
    [[nodiscard]] constexpr const config_error* end() const noexcept { return all_.end(); }

    constexpr void push_back(config_error added) { all_.push_back(std::move(added)); }

private:
    detail::buffer<config_error> all_;
};

/// Collects what is wrong with one configuration. A matcher gets one in `prepare_for`, to say what
/// it must not be used for.
class config_report {
public:
    /// Takes a mistake down: as a warning if the code is one. The texts are copied, but for the
    /// place's `field`.
    constexpr void add(config_code code, const config_place& place, std::string_view written,
                       std::string_view problem, std::string_view advice) {
        (is_warning(code) ? warnings : errors).push_back({code, place, written, problem, advice});
    }

    config_errors errors{};
    config_errors warnings{};
};

namespace detail {

/// Ends the program where going on would be undefined behaviour; not a constant expression.
[[noreturn]] inline void stop() noexcept {
#if defined(__GNUC__)
    __builtin_trap();
#else
    __debugbreak();
    for (;;) {}
#endif
}

}  // namespace detail

/// A `T`, or every mistake that kept it from being built; warnings in either case.
template <class T>
class result {
public:
    constexpr result(T value, config_errors warnings)
        : value_(new T(std::move(value))), warnings_(std::move(warnings)) {}
    constexpr result(config_errors errors, config_errors warnings)
        : errors_(std::move(errors)), warnings_(std::move(warnings)) {}
    constexpr result(const result& other)
        : value_(other.value_ == nullptr ? nullptr : new T(*other.value_)), errors_(other.errors_),
          warnings_(other.warnings_) {}
    constexpr result(result&& other) noexcept
        : value_(other.value_), errors_(std::move(other.errors_)),
          warnings_(std::move(other.warnings_)) {
        other.value_ = nullptr;
    }
    constexpr result& operator=(result other) noexcept {
        delete value_;
        value_ = other.value_;
        other.value_ = nullptr;
        errors_ = std::move(other.errors_);
        warnings_ = std::move(other.warnings_);
        return *this;
    }
    constexpr ~result() { delete value_; }

    [[nodiscard]] constexpr explicit operator bool() const noexcept { return value_ != nullptr; }

    /// The value. Stops the program if there is none: nobody should serve without a policy, or
    /// with one that was never built.
    [[nodiscard]] constexpr T& operator*() & noexcept { return *checked(); }
    [[nodiscard]] constexpr const T& operator*() const& noexcept { return *checked(); }
    [[nodiscard]] constexpr T&& operator*() && noexcept { return std::move(*checked()); }
    [[nodiscard]] constexpr T* operator->() noexcept { return checked(); }
    [[nodiscard]] constexpr const T* operator->() const noexcept { return checked(); }

    /// Empty exactly when there is a value.
    [[nodiscard]] constexpr const config_errors& errors() const noexcept { return errors_; }
    [[nodiscard]] constexpr const config_errors& warnings() const noexcept { return warnings_; }

private:
    [[nodiscard]] constexpr T* checked() const noexcept {
        if (value_ == nullptr) detail::stop();
        return value_;
    }

    // Not std::optional: <optional> and what it makes of each T cost includers more than this does.
    T* value_ = nullptr;
    config_errors errors_;
    config_errors warnings_;
};

}  // namespace corsac::inline v0_2_0

#endif
