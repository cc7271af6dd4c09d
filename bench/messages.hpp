// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_MESSAGES_HPP
#define CORSAC_BENCH_MESSAGES_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/request/header_access.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Requests and responses, of two kinds: `views`, which cost nothing themselves, and `owned`
// strings, as servers have them.

namespace bench {

template <class Text>
struct basic_line {
    Text name;
    Text value;
};

/// A `corsac::request_view`.
template <class Text>
struct basic_request {
    Text verb;
    std::vector<basic_line<Text>> lines;

    [[nodiscard]] std::string_view method() const noexcept { return verb; }
    template <class F>
    void visit(F&& f) const {
        for (const auto& line : lines) f(line.name, line.value);
    }
};

/// Lines of a response in place. Nothing but these is in it, so it can only `add`.
class view_response {
public:
    view_response() noexcept {}  // leaves the lines as they are: no one reads more than there are

    void add(std::string_view name, std::string_view value) noexcept {
        lines_[size_++] = {name.data(), name.size(), value.data(), value.size()};
    }

    template <class F>
    void visit(F&& f) const {
        for (std::size_t i = 0; i < size_; ++i) {
            const line& l = lines_[i];
            f(std::string_view{l.name, l.name_size}, std::string_view{l.value, l.value_size});
        }
    }

private:
    struct line {
        const char* name;
        std::size_t name_size;
        const char* value;
        std::size_t value_size;
    };
    std::size_t size_ = 0;
    std::array<line, 12> lines_;
};

/// Lines of a response that own their text, into which a handler has written before.
class owned_response {
public:
    owned_response() { lines_.reserve(16); }

    void add(std::string_view name, std::string_view value) {
        lines_.push_back({std::string{name}, std::string{value}});
    }
    /// @param prefix  In lower case.
    void erase_prefix(std::string_view prefix) {
        std::erase_if(lines_, [prefix](const auto& line) {
            return corsac::detail::equals_ignore_case(
                std::string_view{line.name}.substr(0, prefix.size()), prefix);
        });
    }
    /// The value of the first line of a name in lower case; null if there is none.
    [[nodiscard]] std::string* find(std::string_view name) {
        for (auto& line : lines_) {
            if (corsac::detail::equals_ignore_case(line.name, name)) return &line.value;
        }
        return nullptr;
    }
    [[nodiscard]] bool has(std::string_view name) { return find(name) != nullptr; }
    void vary(std::string_view token) {
        std::string* const present = find("vary");
        if (present == nullptr) return add("vary", token);
        if (!corsac::vary_covers(*present, token)) present->append(", ").append(token);
    }

    template <class F>
    void visit(F&& f) const {
        for (const auto& line : lines_) f(line.name, line.value);
    }

private:
    std::vector<basic_line<std::string>> lines_;
};

struct views {
    using request = basic_request<std::string_view>;
    using response = view_response;
};
struct owned {
    using request = basic_request<std::string>;
    using response = owned_response;
};

/// What an application writes into the response to a request that is no preflight.
inline void run_handler(view_response&) noexcept {}
inline void run_handler(owned_response& out) {
    out.add("Content-Type", "application/json");
    out.add("Content-Length", "8");
    out.add("Vary", "Accept-Encoding");
}

}  // namespace bench

#endif
