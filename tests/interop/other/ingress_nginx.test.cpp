// SPDX-License-Identifier: MIT
#include <corsac/interop/other/ingress_nginx.hpp>

#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using list = corsac::text_list;

}  // namespace

TEST_CASE("ingress-nginx: what is unsafe by default is reported and not kept") {
    const std::string key = "nginx.ingress.kubernetes.io/";
    input defaults(key + "enable-cors: 'true'\n");
    const auto open = read_ingress_nginx_cors(defaults.view());
    REQUIRE(open.has_value());
    CHECK(open->allow_origins == list{"*"});
    CHECK_FALSE(open->allow_credentials);
    CHECK(open->max_age == 1728000);
    CHECK(defaults.says("cors-allow-origin: is not set, so ingress-nginx allows every origin"));
    CHECK(defaults.says("cors-allow-credentials: is not set"));
    CHECK(make_policy(*open));

    input set(key + "enable-cors: 'true'\n" + key +
              "cors-allow-origin: 'https://a.example, https://*.b.example'\n" + key +
              "cors-allow-credentials: 'true'\n" + key + "cors-allow-headers: 'X-A,X-B'\n" + key +
              "cors-max-age: '60'\n");
    const auto options = read_ingress_nginx_cors(set.view());
    REQUIRE(options.has_value());
    CHECK(options->allow_origins == list{"https://a.example", "https://*.b.example"});
    CHECK(options->allow_headers == list{"X-A", "X-B"});
    CHECK(options->allow_credentials);
    CHECK(options->max_age == 60);
    CHECK(set.says("is one label in ingress-nginx"));
    CHECK(make_policy(*options));

    input off("a: b\n");
    CHECK_FALSE(read_ingress_nginx_cors(off.view()).has_value());
}

TEST_CASE("ingress-nginx: an empty list of origins allows nobody") {
    const std::string key = "nginx.ingress.kubernetes.io/";
    input in(key + "enable-cors: 'true'\n" + key + "cors-allow-origin: ' , '\n");
    (void)read_ingress_nginx_cors(in.view());
    CHECK(in.says("cors-allow-origin: names no origin, so that nobody is allowed"));
    CHECK(in.problems.errors() == 1);
}
