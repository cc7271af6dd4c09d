// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_REWRITTEN_RESPONSE_HPP
#define CORSAC_ADAPTERS_DETAIL_REWRITTEN_RESPONSE_HPP

// Tested in tests/adapters, as `beast-by-generator`.

#include <corsac/adapters/header_map.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// A `http::message_generator` hides the message, whose head can be had as bytes only. They are
// taken out, changed, and become the head of a new message, whose body is what the generator still
// has.

namespace boost {
template <class T>
class optional;
namespace system {
class error_code;
}
namespace beast::http {
template <bool IsRequest, class Body, class Fields>
struct message;
}
}  // namespace boost

namespace corsac::inline v0_2_0::detail {

/// `http::message_generator`, with the buffers that it gives away.
template <class T>
concept beast_generator = requires(T& generator, boost::system::error_code& failed) {
    typename T::const_buffers_type;
    generator.prepare(failed);
    generator.consume(std::size_t{});
    generator.is_done();
    generator.keep_alive();
};

/// The head of a response as it goes over the wire, the empty line included, as a `response_sink`.
class head_bytes {
public:
    explicit head_bytes(std::string& head) noexcept : head_(head) {}

    void add(std::string_view name, std::string_view value) {
        std::string line;
        line.append(name).append(": ").append(value).append(line_end);
        head_.insert(head_.size() - line_end.size(), line);
    }
    void erase_prefix(std::string_view prefix) {
        for (std::size_t at = next_line(0); !is_last(at);) {
            const std::size_t next = next_line(at);
            if (field_begins_with(line(at, next), prefix)) {
                head_.erase(at, next - at);
            } else {
                at = next;
            }
        }
    }
    void vary(std::string_view token) {
        constexpr std::string_view name = "vary:";
        for (std::size_t at = next_line(0); !is_last(at); at = next_line(at)) {
            const std::string_view text = line(at, next_line(at) - line_end.size());
            if (field_begins_with(text, name) && vary_covers(text.substr(name.size()), token)) {
                return;
            }
        }
        add(field::vary, token);
    }

private:
    static constexpr std::string_view line_end = "\r\n";

    [[nodiscard]] std::size_t next_line(std::size_t at) const noexcept {
        return head_.find(line_end, at) + line_end.size();
    }
    [[nodiscard]] bool is_last(std::size_t at) const noexcept {
        return at + line_end.size() >= head_.size();
    }
    [[nodiscard]] std::string_view line(std::size_t from, std::size_t to) const noexcept {
        return std::string_view{head_}.substr(from, to - from);
    }

    std::string& head_;
};

/// Beast's `Fields` requirements, for a head that is bytes already. Beast looks at it for whether
/// to cut the body into chunks, which has been done, and whether the connection stays open.
template <class Generator>
class rewritten_fields {
public:
    /// Beast's `FieldsWriter`.
    class writer {
    public:
        using const_buffers_type = typename Generator::const_buffers_type::value_type;

        writer(const rewritten_fields& fields, unsigned, unsigned) noexcept : fields_(fields) {}
        [[nodiscard]] const_buffers_type get() const {
            return {fields_.head.data(), fields_.head.size()};
        }

    private:
        const rewritten_fields& fields_;
    };

    std::string head{};
    bool stays_open = false;

protected:
    [[nodiscard]] static std::string_view get_method_impl() noexcept { return {}; }
    [[nodiscard]] static std::string_view get_target_impl() noexcept { return {}; }
    [[nodiscard]] static std::string_view get_reason_impl() noexcept { return {}; }
    [[nodiscard]] static bool get_chunked_impl() noexcept { return false; }
    [[nodiscard]] bool get_keep_alive_impl(unsigned) const noexcept { return stays_open; }
    [[nodiscard]] static bool has_content_length_impl() noexcept { return true; }
    static void set_method_impl(std::string_view) noexcept {}
    static void set_target_impl(std::string_view) noexcept {}
    static void set_reason_impl(std::string_view) noexcept {}
    static void set_chunked_impl(bool) noexcept {}
    static void set_content_length_impl(const auto&) noexcept {}
    static void set_keep_alive_impl(unsigned, bool) noexcept {}
};

/// Beast's `Body` requirements: what a generator has left once its head was taken.
template <class Generator, class Error = boost::system::error_code>
struct rewritten_body {
    struct value_type {
        std::optional<Generator> rest{};
        Error failed{};  // while the head was taken
    };

    /// Beast's `BodyWriter`.
    class writer {
    public:
        using const_buffers_type = typename Generator::const_buffers_type;

        template <class Header>
        writer(Header&, value_type& body) noexcept : body_(body) {}

        void init(Error& failed) const { failed = body_.failed; }
        boost::optional<std::pair<const_buffers_type, bool>> get(Error& failed) {
            failed = {};
            Generator& rest = *body_.rest;
            rest.consume(given_);
            if (rest.is_done()) {
                // Not "nothing" after something: a message_generator then gives its last buffers
                // away once more.
                if (given_ == 0) return {};
                return std::pair<const_buffers_type, bool>{const_buffers_type{}, false};
            }
            const const_buffers_type buffers = rest.prepare(failed);
            if (failed) return {};
            given_ = 0;
            for (const auto& buffer : buffers) given_ += buffer.size();
            return std::pair<const_buffers_type, bool>{buffers, true};
        }

    private:
        value_type& body_;
        std::size_t given_ = 0;  // bytes, last time
    };
};

/// The bytes of a response's head, taken out of the generator; without the empty line if it failed.
template <class Generator, class Error>
[[nodiscard]] std::string take_head(Generator& generator, Error& failed) {
    constexpr std::string_view empty_line = "\r\n\r\n";
    std::string head;
    while (!generator.is_done()) {
        const std::size_t before = head.size();
        const auto buffers = generator.prepare(failed);
        if (failed) break;
        for (const auto& buffer : buffers) {
            const std::size_t searched = head.size() < 3 ? 0 : head.size() - 3;
            head.append(static_cast<const char*>(buffer.data()), buffer.size());
            const std::size_t end = head.find(empty_line, searched);
            if (end == head.npos) continue;
            head.resize(end + empty_line.size());
            generator.consume(head.size() - before);
            return head;
        }
        generator.consume(head.size() - before);
    }
    return head;
}

/// The same response with a decision's headers.
template <beast_generator Generator, class Error = boost::system::error_code>
[[nodiscard]] Generator rewrite_head(Generator generator, const decision& d) {
    if (!d.governs()) return generator;
    using body_type = rewritten_body<Generator, Error>;
    using fields_type = rewritten_fields<Generator>;
    boost::beast::http::message<false, body_type, fields_type> response{};
    fields_type& fields = response.base();
    fields.stays_open = generator.keep_alive();
    fields.head = take_head(generator, response.body().failed);
    if (!response.body().failed) corsac::apply(d, head_bytes{fields.head});
    response.body().rest.emplace(std::move(generator));
    return Generator{std::move(response)};
}

}  // namespace corsac::inline v0_2_0::detail

#endif
