// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_DOCUMENT_HPP
#define CORSAC_INTEROP_DOCUMENT_DOCUMENT_HPP

#include <corsac/interop/document/problem.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0::interop {

enum class document_kind : std::uint8_t { null, boolean, integer, number, string, list, map };

/// Levels of lists and maps in a document. The deepest field of a Gateway API object is at 9; what
/// goes deeper is an attack, or an anchor that contains itself.
inline constexpr std::size_t max_document_depth = 64;

/// Nodes of all documents of one input, aliases counted each time. Ten thousand routes of one rule
/// have about 350,000; an input of nested aliases would have billions.
inline constexpr std::size_t max_document_nodes = std::size_t{1} << 19;

/// Keys of one map, which are searched one by one. Labels and annotations are the largest.
inline constexpr std::size_t max_document_keys = 4096;

/// Bytes of one input; a ConfigMap holds 1 MiB.
/// Spec: https://kubernetes.io/docs/concepts/configuration/configmap/
inline constexpr std::size_t max_manifest_size = std::size_t{8} << 20;

/// Bytes of all keys and values of one input, aliases counted each time: what it has itself, so
/// that aliases may repeat little, and can ask for no memory that the input's size does not.
inline constexpr std::size_t max_document_bytes = max_manifest_size;

/// Whether an input is short enough to be parsed; to be asked first, since parsers know no limit.
[[nodiscard]] inline bool accepts_size(std::size_t bytes, manifest_problems& problems) {
    if (bytes <= max_manifest_size) return true;
    problems.error({}, {},
                   "the input has " + std::to_string(bytes) + " bytes, more than the " +
                       std::to_string(max_manifest_size) + " that are read");
    return false;
}

/// A YAML or JSON document as a tree of values. Maps keep the order of their keys.
///
/// What parsers of either kind produce is copied into this, so that everything else is written
/// once and works on a tree that is known to be finite.
class document {
public:
    document() = default;
    explicit document(bool value)
        : kind_(document_kind::boolean), text_(value ? "true" : "false") {}
    explicit document(std::int64_t value)
        : kind_(document_kind::integer), text_(std::to_string(value)) {}
    explicit document(std::string_view value) : kind_(document_kind::string), text_(value) {}
    explicit document(const char* value) : document(std::string_view(value)) {}

    [[nodiscard]] static document scalar(document_kind kind, std::string text) {
        document made;
        made.kind_ = kind;
        made.text_ = std::move(text);
        return made;
    }
    [[nodiscard]] static document list() { return scalar(document_kind::list, {}); }
    [[nodiscard]] static document map() { return scalar(document_kind::map, {}); }

    [[nodiscard]] document_kind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is_null() const noexcept { return kind_ == document_kind::null; }
    /// A scalar as it is written, without quotes.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    /// Elements of a list or values of a map.
    [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
    [[nodiscard]] const document& item(std::size_t at) const noexcept { return items_[at]; }
    [[nodiscard]] const std::string& key(std::size_t at) const noexcept { return keys_[at]; }

    /// The value of a key; null pointer if the map does not have it, or this is no map.
    [[nodiscard]] const document* find(std::string_view key) const noexcept {
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            if (keys_[i] == key) return &items_[i];
        }
        return nullptr;
    }
    [[nodiscard]] document* find(std::string_view key) noexcept {
        return const_cast<document*>(std::as_const(*this).find(key));
    }
    [[nodiscard]] document& item(std::size_t at) noexcept { return items_[at]; }

    void push_back(document value) { items_.push_back(std::move(value)); }
    /// Replaces the value of a key, or adds the key at the end.
    document& set(std::string_view key, document value) {
        if (document* known = find(key)) return *known = std::move(value);
        keys_.emplace_back(key);
        items_.push_back(std::move(value));
        return items_.back();
    }

    [[nodiscard]] friend bool operator==(const document&, const document&) = default;

private:
    document_kind kind_ = document_kind::null;
    std::string text_;
    std::vector<std::string> keys_;
    std::vector<document> items_;
};

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
    explicit document_reader(manifest_problems& problems) : problems_(&problems) {}

    template <document_node Node>
    [[nodiscard]] document read(const Node& root) {
        const std::size_t errors = problems_->errors();
        where_ = "document " + std::to_string(++documents_);
        std::string path;
        document copied = copy(root, 0, path);
        return problems_->errors() == errors ? std::move(copied) : document{};
    }

private:
    template <document_node Node>
    [[nodiscard]] document copy(const Node& node, std::size_t depth, std::string& path) {
        if (stopped_) return {};
        if (++nodes_ > max_document_nodes) {
            stop(path, "the input has more than " + std::to_string(max_document_nodes) +
                           " values, repeated aliases included");
            return {};
        }
        const document_kind kind = node.kind();
        if (kind != document_kind::list && kind != document_kind::map) {
            std::string text = node.text();
            return takes(text.size(), path) ? document::scalar(kind, std::move(text)) : document{};
        }
        if (depth == max_document_depth) {
            stop(path.substr(0, 80), "lists and maps are nested more than " +
                                         std::to_string(max_document_depth) +
                                         " deep, or an anchor contains itself");
            return {};
        }
        document copied = kind == document_kind::list ? document::list() : document::map();
        const std::size_t path_size = path.size();
        node.visit([&](std::string_view key, const auto& child) {
            if (stopped_) return;
            if (kind == document_kind::list) {
                path += '[' + std::to_string(copied.size()) + ']';
                copied.push_back(copy(child, depth + 1, path));
            } else {
                if (copied.size() == max_document_keys) {
                    stop(path,
                         "a map has more than " + std::to_string(max_document_keys) + " keys");
                    return;
                }
                if (!takes(key.size(), path)) return;
                if (path_size != 0) path += '.';
                path += key;
                if (copied.find(key) != nullptr) {
                    problems_->error(where_, path, "this key is in the map twice");
                }
                copied.set(key, copy(child, depth + 1, path));
            }
            path.resize(path_size);
        });
        return copied;
    }

    [[nodiscard]] bool takes(std::size_t bytes, std::string_view path) {
        if (!stopped_ && bytes > max_document_bytes - bytes_) {
            stop(path, "the input's keys and values have more than " +
                           std::to_string(max_document_bytes) +
                           " bytes, repeated aliases included");
        }
        if (!stopped_) bytes_ += bytes;
        return !stopped_;
    }

    void stop(std::string_view path, std::string message) {
        problems_->error(where_, path, std::move(message));
        stopped_ = true;
    }

    manifest_problems* problems_;
    std::string where_;
    std::size_t documents_ = 0;
    std::size_t nodes_ = 0;
    std::size_t bytes_ = 0;
    bool stopped_ = false;
};

}  // namespace corsac::inline v0::interop

#endif
