// SPDX-License-Identifier: MIT
#ifndef CORSAC_CONFIG_CODE_HPP
#define CORSAC_CONFIG_CODE_HPP

// Tested in tests/error.test.cpp.

#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// Every mistake that a configuration can hold. Enumerators are never renumbered or reused.
enum class config_code : std::uint8_t {
    // allow_origins: no origin at all
    origins_empty,  ///< the list has no entry, so nothing could ever be allowed
    // allow_origins: one entry is no origin
    // (https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin)
    origin_empty,             ///< the entry is empty
    origin_scheme_missing,    ///< no `scheme://`
    origin_scheme_malformed,  ///< the scheme is not a letter followed by letters, digits, `+-.`
    origin_has_userinfo,      ///< `user@`
    origin_has_path,          ///< a path (even a single `/`), a query or a fragment
    origin_host_missing,      ///< nothing between `//` and the port
    origin_host_malformed,    ///< a byte or an empty label that no host has
    origin_host_unicode,      ///< an internationalised host that is not in its `xn--` form
    origin_host_too_long,     ///< longer than `max_host_length`
    origin_ip_malformed,      ///< a host that ends in a number or a bracket, but is no IP address
    origin_port_malformed,    ///< not `*` and not 1 to 65535 without leading zeros
    // allow_origins: one entry is no pattern
    wildcard_repeated,      ///< more than one `*` in the host
    wildcard_in_scheme,     ///< `*://…`
    wildcard_in_top_label,  ///< `https://example.*` would include strangers' domains
    wildcard_in_ip,         ///< `*` beside the numbers of an IP address
    // allow_origins: insecure together with allow_credentials
    credentials_with_any_origin,       ///< `*` or `https://*`
    credentials_with_insecure_origin,  ///< `http://` to another machine: anyone on the way can
                                       ///< inject script
    credentials_with_public_suffix,    ///< `https://*.com`: strangers can register a matching host
    credentials_with_null_origin,      ///< every sandboxed frame of every site is `null`
    credentials_allowed_and_refused,   ///< `refuse_credentials` takes back what else is allowed
    // allow_methods (https://fetch.spec.whatwg.org/#methods)
    method_malformed,   ///< not a token, or longer than `max_requested_method_length`
    method_forbidden,   ///< CONNECT, TRACE, TRACK: no browser sends them from a script
    method_wrong_case,  ///< `put`: browsers upper-case this one, and methods compare by byte
    // allow_headers, expose_headers
    header_name_malformed,      ///< not a token, or longer than `max_configured_name_length`
    header_name_forbidden,      ///< scripts may not set it (or read it), so listing it does nothing
    header_wildcard_misplaced,  ///< `*` is known only alone and, in allow_headers, at the end
    credentials_with_expose_any,  ///< browsers take `*` literally when credentials are included
    // numbers
    max_age_negative,         ///< browsers disagree on it; 0 switches caching off
    max_age_too_large,        ///< over 2,147,483,647
    preflight_status_not_ok,  ///< a granted preflight must have a status of 200 to 299
    denied_status_malformed,  ///< a refused preflight has 200 to 299 or 403
    policy_too_large,         ///< more than 2 GiB of text
    // what would make every request slow
    origin_shapes_too_many,    ///< patterns cost a request more than `max_look_ups`
    header_prefixes_too_many,  ///< more than `max_header_prefixes`
    // matchers beside allow_origins
    matchers_too_many,  ///< more than `max_string_matchers`, or they cost more than `max_look_ups`
    matcher_malformed,  ///< an expression that does not compile, or an empty or over-long text
    matcher_of_everything,  ///< it matches every origin without being `*`
    // routes of a policy table
    hostname_malformed,   ///< neither `a.example` nor `*.a.example`
    path_malformed,       ///< does not begin with `/`
    condition_malformed,  ///< not `Name: value` or `name=value`
    // lists that were not taken apart
    entry_is_a_list,        ///< several entries in one: `"https://a.example,https://b.example"`
    entry_has_quotes,       ///< quotes or brackets around the entry
    entry_has_white_space,  ///< white space or a separator around the entry
    // allow_origins: one entry is of another kind
    origin_is_expression,     ///< a regular expression
    network_malformed,        ///< `http://192.168.1.0/16`: not the network's first address
    network_not_private,      ///< `http://8.0.0.0/8`: machines of strangers
    networks_too_many,        ///< they cost a request more than `max_look_ups`
    origin_pattern_too_deep,  ///< more than `max_pattern_labels` behind its `*.`
    // matchers with options of their own
    matcher_more_dangerous,  ///< a `dangerously_…` option of theirs that the policy does not set
    // own_origins
    own_origin_is_pattern,  ///< `*` or a wildcard among the origins of the server itself
    // matchers beside allow_origins, with allow_credentials
    credentials_with_unproved_expression,  ///< it is not proved to accept no stranger's origin

    // Warnings: legal, but probably not meant. They never stop a policy from being built. They
    // begin at a number that leaves room for errors to come.
    duplicate_entry = 128,        ///< the entry says again what another one says
    any_beside_others,            ///< `*` makes the other entries pointless
    null_origin_allowed,          ///< shared by every sandboxed frame of every site
    wildcard_over_public_suffix,  ///< `https://*.com` without credentials
    scheme_never_sent,            ///< ws, wss, file: a browser's Origin never has that scheme
    method_lower_case,            ///< `patch` is another method than `PATCH`
    header_already_safelisted,    ///< exposed without being listed
    max_age_not_honoured,         ///< over 86,400 seconds, the largest cap of a browser
    name_never_requested,         ///< forbidden, but `tolerate_forbidden_names` is set
    header_of_responses,          ///< `Access-Control-Allow-Origin` is the server's to send
    content_type_not_listed,      ///< `PUT` without `Content-Type`: no JSON can be sent
    matcher_of_strangers,         ///< a matcher or predicate lets in whoever asks
    expression_unproved,          ///< it accepts, or may accept, a stranger's origin
};

/// Whether the code is one of the warnings.
[[nodiscard]] constexpr bool is_warning(config_code code) noexcept {
    return code >= config_code::duplicate_entry;
}

/// The code as text, for logs and tests: `"origin_has_path"`. Stable like the enumerator.
[[nodiscard]] constexpr std::string_view name_of(config_code code) noexcept {
    switch (code) {
        using enum config_code;
    case origins_empty: return "origins_empty";
    case origin_empty: return "origin_empty";
    case origin_scheme_missing: return "origin_scheme_missing";
    case origin_scheme_malformed: return "origin_scheme_malformed";
    case origin_has_userinfo: return "origin_has_userinfo";
    case origin_has_path: return "origin_has_path";
    case origin_host_missing: return "origin_host_missing";
    case origin_host_malformed: return "origin_host_malformed";
    case origin_host_unicode: return "origin_host_unicode";
    case origin_host_too_long: return "origin_host_too_long";
    case origin_ip_malformed: return "origin_ip_malformed";
    case origin_port_malformed: return "origin_port_malformed";
    case wildcard_repeated: return "wildcard_repeated";
    case wildcard_in_scheme: return "wildcard_in_scheme";
    case wildcard_in_top_label: return "wildcard_in_top_label";
    case wildcard_in_ip: return "wildcard_in_ip";
    case credentials_with_any_origin: return "credentials_with_any_origin";
    case credentials_with_insecure_origin: return "credentials_with_insecure_origin";
    case credentials_with_public_suffix: return "credentials_with_public_suffix";
    case credentials_with_null_origin: return "credentials_with_null_origin";
    case credentials_allowed_and_refused: return "credentials_allowed_and_refused";
    case method_malformed: return "method_malformed";
    case method_forbidden: return "method_forbidden";
    case method_wrong_case: return "method_wrong_case";
    case header_name_malformed: return "header_name_malformed";
    case header_name_forbidden: return "header_name_forbidden";
    case header_wildcard_misplaced: return "header_wildcard_misplaced";
    case credentials_with_expose_any: return "credentials_with_expose_any";
    case max_age_negative: return "max_age_negative";
    case max_age_too_large: return "max_age_too_large";
    case preflight_status_not_ok: return "preflight_status_not_ok";
    case denied_status_malformed: return "denied_status_malformed";
    case policy_too_large: return "policy_too_large";
    case duplicate_entry: return "duplicate_entry";
    case any_beside_others: return "any_beside_others";
    case null_origin_allowed: return "null_origin_allowed";
    case wildcard_over_public_suffix: return "wildcard_over_public_suffix";
    case scheme_never_sent: return "scheme_never_sent";
    case method_lower_case: return "method_lower_case";
    case header_already_safelisted: return "header_already_safelisted";
    case max_age_not_honoured: return "max_age_not_honoured";
    case name_never_requested: return "name_never_requested";
    case origin_shapes_too_many: return "origin_shapes_too_many";
    case header_prefixes_too_many: return "header_prefixes_too_many";
    case matchers_too_many: return "matchers_too_many";
    case matcher_malformed: return "matcher_malformed";
    case matcher_of_everything: return "matcher_of_everything";
    case hostname_malformed: return "hostname_malformed";
    case path_malformed: return "path_malformed";
    case condition_malformed: return "condition_malformed";
    case entry_is_a_list: return "entry_is_a_list";
    case entry_has_quotes: return "entry_has_quotes";
    case entry_has_white_space: return "entry_has_white_space";
    case origin_is_expression: return "origin_is_expression";
    case network_malformed: return "network_malformed";
    case network_not_private: return "network_not_private";
    case matcher_more_dangerous: return "matcher_more_dangerous";
    case own_origin_is_pattern: return "own_origin_is_pattern";
    case networks_too_many: return "networks_too_many";
    case origin_pattern_too_deep: return "origin_pattern_too_deep";
    case credentials_with_unproved_expression: return "credentials_with_unproved_expression";
    case header_of_responses: return "header_of_responses";
    case matcher_of_strangers: return "matcher_of_strangers";
    case content_type_not_listed: return "content_type_not_listed";
    case expression_unproved: return "expression_unproved";
    }
    return "";
}

}  // namespace corsac::inline v0_2_0

#endif
