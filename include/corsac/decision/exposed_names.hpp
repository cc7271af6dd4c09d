// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_EXPOSED_NAMES_HPP
#define CORSAC_DECISION_EXPOSED_NAMES_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/request/field_name.hpp>
#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// Bytes of the list that `exposed_names` can hold; what does not fit stays hidden.
inline constexpr std::size_t max_exposed_names_length = 2048;

/// Lists the names of one response's fields, to expose all of them where `*` would not.
///
/// With credentials browsers take `*` in Access-Control-Expose-Headers as the name of a header. The
/// Gateway API lets it be written there all the same, meaning every header; its enhancement
/// proposal answers with the names that the response really has.
///
/// ```
/// corsac::exposed_names names;
/// for (const auto& field : response) names.add(field.name());
/// corsac::apply(names.into(decision), sink);   // `names` must outlive the call
/// ```
/// Spec: https://fetch.spec.whatwg.org/#http-access-control-expose-headers
class exposed_names {
public:
    /// Names that need no listing, that no script can read, and repeated ones are left out.
    constexpr void add(std::string_view name) noexcept {
        const std::size_t begin = size_ == 0 ? 0 : size_ + 2;
        if (!detail::is_token(name) || is_forbidden_response_header(name) ||
            is_cors_safelisted_response_header(name) || is_ours(name) ||
            begin + name.size() > max_exposed_names_length || is_listed(name)) {
            return;
        }
        if (size_ != 0) {
            chars_[size_] = ',';
            chars_[size_ + 1] = ' ';
        }
        for (std::size_t i = 0; i < name.size(); ++i) chars_[begin + i] = name[i];
        size_ = begin + name.size();
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {chars_, size_}; }

    /// The decision with this list, if it shares a response and exposes nothing by itself.
    ///
    /// @return  A decision that borrows from this object.
    [[nodiscard]] constexpr decision into(const decision& d) const noexcept {
        decision_fields fields = d.fields();
        if (!fields.allow_origin.empty() && fields.expose_headers.empty() &&
            fields.kind == request_kind::actual) {
            fields.expose_headers = view();
        }
        return decision{fields};
    }

private:
    [[nodiscard]] static constexpr bool is_ours(std::string_view name) noexcept {
        constexpr std::size_t size = field::access_control_prefix.size();
        return detail::equals_ignore_case(name.substr(0, size), field::access_control_prefix);
    }

    [[nodiscard]] constexpr bool is_listed(std::string_view name) const noexcept {
        std::string_view rest = view();
        while (!rest.empty()) {
            if (detail::equals_ignore_case(detail::next_element(rest), name)) return true;
        }
        return false;
    }

    char chars_[max_exposed_names_length]{};
    std::size_t size_ = 0;
};

}  // namespace corsac::inline v0_2_0

#endif
