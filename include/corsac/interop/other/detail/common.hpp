// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_DETAIL_COMMON_HPP
#define CORSAC_INTEROP_OTHER_DETAIL_COMMON_HPP

#include <corsac/interop/detail/duration.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// `24h`, `300s`, `300`: a text, or a number.
[[nodiscard]] inline std::optional<std::int64_t> read_duration(const document_view& view) {
    const document* value = view.value();
    if (value == nullptr || value->kind() != document_kind::string) return view.integer();
    const std::string_view text = value->text();
    const bool number =
        !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == text.npos;
    const std::optional<std::int64_t> seconds =
        parse_duration(number ? std::string(text) + 's' : std::string(text));
    if (!seconds && !text.empty() && text.back() == 'd') {
        view.warning("is left out: durations have no unit d there either; write hours");
    } else if (!seconds) {
        view.error("is no duration: write numbers with h, m or s");
    }
    return seconds;
}

// What Istio and classic Gloo write alike.

inline void read_exact_origins(const document_view& list, imported_cors& made) {
    list.each([&](const document_view& origin) {
        if (!origin) origin.error("must be a string, not null");
        if (origin) add_exact(origin, origin.string(), made);
    });
}

inline void read_lists(const document_view& view, policy_options& options) {
    options.allow_methods = view["allowMethods"].strings();
    options.allow_headers = view["allowHeaders"].strings();
    options.expose_headers = view["exposeHeaders"].strings();
    options.max_age = read_duration(view["maxAge"]);
    // Lists often have Origin or OPTIONS, which do no harm there.
    options.tolerate_forbidden_names = true;
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
