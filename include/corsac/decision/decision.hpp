// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_DECISION_HPP
#define CORSAC_DECISION_DECISION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/classify.hpp>
#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// Bytes of requested header names, over all lines, that a preflight may have. A hundred long names
/// fit; servers limit a whole header section to 8 KiB or so.
inline constexpr std::size_t max_requested_headers_length = 4096;

/// Lines of them whose names an answer can repeat, empty ones not counted.
inline constexpr std::size_t max_reflected_lines = 16;

/// What was decided, and why: one enumerator per reason.
enum class outcome : std::uint8_t {
    no_policy,                ///< nothing governs this request; it is left alone
    not_cors,                 ///< no `Origin`
    allowed,                  ///< the origin may read the response, or the preflight is granted
    origin_not_allowed,       ///< a well-formed origin that the policy does not list
    null_origin_not_allowed,  ///< `null`, which the policy does not list
    origin_malformed,         ///< not a serialised origin, so no browser sent it
    origin_too_long,          ///< longer than `max_origin_length`
    several_origins,          ///< more than one `Origin` line
    credentials_not_allowed,  ///< the origin is, but not with what the request carries
    origin_unsafe_with_credentials,  ///< a matcher or verdict allows `null` or plain `http://`
    origin_check_failed,             ///< a matcher threw an exception: status 500
    origin_unknown,                  ///< who was asked about the origin, a database, has not said
    policy_unknown,                  ///< what an adapter asks for the policy threw one: likewise
    cross_origin_write,              ///< what `reject_cross_origin_writes` rejects
    method_not_allowed,              ///< the requested method is not listed
    method_malformed,      ///< not one token, or longer than `max_requested_method_length`
    header_not_allowed,    ///< a requested header is not listed
    header_malformed,      ///< an element of the requested headers is not a token
    header_list_too_long,  ///< beyond `max_requested_headers` and its kin
};

[[nodiscard]] constexpr std::string_view name_of(outcome value) noexcept {
    switch (value) {
        using enum outcome;
    case no_policy: return "no_policy";
    case not_cors: return "not_cors";
    case allowed: return "allowed";
    case origin_not_allowed: return "origin_not_allowed";
    case null_origin_not_allowed: return "null_origin_not_allowed";
    case origin_malformed: return "origin_malformed";
    case origin_too_long: return "origin_too_long";
    case several_origins: return "several_origins";
    case credentials_not_allowed: return "credentials_not_allowed";
    case origin_unsafe_with_credentials: return "origin_unsafe_with_credentials";
    case origin_check_failed: return "origin_check_failed";
    case origin_unknown: return "origin_unknown";
    case policy_unknown: return "policy_unknown";
    case cross_origin_write: return "cross_origin_write";
    case method_not_allowed: return "method_not_allowed";
    case method_malformed: return "method_malformed";
    case header_not_allowed: return "header_not_allowed";
    case header_malformed: return "header_malformed";
    case header_list_too_long: return "header_list_too_long";
    }
    return "";
}

/// Whether an outcome grants nothing to the origin that asked.
[[nodiscard]] constexpr bool is_refusal(outcome value) noexcept { return value > outcome::allowed; }

namespace detail {

/// Why a single origin was refused that nothing matched.
[[nodiscard]] constexpr outcome origin_refusal(std::string_view origin) noexcept {
    if (origin == "null") return outcome::null_origin_not_allowed;
    switch (parse_serialized_origin(origin).defect) {
    case origin_defect::none: return outcome::origin_not_allowed;
    case origin_defect::too_long: return outcome::origin_too_long;
    default: return outcome::origin_malformed;
    }
}

}  // namespace detail

class decision;
class explanation;

/// What a decision consists of. Views are borrowed from the policy or from the request.
struct decision_fields {
    std::string_view allow_origin{};  ///< empty: no such field; likewise below
    std::string_view allow_methods{};
    std::string_view allow_headers{};  ///< a list of the policy's; see also `requested_headers`
    std::string_view max_age{};
    std::string_view expose_headers{};
    /// Lines whose names are to be listed instead of `allow_headers`; of a refused preflight, those
    /// of which a name was refused. As many as `requested_header_lines` says.
    header_lines<max_reflected_lines> requested_headers{};
    /// What was refused, as received; in `shadow` also the origin that was allowed. Never sent.
    std::string_view subject{};
    request_kind kind = request_kind::not_cors;
    /// `origin_not_allowed` stands for every refusal of a single origin: `decision::outcome()`
    /// reads `subject` to tell them apart, which a server that does not ask need not pay for.
    corsac::outcome outcome = outcome::no_policy;
    std::int16_t status = 0;  ///< of the answer; 0 if the application answers
    std::uint8_t requested_header_lines = 0;
    bool allow_credentials = false;
    bool allow_private_network = false;
    bool keep_existing = false;  ///< leave the handler's other Access-Control fields alone
    bool vary_origin = false;
    bool vary_preflight = false;  ///< on the requested method and headers
    bool vary_private_network = false;
    bool vary_credentials = false;  ///< on `Cookie` and `Authorization`
    /// Writes the sentence that is sent in `field::explanation`; null for none. A pointer, so that
    /// only a program that uses `evaluate_for_debugging` has that code.
    explanation (*explain)(const decision&) noexcept = nullptr;
    /// Further names, separated by commas; see `with_vary`.
    std::string_view more_vary{};
    /// What decided; of no policy if none did.
    policy_rules rules{};
    /// What a policy in shadow decided. `outcome` is `no_policy` then, since nothing is to be done.
    corsac::outcome shadow = outcome::no_policy;
};

namespace detail {
struct decision_access;
}

/// What CORS has to say about one request. Trivially copyable.
///
/// It borrows from the policy, and where a pattern matched or the answer reflects what was asked,
/// also from the request; `kept_decision` is for servers whose request dies first.
class decision {
public:
    /// Nothing governs the request.
    constexpr decision() noexcept = default;
    constexpr explicit decision(const decision_fields& fields) noexcept : fields_(fields) {}

    [[nodiscard]] constexpr request_kind kind() const noexcept { return fields_.kind; }
    /// Cost: for a refused origin, one pass over it.
    [[nodiscard]] constexpr corsac::outcome outcome() const noexcept {
        const corsac::outcome decided =
            fields_.outcome == outcome::no_policy ? fields_.shadow : fields_.outcome;
        if (decided != outcome::origin_not_allowed) return decided;
        return detail::origin_refusal(fields_.subject);
    }
    /// Whether a policy in `shadow` decided, so that the outcome has no effect.
    [[nodiscard]] constexpr bool in_shadow() const noexcept {
        return fields_.shadow != outcome::no_policy;
    }

    /// Whether the response ends here, with `status()` and no body: a preflight, or a request
    /// rejected by `reject_disallowed`. Otherwise the application answers.
    [[nodiscard]] constexpr bool answers() const noexcept { return fields_.status != 0; }
    /// The status to answer with; 0 if the application answers.
    [[nodiscard]] constexpr int status() const noexcept { return fields_.status; }

    /// Whether a policy governs the response, so that its CORS fields are the policy's. A policy in
    /// `shadow` governs none.
    [[nodiscard]] constexpr bool governs() const noexcept {
        return fields_.outcome != outcome::no_policy;
    }
    /// Whether the origin that asked may read the response, or send what the preflight asks.
    [[nodiscard]] constexpr bool allows() const noexcept {
        return fields_.outcome == outcome::allowed;
    }

    /// Whether the sentence for developers is sent, see `evaluate_for_debugging`.
    [[nodiscard]] constexpr bool explains() const noexcept { return fields_.explain != nullptr; }

    [[nodiscard]] constexpr const decision_fields& fields() const noexcept { return fields_; }

    /// Calls `f(name, value)` for every CORS response field to be sent, each name once. Names are
    /// lower-case and NUL-terminated. A value may die with the call. `Vary` is not among them.
    template <class F>
    constexpr void visit(F&& f) const {
        if (fields_.allow_origin.empty()) return;
        f(field::allow_origin, fields_.allow_origin);
        if (fields_.allow_credentials) f(field::allow_credentials, std::string_view{"true"});
        if (!fields_.allow_methods.empty()) f(field::allow_methods, fields_.allow_methods);
        if (!fields_.allow_headers.empty()) {
            f(field::allow_headers, fields_.allow_headers);
        } else if (fields_.requested_header_lines != 0) {
            visit_requested_headers(f);
        }
        if (!fields_.max_age.empty()) f(field::max_age, fields_.max_age);
        if (!fields_.expose_headers.empty()) f(field::expose_headers, fields_.expose_headers);
        if (fields_.allow_private_network) {
            f(field::allow_private_network, std::string_view{"true"});
        }
    }

    /// Calls `f(token)` for every request header that the response depends on.
    template <class F>
    constexpr void visit_vary(F&& f) const {
        if (fields_.vary_origin) f(std::string_view{"Origin"});
        if (fields_.vary_preflight) {
            f(std::string_view{"Access-Control-Request-Method"});
            f(std::string_view{"Access-Control-Request-Headers"});
        }
        if (fields_.vary_private_network) {
            f(std::string_view{"Access-Control-Request-Private-Network"});
        }
        if (fields_.vary_credentials) {
            f(std::string_view{"Cookie"});
            f(std::string_view{"Authorization"});
        }
        std::string_view more = fields_.more_vary;
        while (detail::has_elements(more)) f(detail::next_element(more));
    }

private:
    friend struct detail::decision_access;

    /// Joins the requested names: lower case, without junk and repetitions.
    template <class F>
    constexpr void visit_requested_headers(F& f) const {
        char joined[max_requested_headers_length];
        std::string_view written[max_requested_headers];
        std::size_t size = 0;
        std::size_t count = 0;
        for (std::size_t at = 0; at < fields_.requested_header_lines; ++at) {
            std::string_view line = fields_.requested_headers[at];
            while (detail::has_elements(line)) {
                const std::string_view name = detail::next_element(line);
                if (name.empty() || count == max_requested_headers ||
                    size + 1 + name.size() > max_requested_headers_length) {
                    continue;
                }
                const std::size_t begin = count == 0 ? 0 : size + 1;
                if (count != 0) joined[size] = ',';
                detail::copy_lower(name, joined + begin);
                const std::string_view lower = detail::view_of(joined + begin, name.size());
                bool repeated = false;
                for (std::size_t i = 0; i < count && !repeated; ++i) repeated = written[i] == lower;
                if (repeated) continue;
                written[count++] = lower;
                size = begin + name.size();
            }
        }
        if (size != 0) f(field::allow_headers, detail::view_of(joined, size));
    }

    decision_fields fields_;
};

/// Lets `evaluate` fill a decision in where it will be returned, without a copy.
struct detail::decision_access {
    [[nodiscard]] static constexpr decision_fields& fields(decision& d) noexcept {
        return d.fields_;
    }
};

}  // namespace corsac::inline v0_2_0

#endif
