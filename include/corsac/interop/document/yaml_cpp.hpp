// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_YAML_CPP_HPP
#define CORSAC_INTEROP_DOCUMENT_YAML_CPP_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_reader.hpp>  // IWYU pragma: export

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// What a scalar without quotes means in YAML 1.2's core schema.
///
/// Spec: https://yaml.org/spec/1.2.2/#103-core-schema
[[nodiscard]] inline document_kind plain_scalar_kind(std::string_view text) noexcept {
    for (const std::string_view null : {"", "~", "null", "Null", "NULL"}) {
        if (text == null) return document_kind::null;
    }
    for (const std::string_view boolean : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
        if (text == boolean) return document_kind::boolean;
    }
    std::size_t at = text.front() == '-' || text.front() == '+' ? 1 : 0;
    std::size_t digits = 0, dots = 0;
    for (; at < text.size(); ++at) {
        if (is_digit(text[at])) {
            ++digits;
        } else if (text[at] == '.' && dots == 0) {
            ++dots;
        } else if ((text[at] == 'e' || text[at] == 'E') && digits != 0) {
            ++at;
            if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
            if (at == text.size()) return document_kind::string;
            for (const char c : text.substr(at)) {
                if (!is_digit(c)) return document_kind::string;
            }
            return document_kind::number;
        } else {
            return document_kind::string;
        }
    }
    if (digits == 0) return document_kind::string;
    return dots != 0 ? document_kind::number : document_kind::integer;
}

/// A scalar of yaml-cpp, which marks quoted ones with the tag `!` and plain ones with `?`.
[[nodiscard]] inline document_kind yaml_scalar_kind(std::string_view tag, std::string_view text) {
    if (tag != "?" && !tag.empty()) return document_kind::string;
    return plain_scalar_kind(text);
}

/// Its text as JSON writes it.
[[nodiscard]] inline std::string yaml_scalar_text(document_kind kind, std::string_view written) {
    if (kind == document_kind::null) return {};
    if (kind == document_kind::boolean) {
        return written.front() == 't' || written.front() == 'T' ? "true" : "false";
    }
    if (kind != document_kind::integer && kind != document_kind::number) {
        return std::string(written);
    }
    // JSON knows neither a plus sign nor leading zeros, and has digits on both sides of a point.
    const std::size_t digits = written.find_first_not_of("+-0");
    if (kind == document_kind::integer && digits == written.npos) return "0";
    std::string text = written.front() == '-' ? "-" : "";
    if (digits == written.npos || !is_digit(written[digits])) text += '0';
    for (std::size_t at = digits; at < written.size(); ++at) {
        text += written[at];
        const bool ends = at + 1 == written.size() || !is_digit(written[at + 1]);
        if (written[at] == '.' && ends) text += '0';
    }
    return text;
}

}  // namespace detail

/// yaml-cpp's `YAML::Node` as a `document_node`, for who has one; a text is read with a tenth of
/// the memory by `read_yaml` of <corsac/interop/document/yaml_events.hpp>. Nothing of yaml-cpp is
/// included here: the caller has it.
///
/// ```
/// documents.push_back(reader.read(corsac::interop::yaml_node{root}));
/// ```
/// Errors: none of its own. Beware of making the tree: YAML::LoadAll never returns from a text that
///         is just a comma.
template <class Node>
class yaml_node {
public:
    explicit yaml_node(const Node& node) : node_(node) {}

    [[nodiscard]] document_kind kind() const {
        if (node_.IsMap()) return document_kind::map;
        if (node_.IsSequence()) return document_kind::list;
        if (!node_.IsScalar()) return document_kind::null;
        return detail::yaml_scalar_kind(node_.Tag(), node_.Scalar());
    }
    [[nodiscard]] std::string text() const {
        if (!node_.IsScalar()) return {};
        return detail::yaml_scalar_text(kind(), node_.Scalar());
    }
    /// Merge keys (`<<: *base`) are read: a map has the keys of the maps that they name, after its
    /// own, which win.
    /// Spec: https://yaml.org/type/merge.html
    template <class F>
    void visit(F&& f) const {
        if (!node_.IsMap()) {
            for (const auto& child : node_) f(std::string_view{}, yaml_node(child));
            return;
        }
        bool merges = false;
        for (const auto& child : node_) {
            const bool merged = merges_maps(child.first, child.second);
            merges = merges || merged;
            if (!merged) f(std::string_view(key_of(child.first)), yaml_node(child.second));
        }
        if (!merges) return;
        merged_keys keys;
        for (const auto& child : node_) {
            if (!merges_maps(child.first, child.second)) keys.known.insert(key_of(child.first));
        }
        visit_merged(node_, keys, 0, f);
        if (keys.looked_at <= max_looked_at) return;
        for (const auto& child : node_) {  // nothing is left out without a word
            if (!merges_maps(child.first, child.second)) continue;
            f(std::string_view{"<<"}, yaml_node(child.first));
            return;
        }
    }

private:
    static constexpr std::size_t max_looked_at = 2 * max_document_keys;

    struct merged_keys {
        std::set<std::string> known{};
        std::size_t looked_at = 0;
    };

    /// A key that is no scalar is in no manifest, and is reported as unknown.
    [[nodiscard]] static std::string key_of(const Node& key) {
        return key.IsScalar() ? key.Scalar() : "?";
    }

    /// Whether it is an unquoted `<<` with a map or a list of maps.
    [[nodiscard]] static bool merges_maps(const Node& key, const Node& value) {
        if (!key.IsScalar() || key.Scalar() != "<<" || (key.Tag() != "?" && !key.Tag().empty())) {
            return false;
        }
        if (!value.IsSequence()) return value.IsMap();
        for (const auto& item : value) {
            if (!item.IsMap()) return false;
        }
        return true;
    }

    /// Of several maps, and of a map and those that it merges itself, the first has a key. What is
    /// looked at is bounded, for a list may name one map a million times; then `<<` stays.
    template <class F>
    static void visit_merged(const Node& map, merged_keys& keys, std::size_t depth, F& f) {
        if (depth == max_document_depth) return;
        const auto take = [&](const Node& from) {
            for (const auto& child : from) {
                if (++keys.looked_at > max_looked_at) return;
                if (merges_maps(child.first, child.second)) continue;
                const std::string key = key_of(child.first);
                if (keys.known.insert(key).second) {
                    f(std::string_view(key), yaml_node(child.second));
                }
            }
            visit_merged(from, keys, depth + 1, f);
        };
        for (const auto& child : map) {
            if (++keys.looked_at > max_looked_at) return;
            if (!merges_maps(child.first, child.second)) continue;
            if (child.second.IsMap()) {
                take(child.second);
            } else {
                for (const auto& item : child.second) take(item);
            }
        }
    }

    Node node_;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
