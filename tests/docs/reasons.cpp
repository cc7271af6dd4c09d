// SPDX-License-Identifier: MIT
// Writes .github/REASONS.md: every outcome and every code, each provoked here by the very text that
// the page shows, with what corsac then says. Fails if one is missing or another one appears.
#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/corsac.hpp>
#include <corsac/decision/asked_origin.hpp>
#include <corsac/interop/matchers/string_matcher_set.hpp>
#include <corsac/live/shared_origins.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include "support.hpp"

#include <algorithm>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using corsac::config_code;
using corsac::make_policy;
using corsac::origin_if;
using corsac::policy_options;
using corsac::policy_table_builder;
namespace interop = corsac::interop;

bool failed = false;

/// On one line, bars escaped as Markdown's tables need them, endless names cut.
std::string cell(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        if (c == '|') shown += '\\';
        shown += c == '\n' ? ' ' : c;
    }
    if (const std::size_t at = shown.find(std::string(30, 'a')); at != std::string::npos) {
        const std::size_t end = std::min(shown.find_first_not_of('a', at), shown.size());
        shown.replace(at, end - at, "aaa");
        if (!std::string_view(shown).substr(at + 3).starts_with("…")) shown.insert(at + 3, "…");
    }
    return shown;
}

// --- codes
// -----------------------------------------------------------------------------------------

std::set<config_code> shown_codes;

template <class Result>
void show(config_code code, std::string_view written, const Result& made) {
    const corsac::config_errors& list = corsac::is_warning(code) ? made.warnings() : made.errors();
    for (const corsac::config_error& e : list) {
        if (e.code() != code) continue;
        std::cout << "| `" << corsac::name_of(code) << "` | ` " << cell(written) << " ` | "
                  << cell(e.message()) << " |\n";
        shown_codes.insert(code);
        return;
    }
    std::cerr << corsac::name_of(code) << " is not what this provokes: " << written << '\n';
    failed = true;
}

// The text is shown without what only leads to the point.
#define OF_OPTIONS(code, ...) show(config_code::code, #__VA_ARGS__, make_policy({__VA_ARGS__}))
#define OF_ORIGIN(code, entry)                                                                     \
    show(config_code::code, ".allow_origins = {" #entry "}",                                       \
         make_policy({.allow_origins = {entry}}))
#define OF_OTHERS(code, ...)                                                                       \
    show(config_code::code, #__VA_ARGS__,                                                          \
         make_policy({.allow_origins = {"https://a.example"}, __VA_ARGS__}))
#define OF_EXPRESSION(code, ...) show(config_code::code, #__VA_ARGS__, __VA_ARGS__)

template <class Add>
corsac::result<corsac::policy_table> table_with(Add add) {
    policy_table_builder builder;
    add(builder);
    return std::move(builder).build();
}

corsac::text_list many(std::size_t count, const char* before, const char* after) {
    corsac::text_list list;
    for (std::size_t i = 0; i < count; ++i) list.push_back(before + std::to_string(i) + after);
    return list;
}

/// Wildcards with a different number of characters before and behind the `*`, each.
corsac::text_list shapes() {
    corsac::text_list list;
    for (std::size_t i = 0; i < 40; ++i) {
        list.push_back("https://" + std::string(1 + i % 10, 'a') + "-*-" +
                       std::string(1 + i / 10, 'b') + ".example.com");
    }
    return list;
}

void show_errors() {
    OF_OPTIONS(origins_empty, .allow_methods = {"PUT"});
    OF_ORIGIN(origin_empty, "");
    OF_ORIGIN(origin_scheme_missing, "example.com");
    OF_ORIGIN(origin_scheme_malformed, "ht_tp://example.com");
    OF_ORIGIN(origin_has_userinfo, "https://me@example.com");
    OF_ORIGIN(origin_has_path, "https://example.com/");
    OF_ORIGIN(origin_host_missing, "https://:443");
    OF_ORIGIN(origin_host_malformed, "https://a..example");
    OF_ORIGIN(origin_host_unicode, "https://bücher.example");
    show(config_code::origin_host_too_long,
         R"(.allow_origins = {"https://" + std::string(254, 'a')})",
         make_policy({.allow_origins = {"https://" + std::string(254, 'a')}}));
    OF_ORIGIN(origin_ip_malformed, "http://1.2.3.256");
    OF_ORIGIN(origin_port_malformed, "https://example.com:0443");
    OF_ORIGIN(wildcard_repeated, "https://*.a-*.example.com");
    OF_ORIGIN(wildcard_in_scheme, "*://example.com");
    OF_ORIGIN(wildcard_in_top_label, "https://example.*");
    OF_ORIGIN(wildcard_in_ip, "http://192.168.1.*:3000");
    OF_OPTIONS(credentials_with_any_origin, .allow_origins = {"*"}, .allow_credentials = true);
    OF_OPTIONS(credentials_with_insecure_origin, .allow_origins = {"http://a.example"},
               .allow_credentials = true);
    OF_OPTIONS(credentials_with_public_suffix, .allow_origins = {"https://*.github.io"},
               .allow_credentials = true);
    OF_OPTIONS(credentials_with_null_origin, .allow_origins = {"null"}, .allow_credentials = true);
    OF_OTHERS(credentials_allowed_and_refused, .allow_credentials = true,
              .refuse_credentials = true);
    OF_OTHERS(method_malformed, .allow_methods = {"PU/T"});
    OF_OTHERS(method_forbidden, .allow_methods = {"TRACE"});
    OF_OTHERS(method_wrong_case, .allow_methods = {"put"});
    OF_OTHERS(header_name_malformed, .allow_headers = {"X/A"});
    OF_OTHERS(header_name_forbidden, .allow_headers = {"Cookie"});
    OF_OTHERS(header_wildcard_misplaced, .allow_headers = {"X-*-Id"});
    OF_OTHERS(credentials_with_expose_any, .expose_headers = {"*"}, .allow_credentials = true);
    OF_OTHERS(max_age_negative, .max_age = -1);
    OF_OTHERS(max_age_too_large, .max_age = 2147483648);
    OF_OTHERS(preflight_status_not_ok, .preflight_status = 304);
    OF_OTHERS(denied_status_malformed, .denied_preflight_status = 302);
    std::cout << "| `policy_too_large` | more than 2 GiB of text | not shown: it takes 2 GiB |\n";
    shown_codes.insert(config_code::policy_too_large);
    OF_OPTIONS(origin_shapes_too_many, .allow_origins = shapes());
    OF_OTHERS(header_prefixes_too_many, .allow_headers = many(65, "X-", "-*"));

    using interop::make_string_matcher_set;
    using interop::string_matcher;
    using form = interop::string_matcher::form;
    OF_EXPRESSION(matchers_too_many, make_string_matcher_set(std::vector<string_matcher>(
                                         65, {form::exact, "https://a.example"})));
    OF_EXPRESSION(matcher_malformed, make_string_matcher_set({{form::suffix, ""}}));
    // An engine that knows one expression, so that this needs none.
    const auto engine = [](std::string_view) {
        return interop::compiled_regex{[](std::string_view) { return true; }};
    };
    OF_EXPRESSION(matcher_of_everything,
                  make_string_matcher_set({interop::make_regex_matcher(".*", engine)}));
    OF_EXPRESSION(hostname_malformed, table_with([](policy_table_builder& b) {
                      (void)b.add_route({.name = "shop/cart", .hostnames = {"a..b"}});
                  }));
    OF_EXPRESSION(path_malformed, table_with([](policy_table_builder& b) {
                      b.add_match(b.add_rule(b.add_route({.name = "shop/cart"}), ""),
                                  {.path = "no-slash"});
                  }));
    OF_EXPRESSION(condition_malformed, table_with([](policy_table_builder& b) {
                      b.add_match(b.add_rule(b.add_route({.name = "shop/cart"}), ""),
                                  {.headers = {"no colon"}});
                  }));
    OF_ORIGIN(entry_is_a_list, "https://a.example,https://b.example");
    OF_ORIGIN(entry_has_quotes, "'https://a.example'");
    OF_ORIGIN(entry_has_white_space, " https://a.example");
    OF_ORIGIN(origin_is_expression, "https?://a.example");
    OF_ORIGIN(network_malformed, "http://192.168.1.0/16");
    OF_ORIGIN(network_not_private, "http://8.8.8.0/24");
    OF_OPTIONS(networks_too_many, .allow_origins = many(61, "https://10.", ".0.0/16"));
    OF_ORIGIN(origin_pattern_too_deep, "https://*.a.b.c.d.e.f.g.h.example");
    const auto tenants = corsac::make_shared_origins(
        {.allow_origins = {"null"}, .dangerously_allow_null_origin_with_credentials = true});
    OF_EXPRESSION(matcher_more_dangerous,
                  make_policy({.allow_credentials = true}, tenants->matcher()));
    OF_OTHERS(own_origin_is_pattern, .own_origins = {"https://*.example.com"});
    OF_EXPRESSION(credentials_with_unproved_expression,
                  make_policy({.allow_credentials = true},
                              *make_string_matcher_set({{form::prefix, "https://app."}})));
}

void show_warnings() {
    using interop::make_string_matcher_set;
    using form = interop::string_matcher::form;
    OF_OPTIONS(duplicate_entry, .allow_origins = {"https://a.example", "HTTPS://A.example:443"});
    OF_OPTIONS(any_beside_others, .allow_origins = {"*", "https://a.example"});
    OF_ORIGIN(null_origin_allowed, "null");
    OF_ORIGIN(wildcard_over_public_suffix, "https://*.com");
    OF_ORIGIN(scheme_never_sent, "wss://a.example");
    OF_OTHERS(method_lower_case, .allow_methods = {"patch"});
    OF_OTHERS(header_already_safelisted, .expose_headers = {"Content-Type"});
    OF_OTHERS(max_age_not_honoured, .max_age = 86401);
    OF_OTHERS(name_never_requested, .allow_headers = {"Cookie"}, .tolerate_forbidden_names = true);
    OF_OTHERS(header_of_responses, .allow_headers = {"Access-Control-Allow-Origin"});
    OF_OTHERS(content_type_not_listed, .allow_methods = {"PUT"});
    OF_EXPRESSION(matcher_of_strangers,
                  make_policy({}, origin_if{[](std::string_view) { return true; }}));
    OF_EXPRESSION(expression_unproved,
                  make_policy({}, *make_string_matcher_set({{form::prefix, "https://app."}})));
}

// --- outcomes
// --------------------------------------------------------------------------------------

std::set<corsac::outcome> shown_outcomes;

struct asked {
    support::request request;
    [[nodiscard]] std::string_view method() const noexcept { return request.method(); }
    template <class F>
    void visit(F&& f) const {
        request.visit(f);
    }
    [[nodiscard]] static std::string_view path() noexcept { return "/"; }
};

void show(corsac::outcome expected, std::string_view policy, const asked& request,
          const corsac::decision& d) {
    std::ostringstream lines;
    lines << request.request.verb;
    for (const support::line& l : request.request.lines) {
        if (l.name.empty()) continue;
        lines << ", `" << l.name << ": " << l.value << '`';
    }
    std::cout << "| `" << corsac::name_of(expected) << "` | " << cell(policy) << " | "
              << cell(lines.str()) << " | " << (d.answers() ? std::to_string(d.status()) : "–")
              << " | " << cell(corsac::explain(d).view()) << " |\n";
    if (d.outcome() != expected) {
        std::cerr << corsac::name_of(expected) << " is " << corsac::name_of(d.outcome()) << '\n';
        failed = true;
    }
    shown_outcomes.insert(expected);
}

/// A policy's answer to a request; `options` are shown as they are written.
#define DECIDES(expected, asks, ...)                                                               \
    show(corsac::outcome::expected, "` " #__VA_ARGS__ " `", asks,                                  \
         corsac::evaluate(*make_policy({__VA_ARGS__}), asks))

void show_outcomes() {
    const std::string friendly = "https://a.example";
    const std::string endless = "https://" + std::string(392, 'a');
    const auto get = [](std::string_view origin) { return asked{{"GET", {{{"Origin", origin}}}}}; };
    const auto preflight = [](std::string_view method, std::string_view headers) {
        return asked{{"OPTIONS",
                      {{{"Origin", "https://a.example"},
                        {"Access-Control-Request-Method", method},
                        {headers.empty() ? "" : "Access-Control-Request-Headers", headers}}}}};
    };
    const asked plain{{"GET", {}}};
    show(corsac::outcome::no_policy, "none governs the request, or one in `shadow`", plain, {});
    DECIDES(not_cors, plain, .allow_origins = {"https://a.example"});
    DECIDES(allowed, get(friendly), .allow_origins = {"https://a.example"});
    DECIDES(allowed, preflight("PUT", "content-type"), .allow_origins = {"https://a.example"},
            .allow_methods = {"PUT"}, .allow_headers = {"Content-Type"});
    DECIDES(origin_not_allowed, get("https://evil.example"),
            .allow_origins = {"https://a.example"});
    DECIDES(null_origin_not_allowed, get("null"), .allow_origins = {"https://a.example"});
    DECIDES(origin_malformed, get("https://a.example/"), .allow_origins = {"https://a.example"});
    DECIDES(origin_too_long, get(endless), .allow_origins = {"https://*.example"});
    const asked twice{{"GET", {{{"Origin", friendly}, {"Origin", "https://evil.example"}}}}};
    DECIDES(several_origins, twice, .allow_origins = {"https://a.example"});
    const asked with_cookie{{"GET", {{{"Origin", friendly}, {"Cookie", "a=b"}}}}};
    DECIDES(credentials_not_allowed, with_cookie, .allow_origins = {"https://a.example"},
            .refuse_credentials = true);
    const asked insecure = get("http://t.example");
    show(corsac::outcome::origin_unsafe_with_credentials,
         "`allow_credentials`, and `origin_if` that knows `http://t.example`", insecure,
         corsac::evaluate(
             *make_policy({.allow_credentials = true},
                          origin_if{[](std::string_view o) { return o == "http://t.example"; }}),
             insecure));
    show(corsac::outcome::origin_check_failed, "an `origin_if` that throws",
         get("https://b.example"),
         corsac::evaluate(*make_policy({}, origin_if{[](std::string_view o) {
                                           if (o == "https://b.example") throw 1;
                                           return false;
                                       }}),
                          get("https://b.example")));
    show(corsac::outcome::origin_unknown, "`origin_verdict::unknown`, from a database that is down",
         get("https://b.example"),
         corsac::evaluate(*make_policy({.allow_origins = {"https://a.example"}}),
                          get("https://b.example"), corsac::origin_verdict::unknown));
    const auto throwing = [](const asked&) -> const corsac::policy* { throw 1; };
    const asked any = get(friendly);
    const auto source = corsac::detail::as_policy_source(throwing);
    show(corsac::outcome::policy_unknown, "an adapter's callable that throws", any,
         corsac::detail::govern(source, any, any).decision);
    const asked write{{"POST",
                       {{{"Host", "api.example"},
                         {"Origin", "https://evil.example"},
                         {"Sec-Fetch-Site", "cross-site"}}}}};
    DECIDES(cross_origin_write, write, .allow_origins = {"https://a.example"},
            .reject_cross_origin_writes = true);
    DECIDES(method_not_allowed, preflight("PATCH", ""), .allow_origins = {"https://a.example"},
            .allow_methods = {"PUT"});
    DECIDES(method_malformed, preflight("PU/T", ""), .allow_origins = {"https://a.example"},
            .allow_methods = {"*"});
    DECIDES(header_not_allowed, preflight("PUT", "x-a"), .allow_origins = {"https://a.example"},
            .allow_methods = {"PUT"});
    DECIDES(header_malformed, preflight("GET", "x a"), .allow_origins = {"https://a.example"},
            .allow_headers = {"*"});
    std::string names = "x-a";
    for (int i = 0; i < 2000; ++i) names += ",x-a";
    asked many_names = preflight("GET", names);
    const corsac::decision too_long = corsac::evaluate(
        *make_policy({.allow_origins = {"https://a.example"}, .allow_headers = {"*"}}), many_names);
    many_names.request.lines[2].value = "x-a,x-a, … 8 KB";
    show(corsac::outcome::header_list_too_long,
         "` .allow_origins = {\"https://a.example\"}, .allow_headers = {\"*\"} `", many_names,
         too_long);
}

}  // namespace

int main() {
    std::cout
        << "# Every outcome and every code\n\n"
           "Written by [tests/docs/reasons.cpp](../tests/docs/reasons.cpp), which provokes each of "
           "them with the text that is\nshown; a test compares. Names and numbers are stable, the "
           "sentences are not.\n\n"
           "## Outcomes\n\n"
           "`decision::outcome()`, `name_of(outcome)`, and `explain(decision)` for the sentence. "
           "Status –: the handler answers.\n\n"
           "| outcome | policy | request | status | `explain` |\n| --- | --- | --- | --- | --- |\n";
    show_outcomes();
    const char* const head = "| code | written | message |\n| --- | --- | --- |\n";
    std::cout
        << "\n## Errors\n\nNothing is built, and `errors()` has all of them. Entries of other "
           "lists than `allow_origins` stand beside a valid origin.\n\n"
        << head;
    show_errors();
    std::cout << "\n## Warnings\n\nThe policy is built, and `warnings()` has all of them.\n\n"
              << head;
    show_warnings();

    for (int value = 0; value < 256; ++value) {
        const auto code = static_cast<config_code>(value);
        if (!corsac::name_of(code).empty() && !shown_codes.contains(code)) {
            std::cerr << "no example provokes the code " << corsac::name_of(code) << '\n';
            failed = true;
        }
        const auto outcome = static_cast<corsac::outcome>(value);
        if (!corsac::name_of(outcome).empty() && !shown_outcomes.contains(outcome)) {
            std::cerr << "no example provokes the outcome " << corsac::name_of(outcome) << '\n';
            failed = true;
        }
    }
    return failed ? 1 : 0;
}
