// SPDX-License-Identifier: MIT
#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "interop/conformance_cases.hpp"

namespace {

/// Elements in a fixed order, since the suite takes lists in any order.
std::string sorted(std::string_view list) {
    std::vector<std::string> items;
    while (!list.empty()) items.emplace_back(corsac::detail::next_element(list));
    std::sort(items.begin(), items.end());
    std::string joined;
    for (const std::string& item : items) joined += item + ',';
    return joined;
}

bool is_one_of(std::string_view alternatives, const std::string& value) {
    while (true) {
        const std::size_t bar = alternatives.find('|');
        if (sorted(alternatives.substr(0, bar)) == sorted(value)) return true;
        if (bar == alternatives.npos) return false;
        alternatives.remove_prefix(bar + 1);
    }
}

}  // namespace

TEST_CASE("the Gateway API's conformance suite HTTPRouteCORS, on its own manifest") {
    const manifests::loaded loaded = manifests::load(manifests::read_file("conformance.yaml"));
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    int number = 0;
    for (const conformance::row& row : conformance::rows) {
        ++number;
        CAPTURE(number);
        manifests::request request{.path = std::string(row.path),
                                   .origin = std::string(row.origin)};
        request.requested_method = row.requested_method;
        request.requested_headers = row.requested_headers;
        request.method = row.method;
        const manifests::answer got = manifests::ask(*loaded.import.table, request);
        if (row.preflight_allowed) CHECK((got.status == 200 || got.status == 204));
        if (!row.preflight_allowed && row.method == "OPTIONS") CHECK(got.status == 403);
        if (row.method != "OPTIONS") CHECK(got.status == 0);
        CHECK(is_one_of(row.allow_origin, got["allow-origin"]));
        if (!row.allow_credentials.empty()) {
            CHECK(got["allow-credentials"] == row.allow_credentials);
        }
        if (!row.allow_methods.empty()) CHECK(is_one_of(row.allow_methods, got["allow-methods"]));
        if (!row.allow_headers.empty()) CHECK(is_one_of(row.allow_headers, got["allow-headers"]));
        if (!row.expose_headers.empty()) {
            CHECK(is_one_of(row.expose_headers, got["expose-headers"]));
        }
        if (!row.max_age.empty()) CHECK(got["max-age"] == row.max_age);
    }
    CHECK(number == 17);
}

TEST_CASE("what the suite leaves out: nothing that is refused tells anything") {
    const manifests::loaded loaded = manifests::load(manifests::read_file("conformance.yaml"));
    REQUIRE(loaded.import.table.has_value());
    const manifests::answer refused =
        manifests::ask(*loaded.import.table, {.method = "OPTIONS",
                                              .path = "/cors-1",
                                              .origin = "https://foobar.com",
                                              .requested_method = "GET"});
    CHECK(refused.status == 403);
    CHECK(refused.fields.size() == 1);
    CHECK(refused.fields.find("vary")->second.find("Origin") != std::string::npos);
    const manifests::answer default_age =
        manifests::ask(*loaded.import.table, {.method = "OPTIONS",
                                              .path = "/cors-2/x",
                                              .origin = "https://www.foo.com",
                                              .requested_method = "GET"});
    CHECK(default_age["max-age"] == "5");
}
