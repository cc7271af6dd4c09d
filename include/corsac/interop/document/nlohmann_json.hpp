// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_NLOHMANN_JSON_HPP
#define CORSAC_INTEROP_DOCUMENT_NLOHMANN_JSON_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_reader.hpp>  // IWYU pragma: export

#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop {

/// `nlohmann::json`, or `ordered_json`, as a `document_node`. Nothing of that library is included
/// here: the caller has it.
///
/// ```
/// const auto root = nlohmann::ordered_json::parse(text);      // throws where the text is no JSON
/// documents.push_back(reader.read(corsac::json_node{root}));
/// ```
/// The library keeps the last of several equal keys, so these are not noticed.
template <class Json>
class json_node {
public:
    /// @param value  Must outlive this object.
    explicit json_node(const Json& value) noexcept : value_(&value) {}

    [[nodiscard]] document_kind kind() const {
        if (value_->is_object()) return document_kind::map;
        if (value_->is_array()) return document_kind::list;
        if (value_->is_string()) return document_kind::string;
        if (value_->is_boolean()) return document_kind::boolean;
        if (value_->is_number_integer()) return document_kind::integer;
        return value_->is_number() ? document_kind::number : document_kind::null;
    }
    [[nodiscard]] std::string text() const {
        if (value_->is_string()) return value_->template get<std::string>();
        return value_->is_null() ? std::string{} : value_->dump();
    }
    template <class F>
    void visit(F&& f) const {
        const bool map = value_->is_object();
        for (const auto& item : value_->items()) {
            f(map ? std::string_view(item.key()) : std::string_view{}, json_node(item.value()));
        }
    }

private:
    const Json* value_;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
