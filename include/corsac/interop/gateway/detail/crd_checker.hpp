// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_CRD_CHECKER_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_CRD_CHECKER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/gateway/detail/crd_text.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// The checks that a CRD is made of. What is absent passes, but for `required`.
class crd_checker {
public:
    /// @return  Nothing for what is absent or no string.
    [[nodiscard]] static std::optional<std::string_view> text_of(const document_view& view) {
        if (!view || view.value()->kind() != document_kind::string) return std::nullopt;
        return view.value()->text();
    }
    /// The same; another type is reported.
    [[nodiscard]] static std::optional<std::string_view> checked_text_of(
        const document_view& view) {
        (void)view.string();
        return text_of(view);
    }
    [[nodiscard]] static std::size_t size_of(const document_view& list) {
        return list && list.value()->kind() == document_kind::list ? list.value()->size() : 0;
    }

    template <class F>
    static void each(const document_view& list, const F& f) {
        if (size_of(list) != 0) list.each(f);
    }

    static void required(const document_view& view) {
        if (!view) view.error("is missing");
    }
    static void size(const document_view& list, std::size_t most) {
        std::size_t count = 0;
        list.each([&](const document_view&) { ++count; });
        if (count > most) {
            list.error("has " + std::to_string(count) + " items, must have at most " +
                       std::to_string(most));
        }
    }

    /// @param is_right  Of a text of the right length.
    template <class F>
    static void text(const document_view& view, std::size_t least, std::size_t most,
                     const F& is_right, std::string_view otherwise) {
        const std::optional<std::string_view> text = checked_text_of(view);
        if (!text) return;
        if (text->size() < least || text->size() > most) {
            view.error("must have " + std::to_string(least) + " to " + std::to_string(most) +
                       " characters");
        } else if (!is_right(*text)) {
            view.error(quoted(*text) + std::string(otherwise));
        }
    }
    static void length(const document_view& view, std::size_t least, std::size_t most) {
        text(view, least, most, [](std::string_view) { return true; }, {});
    }
    static void subdomain(const document_view& view) {
        text(view, 1, 253, is_dns_subdomain,
             "is no name: write lower-case letters, digits, - and .");
    }
    static void header_name(const document_view& view) {
        text(view, 1, 256, is_token, "is no header name");
    }
    static void choice(const document_view& view, std::initializer_list<std::string_view> known) {
        const std::optional<std::string_view> text = checked_text_of(view);
        if (!text) return;
        std::string list;
        for (const std::string_view one : known) {
            if (*text == one) return;
            list += (list.empty() ? "" : ", ") + std::string(one);
        }
        view.error(quoted(*text) + "is none of " + list);
    }
    static void number(const document_view& view, std::int64_t least, std::int64_t most) {
        const std::optional<std::int64_t> number = view.integer();
        if (number && (*number < least || *number > most)) {
            view.error("must be between " + std::to_string(least) + " and " + std::to_string(most));
        }
    }
    /// Names in a list of maps, which are its keys.
    static void unique(const document_view& list, std::string_view key) {
        std::set<std::string> seen;
        each(list, [&](const document_view& item) {
            const std::optional<std::string_view> name = text_of(item[key]);
            if (name && !seen.insert(std::string(*name)).second) {
                item[key].error("Duplicate value: \"" + std::string(*name) + '"');
            }
        });
    }
    /// A reference to an object, as parents, backends and extensions are.
    static void reference(const document_view& view) {
        text(
            view["group"], 0, 253,
            [](std::string_view text) { return text.empty() || is_dns_subdomain(text); },
            "is no API group");
        text(view["kind"], 1, 63, is_crd_kind, "is no kind");
        text(view["namespace"], 1, 63, is_dns_label, "is no namespace");
        length(view["name"], 1, 253);
        number(view["port"], 1, 65535);
    }

private:
    [[nodiscard]] static std::string quoted(std::string_view text) {
        return '"' + std::string(text.substr(0, 100)) + "\" ";
    }
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
