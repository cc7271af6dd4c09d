// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_EXPORT_LOSS_HPP
#define CORSAC_INTEROP_DOCUMENT_EXPORT_LOSS_HPP

#include <corsac/interop/document/document.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// How a policy changes on its way to another system.
enum class loss_kind : std::uint8_t {
    narrower,  ///< the target allows less than the policy
    wider,     ///< the target allows more
    other,     ///< the target answers differently: a status, a header that no browser needs
    always,    ///< the target differs in this with every policy; no reason to refuse an export
};

/// The enumerator as text: `"narrower"`.
[[nodiscard]] constexpr std::string_view name_of(loss_kind kind) noexcept {
    switch (kind) {
    case loss_kind::narrower: return "narrower";
    case loss_kind::wider: return "wider";
    case loss_kind::other: return "other";
    case loss_kind::always: return "always";
    }
    return "";
}

/// One thing that an export could not say.
struct export_loss {
    loss_kind kind{};
    std::string field;    ///< the member of `policy_options`, or of the decision
    std::string written;  ///< the entry of a list, or empty
    std::string message;  ///< what becomes of it

    [[nodiscard]] std::string text() const {
        return std::string(name_of(kind)) + ": " + field + ": " +
               (written.empty() ? "" : '"' + written + "\" ") + message;
    }
};

/// All that an export could not say, in the order in which it was noticed.
class export_losses {
public:
    void add(loss_kind kind, std::string_view field, std::string_view written,
             std::string message) {
        all_.push_back({kind, std::string(field), std::string(written), std::move(message)});
    }

    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
    [[nodiscard]] auto end() const noexcept { return all_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    /// Those that are the policy's, not the target's.
    [[nodiscard]] std::size_t serious() const noexcept {
        std::size_t count = 0;
        for (const export_loss& loss : all_) count += loss.kind != loss_kind::always ? 1U : 0U;
        return count;
    }

private:
    std::vector<export_loss> all_;
};

/// What every export may be told.
struct export_options {
    /// Exports nothing where anything but what the target `always` does differently is lost.
    bool strict = false;
};

/// A document for another system, and what it does not say.
struct exported {
    std::optional<document> value{};  ///< nothing if `strict` refused it
    export_losses losses{};
};

namespace detail {

[[nodiscard]] inline exported finish_export(document value, export_losses losses,
                                            const export_options& options) {
    if (options.strict && losses.serious() != 0) return {std::nullopt, std::move(losses)};
    return {std::move(value), std::move(losses)};
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::interop

#endif
