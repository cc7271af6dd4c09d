// SPDX-License-Identifier: MIT
#include <corsac/interop/document/export_loss.hpp>

#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/envoy/export.hpp>
#include <corsac/interop/gateway/writer.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using interop::loss_kind;

namespace {

corsac::policy build(const corsac::policy_options& options) {
    corsac::result<corsac::policy> built = corsac::make_policy(options);
    for (const corsac::config_error& e : built.errors()) MESSAGE(e.message());
    REQUIRE(built);
    return *std::move(built);
}

std::string lines(const interop::export_losses& losses, bool serious_only) {
    std::string all;
    for (const interop::export_loss& loss : losses) {
        if (!serious_only || loss.kind != loss_kind::always) all += loss.text() + '\n';
    }
    return all;
}

}  // namespace

TEST_CASE("what an export cannot say is listed, and refused if that is asked for") {
    struct row {
        const char* about;
        corsac::policy_options options;
        const char* gateway;  ///< the serious losses
        const char* envoy;
    };
    const row rows[] = {
        {"nothing", {.allow_origins = {"https://a.example"}}, "", ""},
        {"a pattern inside a label",
         {.allow_origins = {"https://pr-*.a.example"}},
         "narrower: allow_origins: \"https://pr-*.a.example\" is no origin that the Gateway API "
         "can "
         "write; it is left out\n",
         ""},
        {"any port, null, schemes",
         {.allow_origins = {"http://localhost:*", "null", "capacitor://localhost"}},
         "narrower: allow_origins: \"http://localhost:*\" is no origin that the Gateway API can "
         "write; it is left out\n"
         "narrower: allow_origins: \"null\" is no origin that the Gateway API can write; it is "
         "left "
         "out\n"
         "narrower: allow_origins: \"capacitor://localhost\" is no origin that the Gateway API can "
         "write; it is left out\n",
         ""},
        {"a method of its own",
         {.allow_origins = {"*"}, .allow_methods = {"PURGE"}},
         "narrower: allow_methods: \"PURGE\" is no method that the Gateway API can write; it is "
         "left out\n",
         ""},
        {"a header pattern",
         {.allow_origins = {"*"}, .allow_headers = {"X-Custom-*"}},
         "narrower: allow_headers: \"X-Custom-*\" is a pattern, and the Gateway API has none for "
         "names; it is left out\n",
         "narrower: allow_headers: \"X-Custom-*\" is a pattern, and Envoy has none for names; it "
         "is "
         "left out\n"},
        {"* without Authorization",
         {.allow_origins = {"*"}, .allow_headers = {"*"}},
         "wider: allow_headers: \"*\" covers Authorization, too, in the target\n",
         "wider: allow_headers: \"*\" covers Authorization, too, in the target\n"},
        {"* with Authorization",
         {.allow_origins = {"*"}, .allow_headers = {"*", "Authorization"}},
         "",
         ""},
        {"max_age 0",
         {.allow_origins = {"*"}, .max_age = 0},
         "other: max_age: \"0\" becomes 1: the Gateway API has no 0\n",
         ""},
        {"rejecting",
         {.allow_origins = {"https://a.example"}, .reject_disallowed = true},
         "wider: reject_disallowed: requests of other origins reach the application\n",
         "wider: reject_disallowed: requests of other origins reach the application\n"},
        {"what the Gateway API's own matrix asks for, and nothing but this library does",
         {.allow_origins = {"https://a.example"}, .refuse_credentials = true},
         "wider: refuse_credentials: requests with a cookie or Authorization are answered like "
         "others\n",
         "wider: refuse_credentials: requests with a cookie or Authorization are answered like "
         "others\n"},
        {"a policy in shadow, which Envoy knows",
         {.allow_origins = {"https://a.example"}, .shadow = true},
         "other: shadow: the policy is enforced there\n",
         ""},
        {"private networks",
         {.allow_origins = {"https://a.example"}, .allow_private_network = true},
         "narrower: allow_private_network: the Gateway API does not know it\n",
         ""},
        {"statuses and disclosure",
         {.allow_origins = {"https://a.example"},
          .preflight_status = 200,
          .denied_preflight_status = 200,
          .disclose_requested_only = true},
         "other: disclose_requested_only: every preflight is told the whole lists\n"
         "other: preflight_status: the target has its own\n"
         "other: denied_preflight_status: the target has its own\n",
         "other: disclose_requested_only: every preflight is told the whole lists\n"
         "other: preflight_status: the target has its own\n"
         "other: denied_preflight_status: the target has its own\n"},
        {"forwarding",
         {.allow_origins = {"https://a.example"},
          .advertise = true,
          .forward_denied_preflights = true,
          .keep_existing = true},
         "other: advertise: the implementation decides that\n"
         "other: forward_denied_preflights: the Gateway API forbids it\n"
         "other: keep_existing: the implementation decides that\n",
         "narrower: forward_denied_preflights: Envoy forwards preflights of unknown origins "
         "only\n"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const corsac::policy p = build(r.options);
        const std::string_view gateway = r.gateway, envoy = r.envoy;
        const interop::exported route =
            interop::to_http_route(p, {.name = "r", .backend = "b"}, {});
        CHECK(lines(route.losses, true) == gateway);
        REQUIRE(route.value.has_value());
        // Whatever was lost, a cluster would take it.
        CHECK(manifests::load(interop::to_yaml(*route.value)).problems.errors() == 0);
        CHECK(interop::to_http_route(p, {.name = "r", .backend = "b"}, {.strict = true})
                  .value.has_value() == gateway.empty());
        const interop::exported config = interop::to_envoy(p, {});
        CHECK(lines(config.losses, true) == envoy);
        CHECK(interop::to_envoy(p, {.strict = true}).value.has_value() == envoy.empty());
    }
    std::vector<std::string> many;
    for (int i = 0; i < 70; ++i) many.push_back("https://a" + std::to_string(i) + ".example");
    const interop::exported cut =
        interop::to_http_route(build({.allow_origins = many}), {.name = "r", .backend = "b"}, {});
    CHECK(cut.losses.serious() == 6);
}
