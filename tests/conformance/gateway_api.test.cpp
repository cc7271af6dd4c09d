// SPDX-License-Identifier: MIT
#include <corsac/adapters/httplib.hpp>
#include <corsac/corsac.hpp>

#include <doctest/doctest.h>
#include <httplib.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// The 17 cases of HTTPRouteCORS, from kubernetes-sigs/gateway-api,
// conformance/tests/httproute-cors.go: the same policies and requests, the same answers accepted.
// Each policy has a server of its own.

namespace {

corsac::policy_options policy_1() {
    return {.allow_origins = {"https://www.foo.com", "https://*.bar.com"},
            .allow_methods = {"GET", "OPTIONS"},
            .allow_headers = {"x-header-1", "x-header-2"},
            .expose_headers = {"x-header-3", "x-header-4"},
            .allow_credentials = true,
            .max_age = 3600};
}
corsac::policy_options policy_2() {
    return {.allow_origins = {"https://www.foo.com"}, .allow_methods = {"*"}, .max_age = 5};
}
corsac::policy_options policy_3() {
    return {.allow_origins = {"*"}, .allow_methods = {"PUT"}, .max_age = 5};
}
corsac::policy_options policy_4() {
    // The Gateway API allows this combination; corsac wants it said.
    return {.allow_origins = {"*"},
            .allow_methods = {"*"},
            .allow_headers = {"*"},
            .allow_credentials = true,
            .max_age = 5,
            .dangerously_allow_any_origin_with_credentials = true};
}
corsac::policy_options policy_5() {
    return {.allow_origins = {"*"}, .allow_methods = {"*"}, .allow_headers = {"*"}, .max_age = 5};
}

/// A server on a loopback port for as long as it lives.
class server {
public:
    explicit server(const corsac::policy_options& options)
        : policy_(*corsac::make_policy(options)) {
        server_.Get("/", reached).Put("/", reached).Options("/", reached);
        corsac::httplib_install(server_, policy_);
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread{[this] { server_.listen_after_bind(); }};
        while (!server_.is_running()) std::this_thread::yield();
    }
    ~server() {
        server_.stop();
        thread_.join();
    }
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    httplib::Response send(const std::string& method, const httplib::Headers& headers) const {
        httplib::Client client{"127.0.0.1", port_};
        httplib::Request request;
        request.method = method;
        request.path = "/";
        request.headers = headers;
        httplib::Result result = client.send(request);
        REQUIRE(result);
        return *result;
    }

private:
    static void reached(const httplib::Request&, httplib::Response& response) {
        response.set_content("reached", "text/plain");
    }

    corsac::policy policy_;
    httplib::Server server_;
    std::thread thread_;
    int port_ = 0;
};

/// The elements of a list in any order, without white space and case.
std::vector<std::string> elements(std::string_view list) {
    std::vector<std::string> found;
    while (corsac::detail::has_elements(list)) {
        std::string element{corsac::detail::next_element(list)};
        for (char& c : element) c = corsac::detail::to_lower(c);
        found.push_back(std::move(element));
    }
    std::sort(found.begin(), found.end());
    return found;
}

constexpr const char* absent = "absent";

struct expected_field {
    const char* name;
    std::vector<const char*> accepted;  ///< one of these, as a list
};

struct row {
    int number;  ///< of the suite
    corsac::policy_options (*options)();
    std::string method;
    httplib::Headers request;
    std::vector<int> statuses;
    std::vector<expected_field> fields;
};

const std::vector<int> granted = {200, 204};
const std::vector<int> denied = {200, 204, 403};

httplib::Headers preflight(const char* origin, const char* method, const char* headers = nullptr) {
    httplib::Headers request{{"Origin", origin}, {"Access-Control-Request-Method", method}};
    if (headers != nullptr) request.emplace("Access-Control-Request-Headers", headers);
    return request;
}

std::vector<expected_field> all_of_policy_1(const char* origin) {
    return {{"Access-Control-Allow-Origin", {origin}},
            {"Access-Control-Allow-Methods", {"GET, OPTIONS"}},
            {"Access-Control-Allow-Headers", {"x-header-1, x-header-2"}},
            {"Access-Control-Expose-Headers", {"x-header-3, x-header-4"}},
            {"Access-Control-Max-Age", {"3600"}},
            {"Access-Control-Allow-Credentials", {"true"}}};
}

const expected_field no_origin{"Access-Control-Allow-Origin", {absent}};
const expected_field no_credentials{"Access-Control-Allow-Credentials", {absent}};
const expected_field credentials{"Access-Control-Allow-Credentials", {"true"}};

expected_field origin_is(std::vector<const char*> accepted) {
    return {"Access-Control-Allow-Origin", std::move(accepted)};
}

const char* const both_headers = "x-header-1, x-header-2";

const row rows[] = {
    {1, policy_1, "OPTIONS", preflight("https://www.foo.com", "GET", both_headers), granted,
     all_of_policy_1("https://www.foo.com")},
    {2, policy_1, "OPTIONS", preflight("https://www.bar.com", "GET", both_headers), granted,
     all_of_policy_1("https://www.bar.com")},
    {3, policy_1, "OPTIONS", preflight("https://xpto.www.bar.com", "GET", both_headers), granted,
     all_of_policy_1("https://xpto.www.bar.com")},
    {4, policy_1, "OPTIONS", preflight("https://foobar.com", "GET"), denied, {no_origin}},
    {5,
     policy_1,
     "GET",
     preflight("https://www.foo.com", "GET", both_headers),
     {200},
     {origin_is({"https://www.foo.com"})}},
    {6,
     policy_1,
     "GET",
     preflight("https://www.bar.com", "GET", both_headers),
     {200},
     {origin_is({"https://www.bar.com"})}},
    {7, policy_1, "GET", preflight("https://foobar.com", "GET", both_headers), {200}, {no_origin}},
    {8,
     policy_2,
     "OPTIONS",
     preflight("https://www.foo.com", "POST"),
     granted,
     {origin_is({"https://www.foo.com"}),
      {"Access-Control-Allow-Methods", {"POST", "*"}},
      no_credentials}},
    {9, policy_2, "OPTIONS", preflight("https://www.foo.com", "POST"), granted, {no_credentials}},
    {10,
     policy_3,
     "OPTIONS",
     preflight("https://foobar.com", "PUT"),
     granted,
     {origin_is({"https://foobar.com", "*"}),
      {"Access-Control-Allow-Methods", {"PUT"}},
      no_credentials}},
    {11,
     policy_3,
     "OPTIONS",
     preflight("https://foobar.com:12345", "PUT"),
     granted,
     {origin_is({"https://foobar.com:12345", "*"}),
      {"Access-Control-Allow-Methods", {"PUT"}},
      no_credentials}},
    {12,
     policy_3,
     "PUT",
     {{"Origin", "https://foobar.com:12345"}},
     {200},
     {origin_is({"https://foobar.com:12345", "*"})}},
    {13,
     policy_3,
     "PUT",
     {{"Origin", "https://foobar.com"}},
     {200},
     {origin_is({"https://foobar.com", "*"}), no_credentials}},
    {14,
     policy_4,
     "OPTIONS",
     preflight("https://other.foo.com", "PUT", both_headers),
     granted,
     {origin_is({"https://other.foo.com"}),
      {"Access-Control-Allow-Methods", {"PUT"}},
      {"Access-Control-Allow-Headers", {both_headers}},
      credentials}},
    {15,
     policy_5,
     "OPTIONS",
     preflight("https://other.foo.com", "PUT", both_headers),
     granted,
     {origin_is({"https://other.foo.com", "*"}),
      {"Access-Control-Allow-Methods", {"PUT", "*"}},
      {"Access-Control-Allow-Headers", {both_headers, "*"}},
      no_credentials}},
    {16,
     policy_4,
     "GET",
     {{"Origin", "https://other.foo.com"}},
     {200},
     {origin_is({"https://other.foo.com"}), credentials}},
    {17,
     policy_5,
     "GET",
     {{"Origin", "https://other.foo.com"}},
     {200},
     {origin_is({"https://other.foo.com", "*"}), no_credentials}},
};

TEST_CASE("the Gateway API's conformance cases hold over HTTP") {
    for (const row& r : rows) {
        CAPTURE(r.number);
        const server s{r.options()};
        const httplib::Response response = s.send(r.method, r.request);
        CHECK(std::count(r.statuses.begin(), r.statuses.end(), response.status) == 1);
        const bool is_preflight = r.method == "OPTIONS";
        CHECK(response.body == (is_preflight ? "" : "reached"));
        for (const expected_field& field : r.fields) {
            CAPTURE(field.name);
            const std::size_t lines = response.get_header_value_count(field.name);
            if (field.accepted.front() == absent) {
                CHECK(lines == 0);
                continue;
            }
            REQUIRE(lines == 1);
            const auto written = elements(response.get_header_value(field.name));
            CHECK(std::any_of(field.accepted.begin(), field.accepted.end(),
                              [&](const char* accepted) { return elements(accepted) == written; }));
        }
    }
    CHECK(std::size(rows) == 17);
}

}  // namespace
