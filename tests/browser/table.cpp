// SPDX-License-Identifier: MIT
#include "table.hpp"

#include "application.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

namespace {

using corsac::policy_options;
using corsac::testing::body_kind;
using corsac::testing::cache_mode;
using corsac::testing::credentials_mode;
using corsac::testing::fetch_options;
using corsac::testing::redirect_mode;
using corsac::testing::request_body;
using corsac::testing::request_mode;
using corsac::testing::text_body;

// --- who asks -----------------------------------------------------------------------------------

// Expected verdicts are written down by hand, a letter for each policy in the order of its table: Y
// is allowed. What a policy means is thus said a second time, by someone who has not read the
// library.

struct page_row {
    const char* name;
    const char* about;
    const char* origin;
    const char* context = "page";
    const char* allowed_by = "";  ///< of origin_policies()
};

constexpr page_row home{"home", "the listed page", "http://page.test:{plain}", "page",
                        "YY......Y."};

constexpr page_row pages[] = {
    home,
    {"port", "the same host on another port", "http://page.test:{second}", "page", ".Y......Y."},
    {"sub", "a subdomain", "http://app.page.test:{plain}", "page", "..Y.....Y."},
    {"subsub", "a subdomain of a subdomain", "http://deep.app.page.test:{plain}", "page",
     "..Y.....Y."},
    {"dot", "the host with a trailing dot", "http://page.test.:{plain}", "page", ".....Y..Y."},
    {"underscore", "a host with an underscore", "http://a_b.page.test:{plain}", "page",
     "..Y..Y..Y."},
    {"suffix", "a host that ends like the listed one", "http://evilpage.test:{plain}", "page",
     "........Y."},
    {"prefix", "a host that begins like the listed one", "http://page.test.evil.test:{plain}",
     "page", "........Y."},
    {"preview", "a preview host", "http://preview-7.page.test:{plain}", "page", "..YY....Y."},
    {"idn", "an internationalised host", "http://xn--bcher-kva.test:{plain}", "page", ".....Y..Y."},
    {"localhost", "localhost", "http://localhost:{plain}", "page", "....Y...Y."},
    {"ip", "an IP address", "http://127.0.0.1:{plain}", "page", "....Y...Y."},
    {"tls", "the listed host over TLS", "https://page.test:{tls}", "page", "......YYY."},
    {"tlssub", "a subdomain over TLS", "https://app.page.test:{tls}", "page", "......YYY."},
    {"sandbox", "a sandboxed frame", "http://page.test:{plain}", "sandbox", "........YY"},
    {"data", "a data: frame", "http://page.test:{plain}", "data", "........YY"},
};

constexpr page_row contexts[] = {
    home,
    {"sandbox", "a sandboxed frame", "http://page.test:{plain}", "sandbox"},
    {"data", "a data: frame", "http://page.test:{plain}", "data"},
    {"srcdoc", "a srcdoc frame", "http://page.test:{plain}", "srcdoc"},
    {"blob", "a blob: frame", "http://page.test:{plain}", "blob"},
};

// --- what is allowed ----------------------------------------------------------------------------

struct policy_row {
    const char* name;
    const char* about;
    policy_options options;
    const char* exposes = "";  ///< see `named_policy`
};

std::vector<policy_row> origin_policies() {
    return {
        {"exact",
         "one origin",
         {.allow_origins = {"http://page.test:{plain}"}, .allow_methods = {"DELETE"}}},
        {"anyport",
         "a host on any port",
         {.allow_origins = {"http://page.test:*"}, .allow_methods = {"DELETE"}}},
        {"subdomains",
         "all subdomains",
         {.allow_origins = {"http://*.page.test:{plain}"}, .allow_methods = {"DELETE"}}},
        {"inlabel",
         "a wildcard inside a label",
         {.allow_origins = {"http://preview-*.page.test:{plain}"}, .allow_methods = {"DELETE"}}},
        {"loopback",
         "this machine on any port",
         {.allow_origins = {"http://localhost:*", "http://127.0.0.1:*"},
          .allow_methods = {"DELETE"},
          .allow_credentials = true}},
        {"odd",
         "hosts of unusual spelling",
         {.allow_origins = {"http://page.test.:{plain}", "http://a_b.page.test:{plain}",
                            "http://XN--BCHER-KVA.test:{plain}"},
          .allow_methods = {"DELETE"}}},
        {"httpsonly",
         "every host, but over TLS",
         {.allow_origins = {"https://*:*"}, .allow_methods = {"DELETE"}}},
        {"tls",
         "subdomains over TLS, with credentials",
         {.allow_origins = {"https://page.test:{tls}", "https://*.page.test:{tls}"},
          .allow_methods = {"DELETE"},
          .allow_credentials = true}},
        {"any", "every origin", {.allow_origins = {"*"}, .allow_methods = {"DELETE"}}},
        {"null", "opaque origins", {.allow_origins = {"null"}, .allow_methods = {"DELETE"}}},
    };
}

std::vector<policy_row> request_policies() {
    const char* const origin = "http://page.test:{plain}";
    return {
        {"bare", "an origin and nothing else", {.allow_origins = {origin}}},
        {"listed",
         "methods, headers and exposed headers by name",
         {.allow_origins = {origin},
          .allow_methods = {"PUT", "PATCH", "DELETE"},
          .allow_headers = {"X-A", "Content-Type"},
          .expose_headers = {"X-Secret"}},
         "x-secret"},
        {"wild",
         "any method and header",
         {.allow_origins = {origin}, .allow_methods = {"*"}, .allow_headers = {"*"}}},
        {"auth",
         "any method and header, Authorization named",
         {.allow_origins = {origin},
          .allow_methods = {"*"},
          .allow_headers = {"*", "Authorization"}}},
        {"prefix",
         "headers by prefix",
         {.allow_origins = {origin},
          .allow_methods = {"patch", "EGG"},
          .allow_headers = {"X-Custom-*", "X-A"},
          .expose_headers = {"ETag", "X-Request-Id"}},
         "etag x-request-id"},
        {"cred",
         "credentials and lists",
         {.allow_origins = {origin},
          .allow_methods = {"PUT", "DELETE"},
          .allow_headers = {"X-A", "Authorization"},
          .expose_headers = {"X-Request-Id"},
          .allow_credentials = true,
          .dangerously_allow_insecure_origins_with_credentials = true},
         "x-request-id"},
        {"credwild",
         "credentials with any method and header",
         {.allow_origins = {"http://*.test:*"},
          .allow_methods = {"*"},
          .allow_headers = {"*"},
          .allow_credentials = true,
          .dangerously_allow_insecure_origins_with_credentials = true,
          .dangerously_allow_public_suffixes_with_credentials = true}},
        {"open",
         "everybody, everything exposed",
         {.allow_origins = {"*"},
          .allow_methods = {"PUT"},
          .allow_headers = {"X-A", "Range"},
          .expose_headers = {"*"}},
         "etag x-request-id x-secret"},
        {"terse",
         "only what was asked is disclosed",
         {.allow_origins = {origin},
          .allow_methods = {"PUT", "DELETE"},
          .allow_headers = {"X-A", "X-B"},
          .disclose_requested_only = true}},
        {"advertise",
         "the lists are sent and the browser judges",
         {.allow_origins = {origin},
          .allow_methods = {"PUT"},
          .allow_headers = {"X-A"},
          .advertise = true}},
        {"ok200",
         "preflights answered 200, refused or not",
         {.allow_origins = {origin},
          .allow_methods = {"PUT"},
          .allow_headers = {"X-A"},
          .preflight_status = 200,
          .denied_preflight_status = 200}},
        {"stranger",
         "another origin",
         {.allow_origins = {"https://else.test"},
          .allow_methods = {"*"},
          .allow_headers = {"*", "Authorization"}}},
        {"reject",
         "another origin; strangers are rejected",
         {.allow_origins = {"https://else.test"},
          .allow_methods = {"*"},
          .allow_headers = {"*", "Authorization"},
          .reject_disallowed = true}},
        {"forward",
         "refused preflights reach the application",
         {.allow_origins = {origin}, .allow_methods = {"PUT"}, .forward_denied_preflights = true}},
    };
}

/// The verdicts are for GET, PUT, GET with credentials, and GET from the page's own server.
struct context_policy_row : policy_row {
    const char* allows_page;
    const char* allows_opaque;
};

std::vector<context_policy_row> context_policies() {
    return {
        {{"page",
          "the page that holds the frame",
          {.allow_origins = {"http://page.test:{plain}"}, .allow_methods = {"PUT"}}},
         "YY.Y",
         "...."},
        {{"nullonly", "opaque origins only", {.allow_origins = {"null"}, .allow_methods = {"PUT"}}},
         "...Y",
         "YY.Y"},
        {{"nullcred",
          "opaque origins with credentials",
          {.allow_origins = {"null"},
           .allow_methods = {"PUT"},
           .allow_credentials = true,
           .dangerously_allow_null_origin_with_credentials = true}},
         "...Y",
         "YYYY"},
        {{"anyone", "every origin", {.allow_origins = {"*"}, .allow_methods = {"PUT"}}},
         "YY.Y",
         "YY.Y"},
        {{"anycred",
          "every origin with credentials",
          {.allow_origins = {"*"},
           .allow_methods = {"PUT"},
           .allow_credentials = true,
           .dangerously_allow_any_origin_with_credentials = true,
           .dangerously_allow_null_origin_with_credentials = true}},
         "YYYY",
         "YYYY"},
    };
}

std::vector<policy_row> cache_policies() {
    const char* const origin = "http://page.test:{plain}";
    const auto with_age = [origin](auto age) {
        return policy_options{.allow_origins = {origin},
                              .allow_methods = {"PUT", "DELETE"},
                              .allow_headers = {"X-A", "X-B"},
                              .max_age = age};
    };
    policy_options wild = with_age(600);
    wild.allow_methods = {"*"};
    wild.allow_headers = {"*", "Authorization"};
    policy_options star = with_age(600);
    star.allow_headers = {"*"};
    policy_options terse = with_age(600);
    terse.disclose_requested_only = true;
    policy_options cred = with_age(600);
    cred.allow_credentials = true;
    cred.dangerously_allow_insecure_origins_with_credentials = true;
    return {
        {"age600", "ten minutes", with_age(600)},
        {"age0", "no caching", with_age(0)},
        {"age1", "one second", with_age(1)},
        {"agedefault", "the browser's default of five seconds", with_age(std::nullopt)},
        {"agewild", "any method and header, ten minutes", wild},
        {"agestar", "any header but Authorization, ten minutes", star},
        {"ageterse", "only what was asked, ten minutes", terse},
        {"agecred", "credentials, ten minutes", cred},
        {"twopages",
         "two pages of one site, with credentials",
         {.allow_origins = {origin, "http://app.page.test:{plain}"},
          .allow_credentials = true,
          .dangerously_allow_insecure_origins_with_credentials = true}},
    };
}

// --- what is asked ------------------------------------------------------------------------------

struct request_row {
    const char* name;
    const char* about;
    fetch_options fetch{};
    const char* allowed_by = "";  ///< of request_policies()
};

using headers = corsac::testing::header_list;

const std::vector<request_row>& requests() {
    constexpr auto include = credentials_mode::include;
    constexpr auto omit = credentials_mode::omit;
    static const std::vector<request_row> rows = {
        {"get", "GET", {}, "YYYYYYYYYYY..Y"},
        {"head", "HEAD", {.method = "HEAD"}, "YYYYYYYYYYY..Y"},
        {"post",
         "POST of plain text",
         {.method = "POST", .body = text_body("a=1")},
         "YYYYYYYYYYY..Y"},
        {"form",
         "POST of a form",
         {.method = "POST", .body = {.kind = body_kind::url_search_params, .value = "a=1"}},
         "YYYYYYYYYYY..Y"},
        {"json",
         "POST of JSON",
         {.method = "POST",
          .headers = {{"Content-Type", "application/json"}},
          .body = text_body("{}")},
         ".YYY..Y......."},
        {"put", "PUT", {.method = "PUT", .body = text_body("a")}, ".YYY.YYYYYY..Y"},
        {"lowerdelete", "DELETE, written delete", {.method = "delete"}, ".YYY.YY.Y....."},
        {"patch", "PATCH", {.method = "PATCH", .body = text_body("a")}, ".YYY..Y......."},
        {"lowerpatch", "patch, which is another method", {.method = "patch"}, "..YYY.Y......."},
        {"egg", "a method of one's own", {.method = "EGG"}, "..YYY.Y......."},
        {"options", "OPTIONS from a script", {.method = "OPTIONS"}, "..YY..Y......."},
        {"xa", "GET with X-A", {.headers = {{"X-A", "1"}}}, ".YYYYYYYYYY..."},
        {"xaxb",
         "GET with X-A and X-B",
         {.headers = {{"X-B", "1"}, {"x-a", "1"}}},
         "..YY..Y.Y....."},
        {"custom", "GET with X-Custom-One", {.headers = {{"X-Custom-One", "1"}}}, "..YYY.Y......."},
        {"auth",
         "GET with Authorization",
         {.headers = {{"Authorization", "Bearer x"}}},
         "...Y.Y........"},
        {"putxa", "PUT with X-A", {.method = "PUT", .headers = {{"X-A", "1"}}}, ".YYY.YYYYYY..."},
        {"twice",
         "X-A appended twice",
         {.headers = {{"X-A", "1"}, {"X-A", "2"}}},
         ".YYYYYYYYYY..."},
        {"accept",
         "Accept with an unsafe byte",
         {.headers = {{"Accept", "text/(x)"}}},
         "..YY..Y......."},
        {"language",
         "a safelisted Accept-Language",
         {.headers = {{"Accept-Language", "de"}}},
         "YYYYYYYYYYY..Y"},
        {"range", "a safelisted Range", {.headers = {{"Range", "bytes=0-5"}}}, "YYYYYYYYYYY..Y"},
        {"suffixrange",
         "a Range that is not safelisted",
         {.headers = {{"Range", "bytes=-5"}}},
         "..YY..YY......"},
        {"forbidden",
         "a header that scripts may not set",
         {.headers = {{"Cookie", "a=b"}}},
         "YYYYYYYYYYY..Y"},
        {"include", "GET with credentials", {.credentials = include}, ".....YY......."},
        {"includexa",
         "PUT with X-A and credentials",
         {.method = "PUT", .headers = {{"X-A", "1"}}, .credentials = include},
         ".....YY......."},
        {"includeauth",
         "DELETE with Authorization and credentials",
         {.method = "DELETE", .headers = {{"Authorization", "Bearer x"}}, .credentials = include},
         ".....Y........"},
        {"omit",
         "PUT without any credentials",
         {.method = "PUT", .credentials = omit},
         ".YYY.YYYYYY..Y"},
    };
    return rows;
}

// --- cases --------------------------------------------------------------------------------------

class case_list {
public:
    explicit case_list(const world& w) : world_(w) {}

    [[nodiscard]] std::string url(std::string_view server, std::string_view policy_name,
                                  std::string_view test_case, std::string_view action) const {
        return expand(server, world_) + "/" + std::string{policy_name} + "/" +
               std::string{test_case} + "/" + std::string{action};
    }

    /// A case of one request.
    void add(std::string_view group, const page_row& page, std::string_view policy_name,
             std::string_view policy_about, const request_row& request, std::string_view server,
             std::string_view action) {
        test_case& c = begin(group, page, policy_name, request.name,
                             std::string{page.about} + "; " + std::string{policy_about} + "; " +
                                 request.about);
        fetch_options fetch = request.fetch;
        fetch.url = url(server, policy_name, c.name, action);
        c.steps.push_back({.fetch = fetch, .wait_ms = 0});
    }

    /// What the last case must come to, as a letter of a table.
    void expect(char letter) { cases_.back().verdict = letter == 'Y' ? "allowed" : "blocked"; }

    /// A case whose steps the caller adds.
    test_case& begin(std::string_view group, const page_row& page, std::string_view policy_name,
                     std::string_view last, std::string about) {
        test_case c;
        c.group = group;
        c.name = std::string{group} + "-" + page.name + "-" + std::string{policy_name} + "-" +
                 std::string{last};
        c.about = std::move(about);
        c.page = expand(page.origin, world_);
        c.context = page.context;
        c.policy = policy_name;
        cases_.push_back(std::move(c));
        return cases_.back();
    }

    [[nodiscard]] const world& ports() const { return world_; }
    [[nodiscard]] std::vector<test_case> take() { return std::move(cases_); }

private:
    const world& world_;
    std::vector<test_case> cases_;
};

/// Every page under every origin policy, with and without a preflight.
void add_origins(case_list& out) {
    const request_row get{"get", "GET", {}};
    const request_row remove{"delete", "DELETE", {.method = "DELETE"}};
    for (const page_row& page : pages) {
        const bool tls = std::string_view{page.origin}.starts_with("https");
        const char* letter = page.allowed_by;
        for (const policy_row& p : origin_policies()) {
            // Mixed content would be blocked before CORS is asked.
            out.add("origin", page, p.name, p.about, get,
                    tls ? "https://api.test:{tls}" : "http://api.test:{plain}", "ok");
            out.expect(*letter);
            out.add("origin", page, p.name, p.about, remove,
                    tls ? "https://api.test:{tls}" : "http://api.test:{beast}", "ok");
            out.expect(*letter++);
        }
    }
}

/// Every kind of request under every kind of policy. cpp-httplib knows the registered methods only.
void add_requests(case_list& out) {
    int turn = 0;
    std::size_t column = 0;
    for (const policy_row& p : request_policies()) {
        for (const request_row& r : requests()) {
            const std::string_view name = r.name;
            const bool beast = name == "egg" || name == "lowerpatch" || turn++ % 2 == 0;
            out.add("request", home, p.name, p.about, r,
                    beast ? "http://api.page.test:{beast}" : "http://api.page.test:{plain}", "ok");
            out.expect(r.allowed_by[column]);
        }
        ++column;
    }
}

/// What carries no credentials, what does, and what the page sees of it.
void add_credentials(case_list& out) {
    const page_row tls{"tls", "a page over TLS", "https://page.test:{tls}"};
    for (const char* policy_name : {"tls", "exact", "any"}) {
        for (const credentials_mode mode :
             {credentials_mode::omit, credentials_mode::same_origin, credentials_mode::include}) {
            const char* const names[] = {"omit", "sameorigin", "include"};
            const char* const name = names[static_cast<int>(mode)];
            const std::string simple = std::string{name} + "get";
            const std::string preflighted = std::string{name} + "delete";
            out.add("credentials", tls, policy_name, policy_name,
                    {simple.c_str(), name, {.credentials = mode}}, "https://api.page.test:{tls}",
                    "ok");
            out.add("credentials", tls, policy_name, policy_name,
                    {preflighted.c_str(), name, {.method = "DELETE", .credentials = mode}},
                    "https://api.page.test:{tls}", "ok");
        }
    }
}

void add_contexts(case_list& out) {
    for (const page_row& page : contexts) {
        for (const context_policy_row& p : context_policies()) {
            const request_row rows[] = {
                {"get", "GET", {}},
                {"put", "PUT", {.method = "PUT"}},
                {"include", "GET with credentials", {.credentials = credentials_mode::include}},
            };
            const bool opaque =
                page.name == std::string_view{"sandbox"} || page.name == std::string_view{"data"};
            const char* letter = opaque ? p.allows_opaque : p.allows_page;
            for (const request_row& r : rows) {
                out.add("context", page, p.name, p.about, r, "http://api.test:{beast}", "ok");
                out.expect(*letter++);
            }
            // Its own server is another origin to an opaque one.
            out.add("context", page, p.name, p.about, {"own", "GET from its own server", {}},
                    "http://page.test:{plain}", "ok");
            out.expect(*letter);
        }
    }
}

/// Every status, an exception, and a handler that writes CORS headers itself.
void add_statuses(case_list& out) {
    const page_row stranger{"stranger", "a page that is not listed",
                            "http://evilpage.test:{plain}"};
    for (const char* action : {"status/200", "status/201", "status/204", "status/206", "status/400",
                               "status/401", "status/403", "status/404", "status/405", "status/429",
                               "status/500", "status/503", "throws", "generous"}) {
        std::string name = action;
        for (char& c : name) c = c == '/' ? '-' : c;
        int turn = 0;
        for (const page_row& page : {home, stranger}) {
            for (const char* server : {"http://api.test:{plain}", "http://api.test:{beast}"}) {
                const std::string row = name + (turn++ % 2 == 0 ? "-httplib" : "-beast");
                out.add("status", page, "listed", action, {row.c_str(), "GET", {}}, server, action);
                out.expect(page.origin == std::string_view{home.origin} ? 'Y' : '.');
            }
        }
    }
}

void add_modes(case_list& out) {
    const char* const own = "http://page.test:{plain}";
    const char* const other = "http://api.page.test:{beast}";
    const auto no_cors = request_mode::no_cors;
    const auto same = request_mode::same_origin;
    const request_row rows[] = {
        {"nocorsget", "GET in mode no-cors", {.mode = no_cors}},
        {"nocorspost",
         "POST in mode no-cors",
         {.method = "POST", .mode = no_cors, .body = text_body("a")}},
        {"nocorsinclude",
         "GET in mode no-cors with credentials",
         {.credentials = credentials_mode::include, .mode = no_cors}},
        {"nocorsput", "PUT in mode no-cors", {.method = "PUT", .mode = no_cors}},
        {"sameget", "GET in mode same-origin", {.mode = same}},
        {"sameput", "PUT in mode same-origin", {.method = "PUT", .mode = same}},
        {"get", "GET", {}},
        {"post", "POST", {.method = "POST", .body = text_body("a")}},
        {"put", "PUT with X-Z", {.method = "PUT", .headers = {{"X-Z", "1"}}}},
        {"getbody", "GET with a body, which the API refuses", {.body = text_body("a")}},
        {"connect", "CONNECT, which the API refuses", {.method = "CONNECT"}},
        {"badheader", "a header name with a space", {.headers = {{"X A", "1"}}}},
    };
    for (const request_row& r : rows) {
        const std::string_view name = r.name;
        for (const char* policy_name : {"listed", "stranger", "reject"}) {
            const std::string to_own = std::string{name} + "-own";
            const std::string to_other = std::string{name} + "-other";
            out.add("mode", home, policy_name, policy_name, {to_own.c_str(), r.about, r.fetch}, own,
                    "ok");
            out.add("mode", home, policy_name, policy_name, {to_other.c_str(), r.about, r.fetch},
                    other, "ok");
        }
    }
}

// --- redirects ----------------------------------------------------------------------------------

struct hop {
    const char* server;
    const char* policy;
};

struct redirect_row {
    const char* name;
    const char* about;
    int status;
    fetch_options fetch;
    std::vector<hop> hops;
};

std::vector<redirect_row> redirects() {
    const char* const own = "http://page.test:{plain}";
    const char* const api = "http://api.test:{plain}";
    const char* const other = "http://other.test:{beast}";
    const fetch_options get;
    const fetch_options put{.method = "PUT"};
    const fetch_options post{.method = "POST", .body = text_body("a")};
    const fetch_options json{.method = "POST",
                             .headers = {{"Content-Type", "application/json"}},
                             .body = text_body("{}")};
    const fetch_options xa{.headers = {{"X-A", "1"}}};
    const fetch_options auth{.headers = {{"Authorization", "Bearer x"}}};
    const fetch_options include{.credentials = credentials_mode::include};
    const fetch_options no_cors{.mode = request_mode::no_cors};
    return {
        {"api-api", "within one server", 302, get, {{api, "listed"}, {api, "listed"}}},
        {"own-api",
         "from the page's server to another",
         302,
         get,
         {{own, "none"}, {api, "listed"}}},
        {"own-api-refused", "the same, refused", 302, get, {{own, "none"}, {api, "stranger"}}},
        {"own-api-put", "the same with PUT", 307, put, {{own, "none"}, {api, "listed"}}},
        {"own-api-put-303", "PUT becomes GET", 303, put, {{own, "none"}, {api, "listed"}}},
        {"api-refused",
         "the redirect itself is refused",
         302,
         get,
         {{api, "stranger"}, {api, "listed"}}},
        {"api-rejected",
         "the redirect itself is rejected",
         302,
         get,
         {{api, "reject"}, {api, "listed"}}},
        {"api-other",
         "to a third server: the origin becomes null",
         302,
         get,
         {{api, "listed"}, {other, "listed"}}},
        {"api-other-null",
         "the same, null allowed",
         302,
         get,
         {{api, "listed"}, {other, "nullonly"}}},
        {"api-other-any",
         "the same, everybody allowed",
         302,
         get,
         {{api, "listed"}, {other, "open"}}},
        {"api-own", "back to the page's own server", 302, get, {{api, "listed"}, {own, "none"}}},
        {"api-own-null", "the same, null allowed", 302, get, {{api, "listed"}, {own, "nullonly"}}},
        {"api-own-any", "the same, everybody allowed", 302, get, {{api, "listed"}, {own, "open"}}},
        {"own-api-own",
         "there and back",
         302,
         get,
         {{own, "none"}, {api, "listed"}, {own, "nullonly"}}},
        {"put-307", "PUT within one server", 307, put, {{api, "listed"}, {api, "listed"}}},
        {"put-308",
         "PUT within one server, for good",
         308,
         put,
         {{api, "listed"}, {api, "listed"}}},
        {"put-303", "PUT becomes GET", 303, put, {{api, "listed"}, {api, "listed"}}},
        {"put-other", "PUT to a third server", 307, put, {{api, "listed"}, {other, "listed"}}},
        {"put-other-null",
         "PUT to a third server, null allowed",
         307,
         put,
         {{api, "listed"}, {other, "nullonly"}}},
        {"put-other-any",
         "PUT to a third server, everybody allowed",
         307,
         put,
         {{api, "listed"}, {other, "open"}}},
        {"put-refused",
         "PUT, the first preflight refused",
         307,
         put,
         {{api, "bare"}, {api, "listed"}}},
        {"put-second-refused",
         "PUT, the second preflight refused",
         307,
         put,
         {{api, "listed"}, {api, "bare"}}},
        {"post-302", "POST becomes GET", 302, post, {{api, "listed"}, {api, "listed"}}},
        {"post-307", "POST stays POST", 307, post, {{api, "listed"}, {api, "listed"}}},
        {"json-302", "POST of JSON becomes GET", 302, json, {{api, "listed"}, {api, "listed"}}},
        {"json-307", "POST of JSON stays", 307, json, {{api, "listed"}, {api, "listed"}}},
        {"xa", "a header goes along", 302, xa, {{api, "listed"}, {api, "listed"}}},
        {"xa-refused",
         "a header goes along and is refused",
         302,
         xa,
         {{api, "listed"}, {api, "bare"}}},
        {"auth", "Authorization goes along", 302, auth, {{api, "auth"}, {api, "auth"}}},
        {"auth-other",
         "Authorization is dropped on the way to a third server",
         302,
         auth,
         {{api, "auth"}, {other, "open"}}},
        {"include", "with credentials", 302, include, {{api, "cred"}, {api, "cred"}}},
        {"include-refused",
         "with credentials, the second without",
         302,
         include,
         {{api, "cred"}, {api, "listed"}}},
        {"include-other",
         "with credentials to a third server",
         302,
         include,
         {{api, "cred"}, {other, "nullcred"}}},
        {"nocors", "in mode no-cors", 302, no_cors, {{api, "stranger"}, {other, "stranger"}}},
    };
}

void add_redirects(case_list& out) {
    for (const redirect_row& row : redirects()) {
        test_case& c = out.begin("redirect", home, row.hops.front().policy, row.name, row.about);
        std::string url = out.url(row.hops.back().server, row.hops.back().policy, c.name, "ok");
        for (std::size_t i = row.hops.size() - 1; i-- > 0;) {
            const std::string action = "redirect/" + std::to_string(row.status) + "?";
            url = out.url(row.hops[i].server, row.hops[i].policy, c.name,
                          action + percent_encode(url));
        }
        fetch_options fetch = row.fetch;
        fetch.url = url;
        c.steps.push_back({.fetch = fetch, .wait_ms = 0});
    }
    struct target_row {
        const char* name;
        const char* about;
        const char* location;
        redirect_mode mode = redirect_mode::follow;
    };
    const target_row targets[] = {
        {"userinfo", "a target with a user name", "http://u:p@api.test:{plain}/listed/x/ok"},
        {"data", "a target that is no http", "data:text/plain,x"},
        {"error", "redirect mode error", "http://api.test:{plain}/listed/x/ok",
         redirect_mode::error},
        {"manual", "redirect mode manual", "http://api.test:{plain}/listed/x/ok",
         redirect_mode::manual},
    };
    for (const target_row& t : targets) {
        test_case& c = out.begin("redirect", home, "listed", t.name, t.about);
        std::string location = expand(t.location, out.ports());
        if (const std::size_t at = location.find("/x/"); at != std::string::npos) {
            location.replace(at, 3, "/" + c.name + "/");
        }
        fetch_options fetch;
        fetch.redirect = t.mode;
        fetch.url = out.url("http://api.test:{plain}", "listed", c.name,
                            "redirect/302?" + percent_encode(location));
        c.steps.push_back({.fetch = fetch, .wait_ms = 0});
    }
}

// --- preflight caching --------------------------------------------------------------------------

struct sequence_row {
    const char* name;
    const char* about;
    const char* policy;
    std::vector<test_step> steps;
    int preflights = -1;  ///< that the standard and both browsers make
    const char* server = "http://api.page.test:{plain}";
};

std::vector<sequence_row> sequences() {
    const fetch_options put{.method = "PUT"};
    const fetch_options remove{.method = "DELETE"};
    const fetch_options xa{.headers = {{"X-A", "1"}}};
    const fetch_options xb{.headers = {{"X-B", "1"}}};
    const fetch_options both{.headers = {{"X-A", "1"}, {"X-B", "1"}}};
    const fetch_options refused{.headers = {{"X-Z", "1"}}};
    const fetch_options auth{.headers = {{"Authorization", "Bearer x"}}};
    const fetch_options called_star{.headers = {{"*", "1"}}};
    const fetch_options no_store{.method = "PUT", .cache = cache_mode::no_store};
    const fetch_options include{.method = "PUT", .credentials = credentials_mode::include};
    const fetch_options get;
    const auto at_once = [](std::initializer_list<fetch_options> fetches) {
        std::vector<test_step> steps;
        for (const fetch_options& f : fetches) steps.push_back({.fetch = f, .wait_ms = 0});
        return steps;
    };
    return {
        {"again", "the same request again", "age600", at_once({put, put, put}), 1},
        {"again-beast", "the same request again", "age600", at_once({put, put, put}), 1,
         "http://api.page.test:{beast}"},
        {"never", "a max-age of 0", "age0", at_once({put, put, put}), 3},
        {"short", "after a second and a half", "age1", {{put, 0}, {put, 0}, {put, 1500}, {put, 0}}},
        {"default",
         "the default of five seconds",
         "agedefault",
         {{put, 0}, {put, 500}, {put, 5500}}},
        {"method", "another listed method", "age600", at_once({put, remove, put, remove}), 1},
        {"header", "another listed header", "age600", at_once({xa, xb, xa, xb}), 1},
        {"headers", "both headers after one", "age600", at_once({xa, both, xb}), 1},
        {"headers-first", "one header after both", "age600", at_once({both, xa, xb})},
        {"simple", "requests without a preflight between", "age600", at_once({get, put, get, put})},
        {"refused", "a refused header between", "age600", at_once({xa, refused, xa})},
        {"wild-method", "another method where any is allowed", "agewild",
         at_once({put, remove, put})},
        {"wild-header", "another header where any is allowed", "agewild", at_once({xa, xb, xa})},
        {"wild-auth", "Authorization where it is named", "agewild", at_once({xa, auth, auth})},
        {"wild-star", "Authorization after a header that is called *", "agestar",
         at_once({called_star, auth, xa, auth})},
        {"terse-method", "another method, not disclosed before", "ageterse",
         at_once({put, remove, put})},
        {"terse-header", "another header, not disclosed before", "ageterse", at_once({xa, xb, xa})},
        {"no-store", "cache mode no-store", "age600", at_once({put, no_store, put})},
        {"include-after", "credentials after none", "agecred", at_once({put, include, include})},
        {"include-before", "none after credentials", "agecred", at_once({include, put, include})},
    };
}

void add_sequences(case_list& out) {
    for (const sequence_row& row : sequences()) {
        test_case& c = out.begin("cache", home, row.policy, row.name, row.about);
        c.preflights = row.preflights;
        for (test_step step : row.steps) {
            step.fetch.url = out.url(row.server, row.policy, c.name, "ok");
            c.steps.push_back(step);
        }
    }
}

// --- HTTP caching -------------------------------------------------------------------------------

/// Two pages of one site share a cache, so an answer for one must not be taken for the other.
void add_http_caching(case_list& out) {
    const char* const other = "http://app.page.test:{plain}";
    const fetch_options cors;
    const fetch_options no_cors{.mode = request_mode::no_cors};
    const fetch_options include{.credentials = credentials_mode::include};
    struct row {
        const char* name;
        const char* about;
        std::vector<std::pair<const char*, fetch_options>> steps;
    };
    const row rows[] = {
        {"two-pages", "one page after the other", {{"", cors}, {other, cors}, {"", cors}}},
        {"no-cors-first",
         "after a request without CORS",
         {{"", no_cors}, {"", cors}, {other, cors}}},
        {"include-last", "credentials after none", {{"", cors}, {other, include}, {"", include}}},
    };
    for (const row& r : rows) {
        for (const char* server :
             {"http://api.page.test:{plain}", "http://api.page.test:{beast}"}) {
            const std::string name =
                std::string{r.name} +
                (std::string_view{server}.ends_with("{beast}") ? "-beast" : "");
            test_case& c = out.begin("httpcache", home, "twopages", name, r.about);
            c.verdict = "allowed";
            for (const auto& [page, fetch] : r.steps) {
                test_step step{.fetch = fetch, .wait_ms = 0, .page = expand(page, out.ports())};
                step.fetch.url = out.url(server, "twopages", c.name, "cacheable");
                c.steps.push_back(step);
            }
        }
    }
}

// --- WebSocket ----------------------------------------------------------------------------------

void add_websockets(case_list& out) {
    for (const page_row& page : pages) {
        // A page over TLS may not open a WebSocket without it.
        if (std::string_view{page.origin}.starts_with("https")) continue;
        for (const char* policy_name : {"exact", "subdomains", "loopback", "any", "null"}) {
            test_case& c = out.begin("websocket", page, policy_name, "upgrade",
                                     std::string{page.about} + "; " + policy_name);
            c.websocket = true;
            fetch_options fetch;
            fetch.url = out.url("ws://api.test:{beast}", policy_name, c.name, "socket");
            c.steps.push_back({.fetch = fetch, .wait_ms = 0});
        }
    }
}

// --- what the console says, see `evaluate_for_debugging` ---------------------------------------

struct console_row {
    request_row request;
    const char* policy;
    page_row page;
    const char* says;  ///< in Chromium, or in Firefox
};

std::vector<console_row> console_rows() {
    const page_row stranger{"suffix", "a page that is not listed", "http://evilpage.test:{plain}"};
    const char* const any_method =
        "|Did not find method in CORS header .Access-Control-Allow-Methods";
    static const std::string put =
        std::string{"Method PUT is not allowed by Access-Control-Allow-Methods"} + any_method;
    static const std::string patch =
        std::string{"Method patch is not allowed by Access-Control-Allow-Methods"} + any_method;
    return {
        {{"method", "a method that is not listed", {.method = "PUT"}}, "exact", home, put.c_str()},
        {{"patch", "patch in lower case", {.method = "patch"}}, "listed", home, patch.c_str()},
        {{"json",
          "a forgotten Content-Type",
          {.method = "POST",
           .headers = {{"Content-Type", "application/json"}},
           .body = text_body("{}")}},
         "exact",
         home,
         "field content-type is not allowed by Access-Control-Allow-Headers"
         "|header .content-type. is not allowed according to header"},
        {{"stranger", "learns nothing", {.method = "PUT"}},
         "exact",
         stranger,
         "No 'Access-Control-Allow-Origin' header"
         "|header .Access-Control-Allow-Origin. missing"},
    };
}

void add_console(case_list& out) {
    for (const console_row& r : console_rows()) {
        test_case& c = out.begin("console", r.page, r.policy, r.request.name,
                                 std::string{r.page.about} + "; " + r.request.about);
        c.verdict = "blocked";
        c.preflights = 1;
        c.console = r.says;
        fetch_options fetch = r.request.fetch;
        fetch.url = out.url("http://api.page.test:{debugging}", r.policy, c.name, "ok");
        c.steps.push_back({.fetch = fetch, .wait_ms = 0});
    }
}

// --- the demo -----------------------------------------------------------------------------------

struct demo_row {
    const char* name;
    const char* about;
    const char* page;
    const char* context;
    fetch_options fetch;
    const char* path;
    const char* variant_a;  ///< the verdict that examples/demo promises
    const char* variant_b;
};

std::vector<demo_row> demo_rows() {
    const char* const friendly = "https://example.com";
    const char* const stranger = "https://notallowed.com";
    const char* const yes = "allowed";
    const char* const no = "blocked";
    const fetch_options get;
    const fetch_options include{.credentials = credentials_mode::include};
    const fetch_options post{.method = "POST", .body = text_body("a")};
    const fetch_options json{.method = "POST",
                             .headers = {{"Content-Type", "application/json"}},
                             .body = text_body("{}")};
    const fetch_options auth{.headers = {{"Authorization", "Bearer x"}}};
    const char* const generous = "/response-headers?Access-Control-Allow-Origin=*&X-Backend=here";
    const char* const exposes = "/response-headers?X-HTTPRoute-Header=1&X-TrafficPolicy-Header=2";
    return {
        {"get", "GET", friendly, "page", get, "/get", yes, yes},
        {"include", "GET with credentials", friendly, "page", include, "/get", yes, yes},
        {"post", "POST of plain text", friendly, "page", post, "/post", yes, yes},
        {"json", "POST of JSON", friendly, "page", json, "/post", no, yes},
        {"auth", "GET with Authorization", friendly, "page", auth, "/headers", no, yes},
        {"put", "PUT", friendly, "page", {.method = "PUT"}, "/get", no, no},
        {"options",
         "OPTIONS from a script",
         friendly,
         "page",
         {.method = "OPTIONS"},
         "/get",
         yes,
         yes},
        {"exposed", "which headers the page sees", friendly, "page", get, exposes, yes, yes},
        {"404", "a missing page", friendly, "page", get, "/no-such-page", yes, yes},
        {"500", "an error", friendly, "page", get, "/status/500", yes, yes},
        {"generous", "a handler with headers of its own", friendly, "page", get, generous, yes,
         yes},
        {"stranger", "GET from elsewhere", stranger, "page", get, "/get", no, no},
        {"stranger-include", "with credentials from elsewhere", stranger, "page", include, "/get",
         no, no},
        {"stranger-json", "POST of JSON from elsewhere", stranger, "page", json, "/post", no, no},
        {"stranger-generous", "a handler with headers of its own, from elsewhere", stranger, "page",
         get, generous, no, no},
        {"stranger-500", "an error, from elsewhere", stranger, "page", get, "/status/500", no, no},
        {"www", "GET from a subdomain", "https://www.example.com", "page", get, "/get", no, no},
        {"port", "GET from another port", "https://example.com:8443", "page", get, "/get", no, no},
        {"sandbox", "GET from a sandboxed frame", friendly, "sandbox", get, "/get", no, no},
    };
}

void add_demo(case_list& out) {
    for (const bool b : {false, true}) {
        const char* const server = b ? "http://127.0.0.1:{demo_b}" : "http://127.0.0.1:{demo_a}";
        for (const demo_row& row : demo_rows()) {
            const page_row page{b ? "b" : "a", row.about, row.page, row.context};
            test_case& c = out.begin("demo", page, "demo", row.name,
                                     std::string{b ? "variant B; " : "variant A; "} + row.about);
            c.verdict = b ? row.variant_b : row.variant_a;
            fetch_options fetch = row.fetch;
            fetch.url = expand(server, out.ports()) + row.path;
            c.steps.push_back({.fetch = fetch, .wait_ms = 0});
        }
    }
}

}  // namespace

std::vector<named_policy> make_policies(const world& w) {
    std::vector<named_policy> out;
    const auto add = [&out, &w](const auto& rows) {
        for (const policy_row& row : rows) {
            named_policy p{row.name, row.about, row.options, row.exposes};
            p.options.allow_origins = {};
            for (const std::string_view origin : row.options.allow_origins) {
                p.options.allow_origins.push_back(expand(origin, w));
            }
            out.push_back(std::move(p));
        }
    };
    add(origin_policies());
    add(request_policies());
    add(context_policies());
    add(cache_policies());
    return out;
}

std::vector<test_case> make_cases(const world& w) {
    case_list out{w};
    add_origins(out);
    add_requests(out);
    add_credentials(out);
    add_contexts(out);
    add_statuses(out);
    add_modes(out);
    add_redirects(out);
    add_sequences(out);
    add_http_caching(out);
    add_websockets(out);
    add_console(out);
    add_demo(out);
    return out.take();
}
