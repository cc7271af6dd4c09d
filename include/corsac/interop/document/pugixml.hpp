// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_PUGIXML_HPP
#define CORSAC_INTEROP_DOCUMENT_PUGIXML_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_reader.hpp>  // IWYU pragma: export

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// A name of XML without the prefix of its namespace.
[[nodiscard]] inline std::string_view local_name(std::string_view name) noexcept {
    const std::size_t colon = name.find(':');
    return colon == name.npos ? name : name.substr(colon + 1);
}

}  // namespace detail

/// `pugi::xml_node` as a `document_node`: an element with elements in it is a map of their names,
/// where a name that comes more than once has a list; any other element is its text, a string, or
/// an integer if it is all digits. Attributes, and namespaces above all, are not read. Nothing of
/// pugixml is included here: the caller has it.
///
/// ```
/// pugi::xml_document xml;
/// const pugi::xml_parse_result parsed = xml.load_string(text);  // false where it is no XML
/// document = reader.read(corsac::interop::xml_node<pugi::xml_node>{xml});
/// ```
template <class Node>
class xml_node {
public:
    explicit xml_node(const Node& node) { same_.push_back(node); }

    [[nodiscard]] document_kind kind() const {
        if (same_.size() > 1) return document_kind::list;
        if (has_elements()) return document_kind::map;
        const std::string written = text();
        const bool digits =
            written.find_first_not_of("0123456789") == written.npos && !written.empty();
        const bool number = digits && (written.size() == 1 || written.front() != '0');
        return number ? document_kind::integer : document_kind::string;
    }
    /// Without the white space around it.
    [[nodiscard]] std::string text() const {
        constexpr const char* space = " \t\r\n";
        std::string written;
        for (const auto& child : same_.front().children()) {
            if (*child.name() == '\0') written += child.value();
        }
        const std::size_t from = written.find_first_not_of(space);
        if (from == written.npos) return {};
        return written.substr(from, written.find_last_not_of(space) + 1 - from);
    }
    template <class F>
    void visit(F&& f) const {
        if (same_.size() > 1) {
            for (const Node& one : same_) f(std::string_view{}, xml_node(one));
            return;
        }
        std::vector<std::pair<std::string_view, xml_node>> fields;
        for (const auto& child : same_.front().children()) {
            const std::string_view name = detail::local_name(child.name());
            if (name.empty()) continue;
            std::size_t at = 0;
            while (at != fields.size() && fields[at].first != name) ++at;
            if (at != fields.size()) {
                fields[at].second.same_.push_back(child);
            } else if (fields.size() <= max_document_keys) {  // one more than a map may have
                fields.emplace_back(name, xml_node(child));
            }
        }
        for (const auto& [name, node] : fields) f(name, node);
    }

private:
    [[nodiscard]] bool has_elements() const {
        for (const auto& child : same_.front().children()) {
            if (*child.name() != '\0') return true;
        }
        return false;
    }

    std::vector<Node> same_{};  ///< elements of one name, in one element
};

}  // namespace corsac::inline v0_2_0::interop

#endif
