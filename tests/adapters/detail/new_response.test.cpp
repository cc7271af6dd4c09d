// SPDX-License-Identifier: MIT
#include <corsac/adapters/detail/new_response.hpp>

#include <corsac/corsac.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using support::request;

const auto lenient = corsac::make_policy({.allow_origins = {"https://*.example"}});

TEST_CASE("a status has a phrase") {
    using corsac::detail::reason_phrase;
    CHECK(reason_phrase(200) == "OK");
    CHECK(reason_phrase(202) == "Accepted");
    CHECK(reason_phrase(204) == "No Content");
    CHECK(reason_phrase(299) == "Success");
    CHECK(reason_phrase(300) == "Error");
    CHECK(reason_phrase(403) == "Forbidden");
    CHECK(reason_phrase(500) == "Error");
}

struct only_sets {
    std::string& written;
    void set(std::string_view name, std::string_view value) {
        written.append(name).append("=").append(value).append(";");
    }
    void vary(std::string_view) { written.append("vary;"); }
};
struct adds_too : only_sets {
    void add(std::string_view name, std::string_view value) {
        written.append("+").append(name).append("=").append(value).append(";");
    }
};

TEST_CASE("in a new response nothing has to be looked for") {
    const request asked{"GET", {{{"Origin", "https://a.example"}}}};
    const corsac::decision d = corsac::evaluate(*lenient, asked);
    std::string set, added;
    corsac::apply(d, corsac::detail::new_response{only_sets{set}});
    corsac::apply(d, corsac::detail::new_response{adds_too{{added}}});
    CHECK(set == "access-control-allow-origin=https://a.example;vary=Origin;");
    CHECK(added == "+access-control-allow-origin=https://a.example;+vary=Origin;");
}

}  // namespace
