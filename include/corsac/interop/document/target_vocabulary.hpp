// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_TARGET_VOCABULARY_HPP
#define CORSAC_INTEROP_DOCUMENT_TARGET_VOCABULARY_HPP

// Tested in tests/interop/document/export_loss.test.cpp.

#include <corsac/interop/document/export_loss.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/text_list.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// What becomes of a switch that the target of an export does not have.
struct lost_switch {
    bool policy_options::* member;
    loss_kind kind;
    std::string_view message;
};

/// What most targets do instead.
inline constexpr lost_switch usually_lost[] = {
    {&policy_options::reject_disallowed, loss_kind::wider,
     "requests of other origins reach the application"},
    {&policy_options::refuse_credentials, loss_kind::wider,
     "requests with a cookie or Authorization are answered like others"},
    {&policy_options::disclose_requested_only, loss_kind::other,
     "every preflight is told the whole lists"},
};

/// What a target can say of a policy.
struct target_vocabulary {
    std::vector<text_list policy_options::*> lists{};
    std::vector<bool policy_options::*> switches{};
    std::vector<lost_switch> lost{};  ///< where it is not as usual
};

/// Reports every field that is set and that the target cannot say. Driven by the list of fields, so
/// that a new one is reported by every export that does not know it.
inline void report_unsaid(const policy_options& options, const target_vocabulary& target,
                          export_losses& losses) {
    // Not std::ranges: libc++ has no algorithms there before its version 15.
    const auto has = [](const auto& members, auto member) {
        return std::find(members.begin(), members.end(), member) != members.end();
    };
    for (const policy_list& list : policy_lists) {
        if ((options.*list.member).empty()) continue;
        if (has(target.lists, list.member)) continue;
        losses.add(loss_kind::other, list.name, {}, "the target has no such list");
    }
    const auto report = [&](const policy_switch& one, const auto& known) {
        for (const lost_switch& lost : known) {
            if (lost.member != one.member) continue;
            losses.add(lost.kind, one.name, {}, std::string(lost.message));
            return true;
        }
        return false;
    };
    for (const policy_switch& one : policy_switches) {
        // What only says which entries are accepted has no effect on requests.
        if (!(options.*one.member) || one.combined == combined_as::on) continue;
        if (has(target.switches, one.member)) continue;
        if (report(one, target.lost) || report(one, usually_lost)) continue;
        losses.add(loss_kind::other, one.name, {}, "the target does not know it");
    }
    for (const policy_status& one : policy_statuses) {
        if (options.*one.member == policy_options{}.*one.member) continue;
        losses.add(loss_kind::other, one.name, {}, "the target has its own");
    }
}

}  // namespace corsac::inline v0_2_0::interop

#endif
