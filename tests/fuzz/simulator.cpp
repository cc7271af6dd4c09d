// SPDX-License-Identifier: MIT
#include "require.hpp"

#include "decision/oracle.hpp"

#include <corsac/testing/browser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The input is a script's request, letter by letter, and what a server answers to the preflight and
// to the request itself. The verdict of the simulated browser is that of a naive reading of the
// Fetch standard, also when it asks again, and what must not be sent never is.
//   one line    method, then letters: i include, o omit, u upload listener, and headers
//   p or a      in front: of the preflight or of the actual answer; then `status`, or a letter for
//   a
//               header's name and its value

namespace {

using fuzz::require;
using oracle::strings;
namespace sim = corsac::testing;

constexpr const char* page = "https://app.example";

/// What scripts may set in this test. All of these but the first two need permission.
/// Spec: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
struct script_header {
    char letter;
    const char* name;
    const char* value;
};
constexpr script_header script_headers[] = {
    {'A', "Accept", "text/html"},
    {'L', "Content-Language", "en"},
    {'J', "Content-Type", "text/x"},
    {'X', "X-A", "1"},
    {'Y', "x-b", ""},
    {'Z', "Authorization", "Bearer x"},
};
constexpr script_header response_headers[] = {
    {'o', "Access-Control-Allow-Origin", ""},
    {'c', "Access-Control-Allow-Credentials", ""},
    {'m', "Access-Control-Allow-Methods", ""},
    {'h', "access-control-allow-HEADERS", ""},
    {'g', "Access-Control-Max-Age", ""},
    {'e', "Access-Control-Expose-Headers", ""},
    {'v', "Vary", ""},
    {'k', "Cache-Control", ""},
    {'x', "X-A", ""},
    {'t', "ETag", ""},
};

/// "Get a header": Spec: https://fetch.spec.whatwg.org/#concept-header-list-get
std::optional<std::string> get(const sim::header_list& lines, const std::string& name) {
    std::optional<std::string> joined;
    for (const sim::header& line : lines) {
        if (oracle::lower(line.name) != name) continue;
        joined = (joined ? *joined + ", " : "") + oracle::trim(line.value);
    }
    return joined;
}

/// Spec: https://fetch.spec.whatwg.org/#extract-header-list-values
/// @return  False on failure.
bool extract(const sim::header_list& lines, const std::string& name, strings& values) {
    for (const sim::header& line : lines) {
        if (oracle::lower(line.name) != name) continue;
        for (const std::string& element : oracle::split(line.value, ',')) {
            const std::string token = oracle::trim(element);
            if (token.empty()) continue;
            if (!oracle::is_token(token)) return false;
            values.push_back(token);
        }
    }
    return true;
}

/// Spec: https://fetch.spec.whatwg.org/#cors-check
bool cors_check(const sim::response& answer, bool include) {
    const auto origin = get(answer.headers, "access-control-allow-origin");
    if (!origin) return false;
    if (!include && *origin == "*") return true;
    if (*origin != page) return false;
    return !include || get(answer.headers, "access-control-allow-credentials") == "true";
}

/// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
bool passes_preflight(const sim::response& answer, const std::string& method, const strings& names,
                      bool include, bool upload_listener) {
    strings methods, headers;
    if (!cors_check(answer, include) || answer.status < 200 || answer.status > 299) return false;
    if (!extract(answer.headers, "access-control-allow-methods", methods) ||
        !extract(answer.headers, "access-control-allow-headers", headers)) {
        return false;
    }
    if (!get(answer.headers, "access-control-allow-methods") && upload_listener) methods = {method};
    const bool any_method = !include && oracle::contains(methods, "*");
    const bool simple = method == "GET" || method == "HEAD" || method == "POST";
    if (!oracle::contains(methods, method) && !simple && !any_method) return false;
    for (std::string& header : headers) header = oracle::lower(header);
    const bool any_header = !include && oracle::contains(headers, "*");
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return oracle::contains(headers, name) || (any_header && name != "authorization");
    });
}

sim::response answer_of(std::string_view lines, char which) {
    sim::response answer;
    while (!lines.empty()) {
        const std::string_view line = fuzz::next_line(lines);
        if (line.size() < 2 || line[0] != which) continue;
        if (line[1] >= '0' && line[1] <= '9') {
            // No redirects, and no answers without a body that is one.
            answer.status = 200 + (line[1] - '0') * 12 + static_cast<int>(line.size()) % 12;
            if (answer.status >= 300) answer.status += 100;
        }
        for (const script_header& known : response_headers) {
            if (known.letter != line[1]) continue;
            std::string value(line.substr(2));
            std::erase_if(value, [](char c) { return c == '\r' || c == '\0'; });
            answer.headers.push_back({known.name, value});
        }
    }
    return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::view_of(data, size);
    std::string_view first = fuzz::next_line(rest);
    sim::fetch_options asked{.url = "https://api.example/x"};
    asked.method = std::string(fuzz::next_line(first, ' '));
    const auto has = [&](char letter) { return first.find(letter) != first.npos; };
    asked.credentials = has('i')   ? sim::credentials_mode::include
                        : has('o') ? sim::credentials_mode::omit
                                   : sim::credentials_mode::same_origin;
    asked.upload_listener = has('u');
    strings names;
    for (const script_header& header : script_headers) {
        if (!has(header.letter)) continue;
        asked.headers.push_back({header.name, header.value});
        const bool safe = header.letter == 'A' || header.letter == 'L';
        if (!safe) names.push_back(oracle::lower(header.name));
    }
    // Spec: https://fetch.spec.whatwg.org/#concept-method-normalize, #forbidden-method
    std::string method = asked.method;
    for (char& c : method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    const strings normalized{"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"};
    const bool forbidden = oracle::contains({"CONNECT", "TRACE", "TRACK"}, method);
    const bool wrong = !oracle::is_token(method) || forbidden;
    if (!oracle::contains(normalized, method)) method = asked.method;

    const sim::response preflight = answer_of(rest, 'p'), actual = answer_of(rest, 'a');
    const bool include = has('i');
    const bool simple = method == "GET" || method == "HEAD" || method == "POST";
    const bool asks_first = !simple || !names.empty() || has('u');
    const bool granted =
        !asks_first || passes_preflight(preflight, method, names, include, has('u'));

    sim::browser browser(page);
    std::size_t sent = 0;
    const auto server = [&](const sim::request& r) {
        const bool first_asks = r.first("access-control-request-method").has_value();
        require(first_asks == (r.method == "OPTIONS" && r.first("origin") && first_asks),
                "OPTIONS");
        require(r.first("origin") == page, "the page's origin");
        require(r.credentials == (!first_asks && include), "credentials only where they are due");
        if (!first_asks) ++sent;
        return first_asks ? preflight : actual;
    };
    for (int time = 0; time < 2; ++time) {
        sent = 0;
        const sim::answer got = browser.fetch(asked, server);
        for (const std::string& line : got.console) require(!line.empty(), "something to say");
        require(got.allowed() == got.sentence().starts_with("allowed"), "a sentence");
        if (wrong) {
            require(got.verdict == sim::verdict::throws && sent == 0, "no such method");
            continue;
        }
        require(granted || sent == 0, "what is not granted is not sent");
        require(got.allowed() == (granted && cors_check(actual, include)), "the verdict");
        strings exposed{"cache-control", "content-language", "content-length", "content-type",
                        "expires",       "last-modified",    "pragma"};
        strings more;
        if (extract(actual.headers, "access-control-expose-headers", more)) {
            for (const std::string& name : more) exposed.push_back(oracle::lower(name));
        }
        const bool all = !include && oracle::contains(exposed, "*");
        for (const std::string& name : got.exposed()) {
            require(all || oracle::contains(exposed, name), "only what is exposed can be read");
        }
        for (const sim::header& line : got.allowed() ? actual.headers : sim::header_list{}) {
            const std::string name = oracle::lower(line.name);
            if (all || oracle::contains(exposed, name)) require(got.exposes(name), "all of it can");
        }
    }
    return 0;
}
