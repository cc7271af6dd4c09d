// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_DYNAMIC_POLICY_HPP
#define CORSAC_TABLE_DYNAMIC_POLICY_HPP

#include <corsac/config_code.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

/// The origins of a policy whose type is not known any more, as a table holds them: a list and
/// beside it a shared set, a predicate, or another matcher. Copies share them.
class erased_origins {
public:
    /// See `prepare_for`.
    using judges_itself = erased_origins;

    /// @param origins  As a policy has judged them.
    template <judged_matcher Origins>
    explicit erased_origins(Origins origins)
        : origins_(std::make_shared<const Origins>(std::move(origins))),
          functions_(&functions_of<Origins>) {}

    [[nodiscard]] std::string_view match(std::string_view origin) const {
        return functions_->match(origins_.get(), origin, false);
    }
    [[nodiscard]] std::string_view match(std::string_view origin, judged_t) const {
        return functions_->match(origins_.get(), origin, true);
    }
    [[nodiscard]] bool lists(std::string_view origin, judged_t) const {
        return functions_->lists(origins_.get(), origin);
    }
    [[nodiscard]] bool allows_any() const noexcept {
        return functions_->allows_any(origins_.get());
    }
    [[nodiscard]] std::size_t look_ups() const noexcept {
        return functions_->look_ups(origins_.get());
    }
    /// Appends the entries that are known.
    void append_to(text_list& entries) const { functions_->append_to(origins_.get(), entries); }

    /// What was judged for one policy cannot be judged anew for another.
    template <class Report>
    void prepare_for(const policy_options& options, Report& report) const {
        if (!options.allow_credentials) return;
        report.add(config_code::matcher_more_dangerous, {"matcher"}, {},
                   "was judged for the policy that it is from", "pass that policy's own matcher");
    }

private:
    struct functions {
        std::string_view (*match)(const void*, std::string_view, bool judged);
        bool (*lists)(const void*, std::string_view);
        bool (*allows_any)(const void*) noexcept;
        std::size_t (*look_ups)(const void*) noexcept;
        void (*append_to)(const void*, text_list&);
    };
    template <class Origins>
    static constexpr functions functions_of{
        [](const void* from, std::string_view origin, bool is_judged) {
            const auto& origins = *static_cast<const Origins*>(from);
            return is_judged ? std::string_view{origins.match(origin, judged)}
                             : std::string_view{origins.match(origin)};
        },
        [](const void* from, std::string_view origin) {
            return lists_origin(*static_cast<const Origins*>(from), origin, judged);
        },
        [](const void* from) noexcept {
            return allows_any_origin(*static_cast<const Origins*>(from));
        },
        [](const void* from) noexcept { return look_ups_of(*static_cast<const Origins*>(from)); },
        [](const void* from, text_list& entries) {
            static_cast<const Origins*>(from)->append_to(entries);
        }};

    std::shared_ptr<const void> origins_;
    const functions* functions_;
};

/// A policy with a matcher of whichever type.
using dynamic_policy = basic_policy<erased_origins>;

/// Forgets the type of a policy's matcher. Nothing else changes: it stays judged as it was.
template <origin_matcher First, origin_matcher Second>
[[nodiscard]] dynamic_policy make_dynamic(basic_policy<any_of<First, Second>> p) {
    erased_origins origins{p.origins()};
    return detail::policy_access::with_origins(std::move(p), std::move(origins));
}

}  // namespace corsac::inline v0_2_0

#endif
