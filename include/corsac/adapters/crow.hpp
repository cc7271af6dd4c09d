// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_CROW_HPP
#define CORSAC_ADAPTERS_CROW_HPP

// Crow 1.x. Includes no header of Crow's.

#include <corsac/adapters/policy_source.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/header_access.hpp>

#include <string>
#include <string_view>

namespace corsac::inline v0 {

/// `crow::request` as a `request_view`.
///
/// One pass over the headers: looking a name up costs more in Crow, which hashes it with the
/// locale's `toupper`.
template <class Request>
class crow_request {
public:
    explicit crow_request(const Request& request) noexcept : request_(request) {}

    /// Empty for the methods that Crow numbers and cannot name; none of them is `OPTIONS`.
    [[nodiscard]] std::string_view method() const noexcept {
        using method_type = decltype(request_.method);
        // Not method_name(): it returns a temporary string.
        switch (request_.method) {
        case method_type::Get: return "GET";
        case method_type::Head: return "HEAD";
        case method_type::Post: return "POST";
        case method_type::Options: return "OPTIONS";
        default: return {};
        }
    }
    template <class F>
    void visit(F&& f) const {
        for (const auto& [name, value] : request_.headers) {
            f(std::string_view{name}, std::string_view{value});
        }
    }

private:
    const Request& request_;
};

/// `crow::response` as a `response_sink`.
///
/// Every field that is added costs Crow a locale-aware hash of its name, so none is looked up.
template <class Response>
class crow_response {
public:
    explicit crow_response(Response& response) noexcept : headers_(response.headers) {}

    // Not add_header(): it copies both strings and scans for line breaks, which cannot occur here.
    void add(std::string_view name, std::string_view value) { headers_.emplace(name, value); }

    void set(std::string_view name, std::string_view value) {
        erase_if([&](std::string_view n) { return detail::equals_ignore_case(n, name); });
        add(name, value);
    }
    void erase_prefix(std::string_view prefix) {
        erase_if([&](std::string_view n) {
            return n.size() >= prefix.size() &&
                   detail::equals_ignore_case(n.substr(0, prefix.size()), prefix);
        });
    }
    void vary(std::string_view token) {
        for (const auto& [name, value] : headers_) {
            if (detail::is_field(name, field::vary) && vary_covers(value, token)) return;
        }
        add(field::vary, token);
    }

private:
    template <class Condition>
    void erase_if(Condition condition) {
        for (auto at = headers_.begin(); at != headers_.end();) {
            at = condition(at->first) ? headers_.erase(at) : std::next(at);
        }
    }

    decltype(Response::headers)& headers_;
};
