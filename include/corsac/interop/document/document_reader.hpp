// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_DOCUMENT_READER_HPP
#define CORSAC_INTEROP_DOCUMENT_DOCUMENT_READER_HPP

// Tested in tests/interop/document/document.test.cpp.

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_builder.hpp>
#include <corsac/interop/document/problem.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop {

namespace detail {

struct any_node_visitor {
    template <class Node>
    void operator()(std::string_view, const Node&) const {}
};

}  // namespace detail

/// One value of some parser's tree. A wrapper that fits in a register or two, copied freely.
///
/// `kind()` tells what it is; `text()` gives a scalar as it is written, without quotes, and
/// `visit(f)` calls `f(key, node)` for every element of a list (with an empty key) or map.
template <class N>
concept document_node = requires(const N& node, detail::any_node_visitor f) {
    { node.kind() } -> std::same_as<document_kind>;
    { node.text() } -> std::convertible_to<std::string>;
    node.visit(f);
};

/// Copies one tree after the other, within the limits for all of them.
class document_reader {
public:
    /// @param problems  Gets what is wrong with a tree; then the document is null.
    explicit document_reader(manifest_problems& problems) : builder_(problems) {}

    template <document_node Node>
    [[nodiscard]] document read(const Node& root) {
        builder_.start();
        copy(root);
        return builder_.finish();
    }

private:
    template <document_node Node>
    void copy(const Node& node) {
        if (builder_.stopped()) return;
        const document_kind kind = node.kind();
        if (kind != document_kind::list && kind != document_kind::map) {
            return builder_.scalar(kind, node.text());
        }
        builder_.begin(kind);
        if (builder_.stopped()) return;
        node.visit([&](std::string_view key, const auto& child) {
            if (builder_.stopped()) return;
            if (kind == document_kind::map) builder_.key(key, false);
            copy(child);
        });
        builder_.end();
    }

    document_builder builder_;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
