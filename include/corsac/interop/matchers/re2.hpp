// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_RE2_HPP
#define CORSAC_INTEROP_MATCHERS_RE2_HPP

// Tested in tests/interop/matchers/string_matcher.test.cpp.

#include <corsac/interop/matchers/string_matcher.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

/// The largest RE2 program that Envoy accepts unless `re2.max_program_size.error_level` says
/// otherwise. Versions of RE2 count differently.
/// Spec: https://www.envoyproxy.io/docs/envoy/latest/api-v3/type/matcher/v3/regex.proto
inline constexpr int envoy_max_program_size = 100;

/// What Istio sets it to.
inline constexpr int istio_max_program_size = 32768;

/// RE2, Envoy's own engine, with Envoy's options. Nothing of RE2 is included here: the caller has
/// it.
///
/// ```
/// #include <re2/re2.h>
/// const auto cors = corsac::read_envoy_cors(view, corsac::re2_engine<RE2>{});
/// ```
/// Matching is linear in the text's length, whatever the expression, and takes no lock but RE2's
/// own; RE2 allocates while it learns an expression's states.
template <class RE2>
struct re2_engine {
    int max_program_size = envoy_max_program_size;

    [[nodiscard]] compiled_regex operator()(std::string_view regex) const {
        const typename RE2::Options options(RE2::Quiet);
        auto program = std::make_shared<const RE2>(std::string(regex), options);
        if (!program->ok()) return {{}, "is no regular expression of RE2: " + program->error()};
        if (program->ProgramSize() > max_program_size) {
            return {{},
                    "has program size " + std::to_string(program->ProgramSize()) + ", more than " +
                        std::to_string(max_program_size) + "; simplify it, or raise " +
                        "max_program_size as Envoy's re2.max_program_size.error_level"};
        }
        return {[program = std::move(program)](std::string_view text) {
                    return RE2::FullMatch({text.data(), text.size()}, *program);
                },
                {}};
    }
};

}  // namespace corsac::inline v0_2_0::interop

#endif
