// SPDX-License-Identifier: MIT
#include <corsac/decision/kept_decision.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

const corsac::policy open_policy = *corsac::make_policy({.allow_origins = {"https://*.example.com"},
                                                         .allow_methods = {"*"},
                                                         .allow_headers = {"*"},
                                                         .allow_credentials = true});

std::string written(const corsac::decision& d) {
    support::response response;
    corsac::apply(d, response);
    return std::string{response.summary().view()};
}

TEST_CASE("a kept decision outlives its request, and may be copied") {
    std::string origin = "https://a.example.com";
    std::string method = "PATCH";
    std::string first = "x-a";
    std::string second = "x-b, x-a";
    const support::request request{"OPTIONS",
                                   {{{"Origin", origin},
                                     {"Access-Control-Request-Method", method},
                                     {"Access-Control-Request-Headers", first},
                                     {"Access-Control-Request-Headers", second}}}};
    const corsac::decision d = corsac::evaluate(open_policy, request);
    const std::string expected = written(d);
    const corsac::kept_decision kept{d};
    for (std::string* text : {&origin, &method, &first, &second}) text->assign(text->size(), '!');
    const corsac::kept_decision copy = kept;
    CHECK(written(kept.get()) == expected);
    CHECK(written(copy.get()) == expected);
    CHECK(copy.get().status() == 204);
}

TEST_CASE("the longest origin fits, and so does the reason of a refusal") {
    std::string origin = "https://" + std::string(200, 'a') + ".example.com:65535";
    const corsac::kept_decision kept{
        corsac::evaluate(open_policy, support::request{"GET", {{{"Origin", origin}}}})};
    const std::string expected = origin;
    origin.assign(origin.size(), '!');
    CHECK(kept.get().outcome() == corsac::outcome::origin_not_allowed);
    CHECK(kept.get().fields().subject == std::string_view{expected}.substr(0, 128));
}

TEST_CASE("a preflight that does not fit is refused, not cut") {
    const std::string names = "x-" + std::string(1000, 'a');
    const corsac::kept_decision kept{corsac::evaluate(
        open_policy, support::request{"OPTIONS",
                                      {{{"Origin", "https://a.example.com"},
                                        {"Access-Control-Request-Method", "GET"},
                                        {"Access-Control-Request-Headers", names}}}})};
    CHECK(kept.get().outcome() == corsac::outcome::header_list_too_long);
    CHECK(kept.get().status() == 403);
    CHECK(written(kept.get()) == "vary: Origin | vary: Access-Control-Request-Method | "
                                 "vary: Access-Control-Request-Headers");
}

TEST_CASE("what does not fit in one line is not taken from the next") {
    const std::string names = "x-" + std::string(1000, 'a');
    const support::request request{"OPTIONS",
                                   {{{"Origin", "https://a.example.com"},
                                     {"Access-Control-Request-Method", "GET"},
                                     {"Access-Control-Request-Headers", names},
                                     {"Access-Control-Request-Headers", "x-b"}}}};
    const corsac::kept_decision kept{corsac::evaluate(open_policy, request)};
    CHECK(kept.get().outcome() == corsac::outcome::header_list_too_long);
    CHECK(written(kept.get()).find("x-b") == std::string::npos);

    // Where the application answers refused preflights, it answers this one.
    const corsac::policy forwarding = *corsac::make_policy({.allow_origins = {"https://*.example"},
                                                            .allow_headers = {"*"},
                                                            .forward_denied_preflights = true});
    const support::request other{"OPTIONS",
                                 {{{"Origin", "https://a.example"},
                                   {"Access-Control-Request-Method", "GET"},
                                   {"Access-Control-Request-Headers", names}}}};
    REQUIRE(corsac::evaluate(forwarding, other).status() == 204);
    CHECK(corsac::kept_decision{corsac::evaluate(forwarding, other)}.get().outcome() ==
          corsac::outcome::header_list_too_long);
    CHECK_FALSE(corsac::kept_decision{corsac::evaluate(forwarding, other)}.get().answers());

    // In shadow nothing would be sent, so nothing becomes a refusal.
    const corsac::policy shadow = *corsac::make_policy(
        {.allow_origins = {"https://*.example"}, .allow_headers = {"*"}, .shadow = true});
    const corsac::kept_decision noted{corsac::evaluate(shadow, other)};
    CHECK(noted.get().outcome() == corsac::outcome::allowed);
    CHECK_FALSE(noted.get().governs());
}

TEST_CASE("all the room is used, and one byte more is refused") {
    constexpr std::string_view origin = "https://a.example.com";
    constexpr std::size_t room = corsac::max_origin_length + corsac::max_kept_headers_length + 128;
    for (const bool fits : {true, false}) {
        std::string names(room - origin.size() - 3 + (fits ? 0 : 1), 'a');  // 3 of GET
        const support::request request{"OPTIONS",
                                       {{{"Origin", origin},
                                         {"Access-Control-Request-Method", "GET"},
                                         {"Access-Control-Request-Headers", names}}}};
        const corsac::decision d = corsac::evaluate(open_policy, request);
        const std::string expected = written(d);
        const corsac::kept_decision kept{d};
        names.assign(names.size(), '!');
        CHECK(kept.get().status() == (fits ? 204 : 403));
        CHECK((written(kept.get()) == expected) == fits);
        CHECK(kept.get().fields().allow_methods.empty() == !fits);  // nothing of the request
    }
}

TEST_CASE("the longest method is copied, too") {
    std::string method(corsac::max_requested_method_length, 'M');
    const corsac::kept_decision kept{corsac::evaluate(
        open_policy, support::request{"OPTIONS",
                                      {{{"Origin", "https://a.example.com"},
                                        {"Access-Control-Request-Method", method}}}})};
    const std::string expected = method;
    method.assign(method.size(), '!');
    CHECK(written(kept.get()).find("access-control-allow-methods: " + expected) !=
          std::string::npos);
}

TEST_CASE("the reason is that of the whole origin, not of what is kept of it") {
    const std::string origin = "https://" + std::string(60, 'a') + "." + std::string(60, 'b') +
                               "." + std::string(60, 'c') + "/";
    const corsac::decision d =
        corsac::evaluate(open_policy, support::request{"GET", {{{"Origin", origin}}}});
    REQUIRE(d.outcome() == corsac::outcome::origin_malformed);
    CHECK(corsac::kept_decision{d}.get().outcome() == corsac::outcome::origin_malformed);
}

/// As many lines as an answer repeats. The compiler would see if one more were looked at.
constexpr bool keeps_every_line() {
    corsac::decision_fields fields;
    fields.outcome = corsac::outcome::allowed;
    fields.kind = corsac::request_kind::preflight;
    fields.status = 204;
    fields.allow_origin = "https://a.example";
    fields.requested_header_lines = corsac::max_reflected_lines;
    for (std::size_t i = 0; i < corsac::max_reflected_lines; ++i) {
        fields.requested_headers[i] = "x-a";
    }
    const corsac::kept_decision kept{corsac::decision{fields}};
    const corsac::decision_fields again = kept.get().fields();
    return again.requested_header_lines == corsac::max_reflected_lines &&
           std::string_view{again.requested_headers[corsac::max_reflected_lines - 1]} == "x-a";
}
static_assert(keeps_every_line());

TEST_CASE("as many lines are kept as an answer repeats") { CHECK(keeps_every_line()); }

TEST_CASE("of a refusal whose second line does not fit the name is kept, and no line") {
    const corsac::policy closed = *corsac::make_policy({.allow_origins = {"https://a.example"}});
    const std::string names = "x-" + std::string(1000, 'a');
    const corsac::kept_decision kept{
        corsac::evaluate(closed, support::request{"OPTIONS",
                                                  {{{"Origin", "https://a.example"},
                                                    {"Access-Control-Request-Method", "GET"},
                                                    {"Access-Control-Request-Headers", "x-first"},
                                                    {"Access-Control-Request-Headers", names}}}})};
    CHECK(corsac::explain(kept.get()).view() ==
          R"(header "x-first" is not in allow_headers; add it, or do not send it )"
          "(preflight refused)");
    CHECK(kept.get().fields().requested_header_lines == 0);
}

TEST_CASE("what no policy decided is kept as far as there is room") {
    const std::string origin(2000, 'a');
    corsac::decision_fields fields;
    fields.outcome = corsac::outcome::allowed;
    fields.kind = corsac::request_kind::preflight;
    fields.status = 204;
    fields.allow_origin = origin;
    const corsac::kept_decision kept{corsac::decision{fields}};
    CHECK_FALSE(kept.get().allows());
    CHECK_FALSE(kept.get().answers());
    CHECK(kept.get().fields().allow_origin.empty());
}

TEST_CASE("a refusal whose names do not fit names the one that was refused") {
    const corsac::policy closed = *corsac::make_policy({.allow_origins = {"https://a.example"}});
    const std::string names = "x-first, x-" + std::string(1000, 'a');
    const corsac::kept_decision kept{
        corsac::evaluate(closed, support::request{"OPTIONS",
                                                  {{{"Origin", "https://a.example"},
                                                    {"Access-Control-Request-Method", "GET"},
                                                    {"Access-Control-Request-Headers", names}}}})};
    CHECK(corsac::explain(kept.get()).view() ==
          R"(header "x-first" is not in allow_headers; add it, or do not send it )"
          "(preflight refused)");
}

TEST_CASE("long lists of the policy are borrowed, not copied") {
    std::vector<std::string> methods;
    for (int i = 0; i < 300; ++i) methods.push_back("METHOD" + std::to_string(i));
    const corsac::policy listing = *corsac::make_policy(
        {.allow_origins = {"https://a.example.com"}, .allow_methods = methods});
    const corsac::decision d = corsac::evaluate(
        listing, support::request{"OPTIONS",
                                  {{{"Origin", "https://a.example.com"},
                                    {"Access-Control-Request-Method", "METHOD7"}}}});
    CHECK(d.status() == 204);
    CHECK(corsac::kept_decision{d}.get().status() == 204);
    CHECK(written(corsac::kept_decision{d}.get()) == written(d));
}

TEST_CASE("a decision in shadow stays there") {
    const auto shadow =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .shadow = true});
    for (const char* origin : {"https://a.example", "https://evil.example", "garbage"}) {
        CAPTURE(origin);
        const corsac::decision d =
            corsac::evaluate(*shadow, support::request{"GET", {{{"Origin", origin}}}});
        const corsac::kept_decision kept{d};
        CHECK_FALSE(kept.get().governs());
        CHECK(kept.get().outcome() == d.outcome());
        CHECK(written(kept.get()).empty());
    }
}

TEST_CASE("keeping what governs nothing changes nothing") {
    CHECK_FALSE(corsac::kept_decision{corsac::decision{}}.get().governs());
}

}  // namespace
