// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_COUNTERS_HPP
#define CORSAC_LIVE_COUNTERS_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/live/detail/sharded_counts.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0 {

namespace detail {

inline constexpr std::size_t outcome_count =
    static_cast<std::size_t>(outcome::header_list_too_long) + 1;
static_assert(name_of(static_cast<outcome>(outcome_count)).empty(), "there are more outcomes");

/// The decisions of one policy: by outcome, then once more for those in shadow.
struct policy_counts {
    explicit policy_counts(std::string_view policy_name) : name(policy_name) {}

    const std::string name;
    sharded_counts<2 * outcome_count> counts{};

    [[nodiscard]] std::uint64_t of(outcome which, bool in_shadow) const noexcept {
        const auto index = static_cast<std::size_t>(which);
        return counts.of(in_shadow ? outcome_count + index : index);
    }
};

/// Bytes of a character of UTF-8 that `text` begins with; 0 if it begins with none.
///
/// Spec: https://www.rfc-editor.org/rfc/rfc3629#section-4
[[nodiscard]] constexpr std::size_t utf8_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return text.empty() ? 0 : 1;
    const std::size_t length = first < 0xc2 || first > 0xf4 ? 0
                               : first < 0xe0               ? 2
                               : first < 0xf0               ? 3
                                                            : 4;
    const unsigned lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    for (std::size_t i = 1; i < length; ++i) {
        if (byte(i) < (i == 1 ? lowest : 0x80) || byte(i) > (i == 1 ? highest : 0xbf)) return 0;
    }
    return length;
}

/// Appends a label's value. One byte that is no UTF-8 would have a whole scrape refused.
///
/// Spec:
/// https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information
inline void append_label_value(std::string_view value, std::string& to) {
    while (!value.empty()) {
        const std::size_t length = utf8_length(value);
        if (length == 0) {
            to += "\xef\xbf\xbd";  // U+FFFD
        } else if (value.front() == '\n') {
            to += "\\n";
        } else {
            if (value.front() == '\\' || value.front() == '"') to += '\\';
            to += value.substr(0, length);
        }
        value.remove_prefix(length == 0 ? 1 : length);
    }
}

}  // namespace detail

/// Counts the decisions about one policy: a callable that adapters take as an observer, cheap to
/// copy, that keeps what it counts in alive. Made by `counters::of`.
class decision_counter {
public:
    /// Cost: some nanoseconds; no allocation, no lock, no line of memory that two threads write, as
    ///       long as no more than 64 threads count. Of a refused origin, one pass over it.
    void operator()(const decision& d) const noexcept {
        const auto index = static_cast<std::size_t>(d.outcome());
        policy_->counts.count(d.in_shadow() ? detail::outcome_count + index : index);
    }

private:
    friend class counters;

    explicit decision_counter(std::shared_ptr<detail::policy_counts> of) noexcept
        : policy_(std::move(of)) {}

    std::shared_ptr<detail::policy_counts> policy_;
};

/// How many decisions there were, by the policy's name and the outcome.
///
/// A handle: copies show the same counts. Never by origin: whoever asks chooses that, and could
/// fill the memory of all who keep it. Any number of threads may count and read at once.
class counters {
public:
    counters() : all_(std::make_shared<state>()) {}

    /// What counts the decisions of a policy, under a name that the caller gives it.
    ///
    /// @param policy_name  Of the program's own choice, as a label in `prometheus`; every new name
    ///                     takes some 20 KB, for good.
    [[nodiscard]] decision_counter of(std::string_view policy_name) const {
        const std::lock_guard lock{all_->mutex};
        for (const auto& one : all_->policies) {
            if (one->name == policy_name) return decision_counter{one};
        }
        all_->policies.push_back(std::make_shared<detail::policy_counts>(policy_name));
        return decision_counter{all_->policies.back()};
    }

    /// How many decisions had an outcome and took effect; 0 for a name that is not known.
    [[nodiscard]] std::uint64_t count(std::string_view policy_name, outcome which) const {
        return count(policy_name, which, false);
    }
    /// The same of a policy in `shadow`.
    [[nodiscard]] std::uint64_t count_in_shadow(std::string_view policy_name, outcome which) const {
        return count(policy_name, which, true);
    }

    /// Writes the counts as Prometheus reads them, in version 0.0.4 of its text format:
    /// `text/plain; version=0.0.4; charset=utf-8`. Calls `sink(std::string_view)` once for each
    /// line, its line feed included.
    ///
    /// One metric, `corsac_decisions_total{policy="…",outcome="…"}`; what a policy in shadow
    /// decided has `shadow="true"` as well, and is left out as long as there is none.
    ///
    /// Spec: https://prometheus.io/docs/instrumenting/exposition_formats/
    template <class Sink>
    void write_prometheus(Sink&& sink) const {
        sink(std::string_view{"# HELP corsac_decisions_total Decisions on requests, by policy and "
                              "outcome.\n"});
        sink(std::string_view{"# TYPE corsac_decisions_total counter\n"});
        for (const auto& one : policies()) {
            for (const bool in_shadow : {false, true}) write_policy(*one, in_shadow, sink);
        }
    }
    /// The same as one text.
    [[nodiscard]] std::string prometheus() const {
        std::string text;
        write_prometheus([&](std::string_view line) { text += line; });
        return text;
    }

private:
    struct state {
        std::mutex mutex;
        std::vector<std::shared_ptr<detail::policy_counts>> policies;
    };

    [[nodiscard]] std::vector<std::shared_ptr<detail::policy_counts>> policies() const {
        const std::lock_guard lock{all_->mutex};
        return all_->policies;
    }

    [[nodiscard]] std::uint64_t count(std::string_view name, outcome which, bool in_shadow) const {
        for (const auto& one : policies()) {
            if (one->name == name) return one->of(which, in_shadow);
        }
        return 0;
    }

    template <class Sink>
    static void write_policy(const detail::policy_counts& counted, bool in_shadow, Sink& sink) {
        std::string line = "corsac_decisions_total{policy=\"";
        detail::append_label_value(counted.name, line);
        line += "\",outcome=\"";
        const std::size_t prefix = line.size();
        for (std::size_t i = 0; i < detail::outcome_count; ++i) {
            const auto which = static_cast<outcome>(i);
            const std::uint64_t number = counted.of(which, in_shadow);
            if (in_shadow && number == 0) continue;
            line.resize(prefix);
            line += name_of(which);
            line += in_shadow ? "\",shadow=\"true\"} " : "\"} ";
            line += std::to_string(number);
            line += '\n';
            sink(std::string_view{line});
        }
    }

    std::shared_ptr<state> all_;
};

}  // namespace corsac::inline v0_2_0

#endif
