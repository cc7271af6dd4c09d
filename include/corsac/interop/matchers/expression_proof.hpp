// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_EXPRESSION_PROOF_HPP
#define CORSAC_INTEROP_MATCHERS_EXPRESSION_PROOF_HPP

#include <corsac/interop/matchers/detail/domain_owners.hpp>
#include <corsac/interop/matchers/detail/expression_prover.hpp>
#include <corsac/interop/matchers/detail/expression_syntax.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>
#include <corsac/interop/matchers/proof_result.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// What a matcher matches, as an expression does.
[[nodiscard]] inline expression_tree tree_of(const string_matcher& matcher) {
    using form = string_matcher::form;
    using node = expression_node;
    if (matcher.how == form::regex) return expression_parser(matcher.text).parse();
    expression_tree tree;
    node whole;
    const auto add_any = [&] {
        const std::uint32_t any = tree.add({node::kind::bytes, {all_bytes, false}});
        whole.parts.push_back(tree.add({node::kind::repetition, {}, 0, unbounded, {any}}));
    };
    if (matcher.how == form::suffix || matcher.how == form::contains) add_any();
    for (const char c : matcher.text) {
        const origin_byte_set bytes = byte(c);
        const listed_bytes one_of{matcher.ignore_case ? fold_case(bytes) : bytes, true};
        whole.parts.push_back(tree.add({node::kind::bytes, one_of}));
    }
    if (matcher.how == form::prefix || matcher.how == form::contains) add_any();
    tree.add(std::move(whole));
    return tree;
}

}  // namespace detail

/// Proves, without trying any origin out, that a matcher accepts only origins of those whom it
/// names, or says why not. The text `*`, which stands for every origin in a policy, is not proved.
///
/// @param consulted  Asked for public suffixes beside the built-in list; may be null.
///
/// Cost: bounded, whatever the matcher: some microseconds for what a person wrote, at most some
///       hundredths of a second.
[[nodiscard]] inline expression_proof prove_matcher(const string_matcher& matcher,
                                                    public_suffix_predicate consulted) {
    const bool any = matcher.means_everybody();
    if (any || matcher.text.size() > max_matcher_length) {
        expression_proof proof;
        proof.gap = any ? proof_gap::strangers : proof_gap::too_large;
        proof.accepts_null = any;
        proof.accepts_insecure = true;
        if (any) proof.witness = "https://evil.net";
        if (any) proof.insecure_witness = "http://evil.net";
        if (!any) proof.unproved_part = matcher.text.substr(0, 80);
        return proof;
    }
    return detail::expression_prover::prove(detail::tree_of(matcher), matcher.text,
                                            detail::domain_owners(consulted));
}

/// Proves the same by the built-in Public Suffix List alone.
[[nodiscard]] inline expression_proof prove_matcher(const string_matcher& matcher) {
    return prove_matcher(matcher, nullptr);
}

/// Proves the same of a regular expression that is to match the whole of an origin.
///
/// @param regex  In RE2's syntax with its default options. What is not understood, such as
///               `\p{Greek}` and `\b`, is not proved.
[[nodiscard]] inline expression_proof prove_expression(std::string_view regex) {
    return prove_matcher({string_matcher::form::regex, std::string(regex), false, {}});
}

}  // namespace corsac::inline v0_2_0::interop

#endif
