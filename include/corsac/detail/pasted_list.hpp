// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_PASTED_LIST_HPP
#define CORSAC_DETAIL_PASTED_LIST_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

inline constexpr byte_set list_separators{",; \t\r\n"};
inline constexpr byte_set list_quotes{"\"'[]"};

/// What its author left around, or between, the entries of a list: of an environment variable, of
/// JSON.
enum class paste : std::uint8_t { none, list, quotes, white_space };

/// An entry of a list that was not taken apart.
struct pasted_list {
    paste left = paste::none;
    std::string_view only{};  ///< the entry that is meant, if it is one
    text entries{};           ///< those that are meant, as they should be written
};

[[nodiscard]] constexpr bool begins_with_ipv6(std::string_view text) noexcept {
    if (text.size() <= 2 || text.front() != '[') return false;
    const std::string_view longest = text.substr(0, 48);  // no address is longer
    return parse_ipv6(longest.substr(1, longest.find(']') - 1)).valid;
}
[[nodiscard]] constexpr bool ends_with_its_bracket(std::string_view text) noexcept {
    // As far back as an address may reach.
    if (text.size() > 48) text.remove_prefix(text.size() - 48);
    int open = 0;
    for (const char c : text) open += c == '[' ? 1 : c == ']' ? -1 : 0;
    return open == 0 && text.back() == ']';
}

[[nodiscard]] constexpr pasted_list find_paste(std::string_view entry) {
    pasted_list found{.only = entry};
    bool any = false;
    for (const char c : entry) any = any || list_separators[c] || list_quotes[c];
    if (!any) return found;  // nearly all of them
    std::size_t count = 0;
    bool quotes = false;
    for (std::size_t at = 0; at < entry.size();) {
        while (at < entry.size() && list_separators[entry[at]]) ++at;
        std::size_t end = at;
        while (end < entry.size() && !list_separators[entry[end]]) ++end;
        std::string_view item = entry.substr(at, end - at);
        at = end;
        const std::size_t with_quotes = item.size();
        // A bracket may belong to an IPv6 address.
        while (!item.empty() && list_quotes[item.front()] && !begins_with_ipv6(item)) {
            item.remove_prefix(1);
        }
        while (!item.empty() && list_quotes[item.back()] && !ends_with_its_bracket(item)) {
            item.remove_suffix(1);
        }
        quotes = quotes || item.size() != with_quotes;
        if (item.empty()) continue;
        found.only = item;
        if (++count > 4) continue;  // enough to show how
        if (count > 1) found.entries.append(", ");
        found.entries.append('"').append(item).append('"');
    }
    if (count > 4) found.entries.append(", …");
    if (count == 0) found.only = {};
    found.left = count > 1                          ? paste::list
                 : quotes                           ? paste::quotes
                 : found.only.size() < entry.size() ? paste::white_space
                                                    : paste::none;
    return found;
}

/// Says of an entry that was not taken apart what to write instead.
///
/// @tparam Code   `config_code`, which stands in a room that this one must not know.
/// @param advice  What to write, if it is one entry.
/// @param report  Called as `report(code, what, advice)`.
template <class Code, class Report>
constexpr void report_paste(const pasted_list& pasted, std::string_view advice,
                            const Report& report) {
    switch (pasted.left) {
    case paste::none: break;
    case paste::list: {
        text apart{"write "};
        report(Code::entry_is_a_list, "holds several entries",
               apart.append(pasted.entries.view()).view());
        break;
    }
    case paste::quotes:
        report(Code::entry_has_quotes, "has quotes or brackets around it", advice);
        break;
    case paste::white_space:
        report(Code::entry_has_white_space, "has white space or a separator around it", advice);
        break;
    }
}

/// Reports what was left around a name, or between names.
/// @return  The name that is meant; empty if there are several, or none.
template <class Code, class Report>
[[nodiscard]] constexpr std::string_view without_paste(std::string_view name,
                                                       const Report& report) {
    if (const std::size_t colon = name.find(':'); colon != 0 && colon < name.size() - 1) {
        const std::string_view alone = name.substr(0, colon);
        if (find_paste(alone).left == paste::none) {
            text advice{"write the name alone: "};
            report(Code::entry_is_a_list, "has a value behind the name",
                   advice.append('"').append(alone).append('"').view());
            return alone;
        }
    }
    const pasted_list pasted = find_paste(name);
    text advice{pasted.only.empty() ? "leave it out" : "write "};
    report_paste<Code>(pasted, advice.append(pasted.entries.view()).view(), report);
    return pasted.left == paste::list ? std::string_view{} : pasted.only;
}

}  // namespace corsac::inline v0_2_0::detail

#endif
