// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_HEADER_MAP_HPP
#define CORSAC_ADAPTERS_HEADER_MAP_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/request/header_access.hpp>

#include <iterator>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0 {

namespace detail {

/// Whether a field name begins with a lower-case prefix of letters and `-`, in any letter case.
[[nodiscard]] constexpr bool field_begins_with(std::string_view name,
                                               std::string_view prefix) noexcept {
    return equals_ignore_case(name.substr(0, prefix.size()), prefix);
}

}  // namespace detail

/// A `response_sink` over the fields of a response where they are a multimap from `std::string` to
/// `std::string`, as in Crow and cpp-httplib.
///
/// It walks over the few fields that are there instead of looking them up, which in both costs a
/// string and, in Crow, a locale-aware hash of the name.
template <class Map>
struct header_map {
    Map& fields;

    void add(std::string_view name, std::string_view value) { fields.emplace(name, value); }

    void set(std::string_view name, std::string_view value) {
        erase_if(
            [name](std::string_view present) { return detail::equals_ignore_case(present, name); });
        add(name, value);
    }
    void erase_prefix(std::string_view prefix) {
        erase_if([prefix](std::string_view present) {
            return detail::field_begins_with(present, prefix);
        });
    }
    /// Extends the last `Vary` line, so that there is one more only where there was none.
    void vary(std::string_view token) {
        std::string* last = nullptr;
        for (auto&& [name, value] : fields) {
            if (!detail::equals_ignore_case(name, field::vary)) continue;
            if (vary_covers(value, token)) return;
            last = &value;
        }
        if (last == nullptr) return add(field::vary, token);
        last->append(", ").append(token);
    }

private:
    template <class Condition>
    void erase_if(Condition condition) {
        for (auto at = fields.begin(); at != fields.end();) {
            at = condition(std::string_view{at->first}) ? fields.erase(at) : std::next(at);
        }
    }
};

template <class Map>
header_map(Map&) -> header_map<Map>;

}  // namespace corsac::inline v0_2_0

#endif
