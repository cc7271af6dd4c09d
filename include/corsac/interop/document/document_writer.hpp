// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_DOCUMENT_WRITER_HPP
#define CORSAC_INTEROP_DOCUMENT_DOCUMENT_WRITER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/printable.hpp>
#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/yaml_cpp.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// In double quotes with JSON's escapes, which are YAML's too. So is written what YAML 1.1 takes
/// for a line break, and what may not stand in YAML or is not seen. Spec:
/// https://yaml.org/spec/1.1/#c-printable, https://yaml.org/spec/1.1/#b-char
inline void write_quoted(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        const utf8_character first = first_character(text);
        const std::string_view bytes = text.substr(0, first.size == 0 ? 1 : first.size);
        if (bytes == "\"" || bytes == "\\") {
            (out += '\\') += bytes;
        } else if (bytes == "\n") {
            out += "\\n";
        } else if (first.size == 0 || first.number > 0xffff || is_printable(first.number)) {
            out += bytes;
        } else {
            out += "\\u";
            for (const int shift : {12, 8, 4, 0}) out += digits[first.number >> shift & 15];
        }
        text.remove_prefix(bytes.size());
    }
    out += '"';
}

/// Whether YAML 1.1 or 1.2 could read the text, without quotes, as something but a string.
[[nodiscard]] inline bool is_yaml_value(std::string_view text) noexcept {
    if (text.empty() || plain_scalar_kind(text) != document_kind::string) return true;
    for (const std::string_view word : {"y", "n", "yes", "no", "on", "off"}) {
        if (equals_ignore_case(text, word)) return true;
    }
    constexpr byte_set first{"0123456789+-.~="};  // 0x1f, 1_000, 12:30:00
    return first[text.front()];
}

/// Whether YAML 1.1 and 1.2 both read the text, without quotes, as this very string.
[[nodiscard]] inline bool is_plain_yaml(std::string_view text) noexcept {
    if (is_yaml_value(text)) return false;
    constexpr byte_set first{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/_^"};
    constexpr byte_set other{
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.:@+ ,~^$*\\()"};
    if (!first[text.front()] || text.back() == ':' || text.back() == ' ') return false;
    if (text.find(": ") != text.npos) return false;
    for (const char c : text) {
        if (!other[c]) return false;
    }
    return true;
}

/// Writes a string as kubectl does: plain where that is safe, in double quotes where it could be
/// taken for something else, in single quotes where only YAML's own signs are in the way.
inline void write_yaml_string(std::string& out, std::string_view text) {
    if (is_plain_yaml(text)) {
        out += text;
        return;
    }
    bool single = !is_yaml_value(text);
    for (const char c : text) single = single && c >= ' ' && c <= '~' && c != '\'';
    if (single) {
        out.append("'").append(text).append("'");
    } else {
        write_quoted(out, text);
    }
}

inline void write_scalar(std::string& out, const document& value, bool yaml) {
    if (value.is_null()) {
        out += "null";
    } else if (value.kind() != document_kind::string) {
        out += value.text();
    } else if (yaml) {
        write_yaml_string(out, value.text());
    } else {
        write_quoted(out, value.text());
    }
}

[[nodiscard]] inline bool is_nested(const document& value) noexcept {
    return value.kind() == document_kind::list || value.kind() == document_kind::map;
}

inline void write_yaml(std::string& out, const document& value, std::size_t indent,
                       bool after_dash) {
    const bool map = value.kind() == document_kind::map;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (!after_dash || i != 0) out.append(indent, ' ');
        const document& item = value.item(i);
        if (map) {
            write_yaml_string(out, value.key(i));
            out += ':';
        } else {
            out += '-';
        }
        if (!is_nested(item)) {
            out += ' ';
            write_scalar(out, item, true);
            out += '\n';
        } else if (item.size() == 0) {
            out += item.kind() == document_kind::map ? " {}\n" : " []\n";
        } else if (map) {
            out += '\n';
            // Lists stand under their key, as kubectl writes them.
            write_yaml(out, item, item.kind() == document_kind::list ? indent : indent + 2, false);
        } else {
            out += ' ';
            write_yaml(out, item, indent + 2, true);
        }
    }
}

inline void write_json(std::string& out, const document& value, std::size_t indent) {
    if (!is_nested(value)) {
        write_scalar(out, value, false);
        return;
    }
    const bool map = value.kind() == document_kind::map;
    out += map ? '{' : '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
        out += i == 0 ? "\n" : ",\n";
        out.append(indent + 2, ' ');
        if (map) {
            write_quoted(out, value.key(i));
            out += ": ";
        }
        write_json(out, value.item(i), indent + 2);
    }
    if (value.size() != 0) {
        out += '\n';
        out.append(indent, ' ');
    }
    out += map ? '}' : ']';
}

}  // namespace detail

/// Writes a document as block-style YAML that ends in a newline.
[[nodiscard]] inline std::string to_yaml(const document& value) {
    std::string out;
    if (detail::is_nested(value) && value.size() != 0) {
        detail::write_yaml(out, value, 0, false);
    } else {
        out = detail::is_nested(value) ? (value.kind() == document_kind::map ? "{}" : "[]") : "";
        if (!detail::is_nested(value)) detail::write_scalar(out, value, true);
        out += '\n';
    }
    return out;
}

/// The same for several documents, with `---` between them.
[[nodiscard]] inline std::string to_yaml(const std::vector<document>& values) {
    std::string out;
    for (const document& value : values) {
        if (!out.empty()) out += "---\n";
        out += to_yaml(value);
    }
    return out;
}

/// Writes a document as indented JSON that ends in a newline.
[[nodiscard]] inline std::string to_json(const document& value) {
    std::string out;
    detail::write_json(out, value, 0);
    return out + '\n';
}

/// The same for several documents, as the items of a Kubernetes `List`.
[[nodiscard]] inline std::string to_json(const std::vector<document>& values) {
    document list = document::map();
    list.set("apiVersion", document("v1"));
    list.set("kind", document("List"));
    document& items = list.set("items", document::list());
    for (const document& value : values) items.push_back(value);
    return to_json(list);
}

}  // namespace corsac::inline v0_2_0::interop

#endif
