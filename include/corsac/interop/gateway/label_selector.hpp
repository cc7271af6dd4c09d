// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_LABEL_SELECTOR_HPP
#define CORSAC_INTEROP_GATEWAY_LABEL_SELECTOR_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_view.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// The labels of a Kubernetes object, each a key and a value.
using object_labels = std::vector<std::pair<std::string, std::string>>;

/// The operators of `matchExpressions`.
enum class label_operator : std::uint8_t { in, not_in, exists, does_not_exist };

/// Which objects are meant, by their labels: all that meet every requirement.
///
/// Spec: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
struct label_selector {
    /// One of `matchLabels` or `matchExpressions`.
    struct requirement {
        std::string key{};
        label_operator how{};
        std::vector<std::string> values{};

        /// An object without the label is `not_in` every list of values.
        [[nodiscard]] bool holds(const object_labels& labels) const noexcept {
            for (const auto& [name, value] : labels) {
                if (name != key) continue;
                bool listed = false;
                for (const std::string& wanted : values) listed = listed || wanted == value;
                return how == label_operator::in       ? listed
                       : how == label_operator::not_in ? !listed
                                                       : how == label_operator::exists;
            }
            return how == label_operator::not_in || how == label_operator::does_not_exist;
        }
    };

    std::vector<requirement> requirements{};

    [[nodiscard]] bool matches(const object_labels& labels) const noexcept {
        for (const requirement& one : requirements) {
            if (!one.holds(labels)) return false;
        }
        return true;
    }
};

namespace detail {

[[nodiscard]] inline object_labels read_labels(const document_view& view) {
    object_labels labels;
    if (!view || view.value()->kind() != document_kind::map) return labels;
    for (std::size_t i = 0; i < view.value()->size(); ++i) {
        labels.emplace_back(view.value()->key(i), view.value()->item(i).text());
    }
    return labels;
}

/// Reads `matchLabels` of a map, and `matchExpressions` where there are any.
[[nodiscard]] inline label_selector read_label_selector(const document_view& view) {
    label_selector selector;
    for (auto& [key, value] : read_labels(view["matchLabels"])) {
        selector.requirements.push_back({key, label_operator::in, {value}});
    }
    view["matchExpressions"].each([&](const document_view& expression) {
        if (!expression.is_map({"key", "operator", "values"})) return;
        const std::string how = expression["operator"].string();
        label_selector::requirement one;
        one.key = expression["key"].string();
        one.values = expression["values"].strings();
        if (how == "In") {
            one.how = label_operator::in;
        } else if (how == "NotIn") {
            one.how = label_operator::not_in;
        } else if (how == "Exists") {
            one.how = label_operator::exists;
        } else if (how == "DoesNotExist") {
            one.how = label_operator::does_not_exist;
        } else {
            expression["operator"].error("must be In, NotIn, Exists or DoesNotExist");
        }
        const bool lists = one.how == label_operator::in || one.how == label_operator::not_in;
        if (lists == one.values.empty()) {
            expression["values"].error(lists ? "must not be empty" : "must be empty");
        }
        selector.requirements.push_back(std::move(one));
    });
    return selector;
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::interop

#endif
