// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_DOCUMENT_HPP
#define CORSAC_INTEROP_DOCUMENT_DOCUMENT_HPP

#include <corsac/interop/document/problem.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// What a value of YAML or JSON is; `number` is one that is no integer.
enum class document_kind : std::uint8_t { null, boolean, integer, number, string, list, map };

/// Levels of lists and maps in a document. The deepest field of a Gateway API object is at 9; what
/// goes deeper is an attack, or an anchor that contains itself.
inline constexpr std::size_t max_document_depth = 64;

/// Values of all documents of one input, aliases counted each time. Ten thousand routes of one rule
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
    document(document&&) noexcept = default;
    document& operator=(document&&) noexcept = default;
    document(const document& other)
        : kind_(other.kind_), text_(other.text_),
          inside_(other.inside_ ? std::make_unique<content>(*other.inside_) : nullptr) {}
    document& operator=(const document& other) { return *this = document(other); }
    ~document() = default;
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
    [[nodiscard]] std::size_t size() const noexcept { return inside_ ? inside_->items.size() : 0; }
    [[nodiscard]] const document& item(std::size_t at) const noexcept { return inside_->items[at]; }
    [[nodiscard]] document& item(std::size_t at) noexcept { return inside_->items[at]; }
    [[nodiscard]] const std::string& key(std::size_t at) const noexcept {
        return inside_->keys[at];
    }

    /// The value of a key; null pointer if the map does not have it, or this is no map.
    [[nodiscard]] const document* find(std::string_view key) const noexcept {
        if (kind_ != document_kind::map || !inside_) return nullptr;
        for (std::size_t i = 0; i < inside_->keys.size(); ++i) {
            if (inside_->keys[i] == key) return &inside_->items[i];
        }
        return nullptr;
    }
    [[nodiscard]] document* find(std::string_view key) noexcept {
        return const_cast<document*>(std::as_const(*this).find(key));
    }

    void push_back(document value) { inside().items.push_back(std::move(value)); }
    /// Replaces the value of a key, or adds the key at the end.
    document& set(std::string_view key, document value) {
        if (document* known = find(key)) return *known = std::move(value);
        inside().keys.emplace_back(key);
        inside_->items.push_back(std::move(value));
        return inside_->items.back();
    }

    /// Gives back the memory that was taken in advance, once nothing more will be added.
    void shrink_to_fit() {
        if (!inside_) return;
        inside_->keys.shrink_to_fit();
        inside_->items.shrink_to_fit();
    }

    [[nodiscard]] friend bool operator==(const document& a, const document& b) {
        if (a.kind_ != b.kind_ || a.text_ != b.text_ || a.size() != b.size()) return false;
        return a.size() == 0 || *a.inside_ == *b.inside_;
    }

private:
    /// Apart, for most values are scalars, and an input may have half a million.
    struct content {
        std::vector<std::string> keys{};
        std::vector<document> items{};

        [[nodiscard]] friend bool operator==(const content& a, const content& b) {
            return a.keys == b.keys && a.items == b.items;
        }
    };

    [[nodiscard]] content& inside() {
        if (!inside_) inside_ = std::make_unique<content>();
        return *inside_;
    }

    document_kind kind_ = document_kind::null;
    std::string text_{};
    std::unique_ptr<content> inside_{};
};

}  // namespace corsac::inline v0_2_0::interop

#endif
