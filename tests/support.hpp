// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_SUPPORT_HPP
#define CORSAC_TESTS_SUPPORT_HPP

#include <corsac/corsac.hpp>

#include <array>
#include <cstddef>
#include <ostream>
#include <string_view>
#include <utility>

// What the tests share: a request made of field lines, a response that can be read as one text, and
// a way to have the compiler check a table row by row. All of it works in constant evaluation.

namespace support {

struct line {
    std::string_view name{};
    std::string_view value{};
};

/// A request with up to ten field lines.
struct request {
    std::string_view verb = "GET";
    std::array<line, 10> lines{};

    [[nodiscard]] constexpr std::string_view method() const noexcept { return verb; }
    template <class F>
    constexpr void visit(F&& f) const {
        for (const line& l : lines) {
            if (!l.name.empty()) f(l.name, l.value);
        }
    }
};

/// A response that can do what a multimap of fields can.
class response {
public:
    constexpr response() = default;
    constexpr response(std::initializer_list<line> written) {
        for (const line& l : written) add(l.name, l.value);
    }

    constexpr void add(std::string_view name, std::string_view value) {
        names_.push_back(name);
        values_.push_back(value);
    }
    constexpr void set(std::string_view name, std::string_view value) {
        erase(name);
        add(name, value);
    }
    constexpr void erase(std::string_view name) {
        corsac::text_list names;
        corsac::text_list values;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (corsac::detail::equals_ignore_case(names_[i], name)) continue;
            names.push_back(names_[i]);
            values.push_back(values_[i]);
        }
        names_ = std::move(names);
        values_ = std::move(values);
    }
    constexpr void vary(std::string_view token) {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (!corsac::detail::equals_ignore_case(names_[i], "vary")) continue;
            if (corsac::vary_covers(values_[i], token)) return;
        }
        add("vary", token);
    }

    /// All lines as one text, `name: value` separated by ` | `, in the order written.
    [[nodiscard]] constexpr corsac::detail::text summary() const {
        corsac::detail::text all;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (i != 0) all.append(" | ");
            all.append(names_[i]).append(": ").append(values_[i]);
        }
        return all;
    }

private:
    corsac::text_list names_;
    corsac::text_list values_;
};

/// Evaluates a predicate for every row of a table, each in a constant expression of its own, since
/// compilers limit how much one of them may do.
template <auto Table, auto Holds>
[[nodiscard]] consteval bool every_row_holds() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return (std::bool_constant<Holds((*Table)[I])>::value && ...);
    }(std::make_index_sequence<std::size(*Table)>{});
}

}  // namespace support

#endif
