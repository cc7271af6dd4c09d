// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_DOCUMENT_VIEW_HPP
#define CORSAC_INTEROP_DOCUMENT_DOCUMENT_VIEW_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/problem.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// A value in a document together with its path, read with checks: what has the wrong type is
/// reported and read as if it were absent. So is `null`, as Kubernetes reads it.
class document_view {
public:
    /// @param value   Null pointer for an absent one.
    /// @param object  What problems are reported about.
    document_view(const document* value, std::string path, std::string object,
                  manifest_problems& problems)
        : value_(value != nullptr && value->is_null() ? nullptr : value), path_(std::move(path)),
          object_(std::move(object)), problems_(&problems) {}

    /// Whether it is there.
    [[nodiscard]] explicit operator bool() const noexcept { return value_ != nullptr; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const std::string& object() const noexcept { return object_; }
    [[nodiscard]] manifest_problems& problems() const noexcept { return *problems_; }
    [[nodiscard]] const document* value() const noexcept { return value_; }

    void error(std::string message) const { problems_->error(object_, path_, std::move(message)); }
    void warning(std::string message) const {
        problems_->warning(object_, path_, std::move(message));
    }

    [[nodiscard]] document_view operator[](std::string_view key) const {
        const document* found = value_ == nullptr ? nullptr : value_->find(key);
        return {found, path_.empty() ? std::string(key) : path_ + '.' + std::string(key), object_,
                *problems_};
    }

    /// Whether it is a map; reports keys that are not among `known`.
    bool is_map(std::initializer_list<std::string_view> known) const {
        return visit_unknown(known, [](const document_view& field) {
            field.problems_->warning(field.object_, field.path_,
                                     "is no field that is known here; it has no effect");
        });
    }
    /// The same where a field that is not understood would change the meaning of the others: an
    /// error.
    bool is_whole_map(std::initializer_list<std::string_view> known) const {
        return visit_unknown(known, [](const document_view& field) {
            field.problems_->error(field.object_, field.path_,
                                   "is no field that is known here, and without it the others mean "
                                   "something else");
        });
    }

    /// Calls `f(element)` for each element of a list.
    template <class F>
    void each(F&& f) const {
        if (!is(document_kind::list, "a list")) return;
        for (std::size_t i = 0; i < value_->size(); ++i) {
            f(document_view{&value_->item(i), path_ + '[' + std::to_string(i) + ']', object_,
                            *problems_});
        }
    }

    [[nodiscard]] std::string string() const {
        return is(document_kind::string, "a string") ? value_->text() : std::string{};
    }
    /// @return  Nothing if it is absent or of another type.
    [[nodiscard]] std::optional<bool> boolean() const {
        if (!is(document_kind::boolean, "true or false")) return std::nullopt;
        return value_->text() == "true";
    }
    [[nodiscard]] std::optional<std::int64_t> integer() const {
        if (!is(document_kind::integer, "an integer")) return std::nullopt;
        const std::string& text = value_->text();
        const bool negative = text.front() == '-';
        const std::string_view digits = std::string_view(text).substr(negative ? 1 : 0);
        std::int64_t number = 0;
        for (const char c : digits) number = digits.size() > 18 ? 0 : number * 10 + (c - '0');
        if (digits.size() > 18) {
            error(text + " is too large");
            return std::nullopt;
        }
        return negative ? -number : number;
    }
    [[nodiscard]] std::vector<std::string> strings() const {
        std::vector<std::string> items;
        each([&](const document_view& item) {
            if (!item) item.error("must be a string, not null");
            if (item) items.push_back(item.string());
        });
        return items;
    }

private:
    [[nodiscard]] bool is(document_kind wanted, std::string_view called) const {
        if (value_ == nullptr) return false;
        if (value_->kind() == wanted) return true;
        constexpr std::string_view names[] = {"null",     "a boolean", "an integer", "a number",
                                              "a string", "a list",    "a map"};
        std::string message = "must be " + std::string(called) + ", not " +
                              std::string(names[static_cast<std::size_t>(value_->kind())]);
        if (!value_->text().empty()) message += " (" + value_->text().substr(0, 60) + ")";
        error(std::move(message));
        return false;
    }

    template <class F>
    bool visit_unknown(std::initializer_list<std::string_view> known, const F& f) const {
        if (!is(document_kind::map, "a map")) return false;
        for (std::size_t i = 0; i < value_->size(); ++i) {
            bool found = false;
            for (const std::string_view key : known) found = found || key == value_->key(i);
            if (!found) f((*this)[value_->key(i)]);
        }
        return true;
    }

    const document* value_;
    std::string path_;
    std::string object_;
    manifest_problems* problems_;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
