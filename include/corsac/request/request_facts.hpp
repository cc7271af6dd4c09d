// SPDX-License-Identifier: MIT
#ifndef CORSAC_REQUEST_REQUEST_FACTS_HPP
#define CORSAC_REQUEST_REQUEST_FACTS_HPP

// Tested in tests/request/header_access.test.cpp.

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/request/field.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace corsac::inline v0_2_0 {

/// Elements of Access-Control-Request-Headers, empty ones included, over all lines.
inline constexpr std::size_t max_requested_headers = 128;

/// Lines of that field that are read; a request with more has too many elements anyway. Browsers
/// send one; a proxy may split it.
inline constexpr std::size_t max_request_header_lines = max_requested_headers;

/// Lines of one field, in the order received: `lines[0] = value`.
template <std::size_t Capacity>
class header_lines {
public:
    /// A `std::string_view` that begins as nothing at all.
    struct line {
        const char* data;
        std::size_t size;

        constexpr line& operator=(std::string_view text) noexcept {
            data = text.data();
            size = text.size();
            return *this;
        }
        [[nodiscard]] constexpr operator std::string_view() const noexcept { return {data, size}; }
    };

    // Only cleared where constants have to be: that takes longer than a decision, and who reads
    // lines knows how many there are.
    constexpr header_lines() noexcept {
        if (std::is_constant_evaluated()) {
            for (line& each : lines_) each = std::string_view{};
        }
    }

    [[nodiscard]] constexpr line& operator[](std::size_t at) noexcept { return lines_[at]; }
    [[nodiscard]] constexpr std::string_view operator[](std::size_t at) const noexcept {
        return lines_[at];
    }

private:
    line lines_[Capacity];
};

/// All that the answer to most requests depends on.
struct origin_lines_read {
    std::string_view first{};
    std::uint32_t count = 0;

    // By reference: nothing of a view is loaded but the size, which nearly always is another.
    constexpr void add(const std::string_view& name, const std::string_view& value) noexcept {
        if (name.size() == field::origin.size() && detail::is_field<field::origin>(name) &&
            count++ == 0) {
            first = detail::trim_ows(value);
        }
    }
};

/// One incoming request, as far as CORS needs to see it.
///
/// The views are borrowed from the request. An adapter may fill this itself instead of modelling
/// `request_view`, best through `add`: what counts is the number of lines, and 0 says that there is
/// no such field, whatever the view beside it holds.
struct request_facts {
    std::string_view method{};            ///< as received, case kept
    std::string_view origin{};            ///< the first `Origin` line
    std::string_view requested_method{};  ///< Access-Control-Request-Method, the first line
    /// …-Headers, line by line; as many as `requested_header_lines` says
    header_lines<max_request_header_lines> requested_headers{};
    std::string_view host{};  ///< the first `Host` line, only for the switches that reject requests
    std::string_view fetch_site{};  ///< `Sec-Fetch-Site`, likewise
    std::string_view fetch_mode{};  ///< `Sec-Fetch-Mode`, likewise
    std::uint32_t origin_lines = 0;
    std::uint32_t requested_method_lines = 0;
    std::uint32_t requested_header_lines = 0;  ///< may exceed `max_request_header_lines`
    bool several_hosts = false;                ///< more than one `Host` line, read with `host`
    bool private_network = false;              ///< Access-Control-Request-Private-Network: true
    /// What `carries_credentials` says; only for `refuse_credentials`, so `add` does not look.
    bool credentials = false;

    /// Takes one field line into account.
    constexpr void add(std::string_view name, std::string_view value) noexcept {
        add_origin(name, value);
        add_preflight(name, value);
        add_source(name, value);
    }

    // The length decides for nearly every line of a request, before any byte is compared.

    /// The same of `Origin` only, all that the answer to most requests needs.
    constexpr void add_origin(std::string_view name, std::string_view value) noexcept {
        if (name.size() == field::origin.size() && detail::is_field<field::origin>(name) &&
            origin_lines++ == 0) {
            origin = detail::trim_ows(value);
        }
    }
    /// The same of what only a preflight has.
    constexpr void add_preflight(std::string_view name, std::string_view value) noexcept {
        switch (name.size()) {
        case field::request_method.size():
            if (detail::is_field<field::request_method>(name) && requested_method_lines++ == 0) {
                requested_method = detail::trim_ows(value);
            }
            break;
        case field::request_headers.size():
            if (!detail::is_field<field::request_headers>(name)) break;
            if (requested_header_lines < max_request_header_lines) {
                requested_headers[requested_header_lines] = value;
            }
            ++requested_header_lines;
            break;
        case field::request_private_network.size():
            if (detail::is_field<field::request_private_network>(name)) {
                private_network = detail::trim_ows(value) == "true";
            }
            break;
        default: break;
        }
    }
    /// The same of what tells which page sent a request.
    constexpr void add_source(std::string_view name, std::string_view value) noexcept {
        if (name.size() == field::host.size() && detail::is_field<field::host>(name)) {
            several_hosts = several_hosts || host.data() != nullptr;
            if (!several_hosts) host = value.data() == nullptr ? std::string_view{""} : value;
        }
        if (name.size() != field::fetch_site.size()) return;
        if (detail::is_field<field::fetch_site>(name)) fetch_site = detail::trim_ows(value);
        if (detail::is_field<field::fetch_mode>(name)) fetch_mode = detail::trim_ows(value);
    }
};

}  // namespace corsac::inline v0_2_0

#endif
