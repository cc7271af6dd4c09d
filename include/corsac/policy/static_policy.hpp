// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_STATIC_POLICY_HPP
#define CORSAC_POLICY_STATIC_POLICY_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/policy/policy.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

// Declared, never defined. Reaching it while a constant is evaluated stops the build, and compilers
// print its name with the mistakes as its argument; clang, which prints arrays as numbers, gets
// them character by character.
#if defined(__clang__)
template <char... Mistakes>
#else
template <auto Mistakes>
#endif
void corsac_error_in_static_policy();

namespace corsac::inline v0_2_0 {

namespace detail {

template <std::size_t Size>
struct literal {
    char chars[Size + 1]{};
};

/// The messages of all errors, one behind the other.
template <class Options>
[[nodiscard]] constexpr text static_errors() {
    text all;
    const auto built = make_policy(Options{}());
    for (const config_error& error : built.errors()) {
        if (!all.empty()) all.append(" | ");
        all.append(name_of(error.code())).append(": ").append(error.message());
    }
    return all;
}

template <class Options, std::size_t Size>
[[nodiscard]] constexpr literal<Size> static_error_literal() {
    literal<Size> copy;
    const text all = static_errors<Options>();
    for (std::size_t i = 0; i < Size; ++i) copy.chars[i] = all.view()[i];
    return copy;
}

#if defined(__clang__)
template <auto Mistakes, std::size_t... I>
consteval void stop_the_build(std::index_sequence<I...>) {
    corsac_error_in_static_policy<Mistakes.chars[I]...>();
}
#endif

template <auto Mistakes, std::size_t Size>
consteval void stop_the_build() {
#if defined(__clang__)
    stop_the_build<Mistakes>(std::make_index_sequence<Size>{});
#else
    corsac_error_in_static_policy<Mistakes>();
#endif
}

/// What a policy that was not built would be; never read.
template <class Policy>
inline constexpr const Policy* stopped = nullptr;

template <class Options>
[[nodiscard]] constexpr policy_access::sizes static_sizes() {
    return policy_access::sizes_of(*make_policy(Options{}()));
}

}  // namespace detail

/// A policy whose every byte is a constant.
template <std::size_t OriginBytes, std::size_t RuleBytes>
using basic_static_policy = basic_policy<basic_origin_set<OriginBytes>, RuleBytes>;

/// Builds a policy while the program is compiled; a mistake in it does not compile.
///
/// @tparam Options  A lambda without captures that returns `policy_options`:
///                  `constexpr auto policy = corsac::static_policy([] {
///                       return corsac::policy_options{.allow_origins = {"https://example.com"}};
///                       });`
/// @return          A constant. Make it `static constexpr` or global, since decisions borrow from
///                  it.
///
/// Errors: the diagnostic names `corsac_error_in_static_policy` and shows every mistake.
template <class Options>
[[nodiscard]] consteval auto static_policy(Options) {
    constexpr std::size_t message_size = detail::static_errors<Options>().size();
    if constexpr (message_size != 0) {
        constexpr auto message = detail::static_error_literal<Options, message_size>();
        detail::stop_the_build<message, message_size>();
        // Never reached. GCC 14 looks at the type of the constant before its value, and of a `void`
        // it would say nothing but that the type is incomplete.
        return *detail::stopped<basic_static_policy<1, 1>>;
    } else {
        constexpr detail::policy_access::sizes sizes = detail::static_sizes<Options>();
        return detail::policy_access::freeze<sizes.origins, sizes.rules>(*make_policy(Options{}()));
    }
}

}  // namespace corsac::inline v0_2_0

#endif
