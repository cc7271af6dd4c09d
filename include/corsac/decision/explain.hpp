// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_EXPLAIN_HPP
#define CORSAC_DECISION_EXPLAIN_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/detail/preflight_check.hpp>
#include <corsac/decision/explanation.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/request/method.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0 {

namespace detail {

inline constexpr std::size_t shown_in_explanation = 100;

[[nodiscard]] constexpr std::string_view describe(origin_defect defect) noexcept {
    switch (defect) {
    case origin_defect::none: return "";
    case origin_defect::too_long: return "it is longer than any origin";
    case origin_defect::scheme: return "it does not begin with a scheme in lower case and ://";
    case origin_defect::host: return "its host is missing or malformed";
    case origin_defect::port: return "its port is malformed or the scheme's default";
    case origin_defect::trailing:
        return "something follows host and port, or the host has a character that browsers never "
               "send";
    }
    return "";
}

/// Points out that `patch` is not `PATCH`, which people expect browsers to send.
constexpr void explain_method(const decision_fields& fields, explanation& e) noexcept {
    e.append("method ").append_quoted(fields.subject, shown_in_explanation);
    e.append(" is not in allow_methods; ");
    char upper[max_requested_method_length]{};
    std::size_t size = 0;
    for (const char c : fields.subject.substr(0, sizeof upper)) {
        upper[size++] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    const std::string_view sent = view_of(upper, size);
    const bool meant = sent == "PATCH" || (fields.rules && fields.rules.lists_method(sent));
    if (sent != fields.subject && meant) {
        e.append("methods are case-sensitive, send ").append(sent);
    } else {
        e.append("add it, or send another (methods are case-sensitive)");
    }
}

/// Names every requested header that is missing.
constexpr void explain_headers(const decision_fields& fields, explanation& e) noexcept {
    std::size_t missing = 0;
    bool authorization = false, of_responses = false;
    explanation names;
    const std::size_t lines = fields.rules ? fields.requested_header_lines : 0;
    for (std::size_t i = 0; i < lines; ++i) {
        std::string_view line = fields.requested_headers[i];
        while (has_elements(line)) {
            const std::string_view name = next_element(line);
            if (name.empty() || fields.rules.lists_header(name) ||
                check_unlisted_header(fields.rules, name) != outcome::header_not_allowed) {
                continue;
            }
            constexpr std::string_view prefix = "access-control-";
            authorization = authorization || equals_ignore_case(name, "authorization");
            of_responses =
                of_responses || equals_ignore_case(name.substr(0, prefix.size()), prefix);
            if (++missing > 8) continue;
            if (missing > 1) names.append(", ");
            names.append_quoted(name, shown_in_explanation / 2);
        }
    }
    if (missing == 0) {  // the lines were not kept
        missing = 1;
        names.append_quoted(fields.subject, shown_in_explanation);
    }
    e.append(missing == 1 ? "header " : "headers ").append(names);
    if (missing > 8) e.append(", …");
    e.append(missing == 1 ? " is not in allow_headers; add it, or do not send it"
                          : " are not in allow_headers; add them, or do not send them");
    if (authorization) e.append(" (a wildcard does not cover Authorization)");
    if (of_responses) e.append(" (Access-Control-… is for the server to send, not for the page)");
}

}  // namespace detail

/// Says what was decided in one sentence that a developer can act on.
[[nodiscard]] constexpr explanation explain(const decision& d) noexcept {
    constexpr std::size_t shown = detail::shown_in_explanation;
    const decision_fields& fields = d.fields();
    explanation e;
    const auto received = [&](std::string_view before, std::string_view after) {
        e.append(before).append_quoted(fields.subject, shown).append(after);
    };
    switch (d.outcome()) {
    case outcome::no_policy: e.append("no policy governs this request; it was left alone"); break;
    case outcome::not_cors: e.append("not a CORS request: it has no Origin header"); break;
    case outcome::allowed:
        e.append(fields.kind == request_kind::preflight ? "preflight granted to "
                                                        : "response shared with ");
        if (const auto origin = d.in_shadow() ? fields.subject : fields.allow_origin;
            origin == "*") {
            e.append("every origin");
        } else {
            e.append_quoted(origin, shown);
        }
        e.append(fields.allow_credentials ? ", credentials included" : ", without credentials");
        break;
    case outcome::origin_not_allowed:
        received("origin ", " is not in allow_origins; add it if you trust that site");
        break;
    case outcome::null_origin_not_allowed:
        e.append("origin null (a sandboxed frame, a file, or a cross-origin redirect) is not in "
                 "allow_origins; serve the page from an origin of its own");
        break;
    case outcome::origin_malformed:
        received("origin ", " is not a serialised origin: ");
        e.append(detail::describe(parse_serialized_origin(fields.subject).defect))
            .append("; send it as in https://example.com");
        break;
    case outcome::origin_too_long: received("origin ", " is longer than any origin"); break;
    case outcome::several_origins:
        received("the request has several Origin lines, the first of them ",
                 "; a browser sends one, so look for a proxy that adds another");
        break;
    case outcome::credentials_not_allowed:
        received("origin ", " is allowed, but the request carries a cookie or Authorization, which "
                            "refuse_credentials withholds; send it without, or set "
                            "allow_credentials instead");
        break;
    case outcome::origin_unsafe_with_credentials:
        received("origin ", fields.subject == "null"
                                ? " is that of every sandboxed frame of every site, and "
                                  "allow_credentials is set; serve the page from an origin of its "
                                  "own"
                                : " is plain http, so anyone on the network can rewrite its pages, "
                                  "and allow_credentials is set; serve the page over https");
        break;
    case outcome::origin_unknown:
        received("origin ",
                 " is not in allow_origins, and who was asked about it has not answered; "
                 "look whether the database is up");
        break;
    case outcome::policy_unknown:
        e.append("the callable that chooses the policy threw an exception; nobody can say what is "
                 "allowed");
        break;
    case outcome::origin_check_failed:
        received("origin ", " could not be checked: the matcher of the policy threw an exception");
        break;
    case outcome::cross_origin_write:
        if (fields.subject.empty()) {
            e.append("the browser says that the request comes from another site");
        } else {
            received("origin ", " is not this server's");
        }
        e.append(", and reject_cross_origin_writes lets only allow_origins write");
        break;
    case outcome::method_not_allowed: detail::explain_method(fields, e); break;
    case outcome::method_malformed:
        received("Access-Control-Request-Method ", " is not one method");
        break;
    case outcome::header_not_allowed: detail::explain_headers(fields, e); break;
    case outcome::header_malformed:
        received("Access-Control-Request-Headers has ", ", which is no header name");
        break;
    case outcome::header_list_too_long:
        e.append("Access-Control-Request-Headers has more lines, names or bytes than any browser "
                 "sends");
        break;
    }
    if (is_refusal(d.outcome())) {
        e.append(fields.kind == request_kind::preflight ? " (preflight refused)"
                 : d.answers()                          ? " (request rejected)"
                                                        : " (response not shared)");
    }
    if (d.in_shadow()) e.append("; not enforced, the policy is in shadow");
    return e;
}

}  // namespace corsac::inline v0_2_0

#endif
