// SPDX-License-Identifier: MIT
#include <corsac/table/explanation_writer.hpp>

#include "table/tables.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace tables;
using corsac::attachment_view;
using corsac::explanation_json;
using corsac::explanation_lines;

const corsac::policy& some_policy() {
    static const corsac::policy built = allows("https://a.example");
    return built;
}

/// What one call writes, as lines and as JSON after what every object begins with.
struct row {
    const char* about;
    void (*lines)(explanation_lines&);
    void (*json)(explanation_json&);
    std::string_view as_lines;
    std::string_view as_json;
};

/// The same call for both writers.
#define BOTH(call) [](explanation_lines& out) { out.call; }, [](explanation_json& out) { out.call; }

const row rows[] = {
    {"a header of an object", BOTH(header("vary", "Origin", "route", "HTTPRoute", "shop/cart")),
     "vary: Origin  <- route (HTTPRoute shop/cart)\n",
     R"({"name":"vary","value":"Origin","level":"route","kind":"HTTPRoute","object":"shop/cart"})"
     R"(],"attachments":[]})"},
    {"a header of nobody", BOTH(header("vary", "Origin", "a policy", "", "")),
     "vary: Origin  <- a policy\n",
     R"({"name":"vary","value":"Origin","level":"a policy","kind":"","object":""})"
     R"(],"attachments":[]})"},
    {"an attachment",
     BOTH(attachment(
         "applies",
         attachment_view{{}, attachment_level::rule, "K", "n/p", "", &some_policy(), true}, "")),
     "applies: rule (K n/p)\n",
     R"(],"attachments":[{"role":"applies","level":"rule","kind":"K","object":"n/p",)"
     R"("backend":"","matches":"","disables":false}]})"},
    {"an attachment of a backend that lets an origin in",
     BOTH(
         attachment("applies",
                    attachment_view{
                        {}, attachment_level::backend, "K", "n/p", "cart:80", &some_policy(), true},
                    "https://*.example")),
     "applies: backend (K n/p) for backend cart:80, matches https://*.example\n",
     R"(],"attachments":[{"role":"applies","level":"backend","kind":"K","object":"n/p",)"
     R"("backend":"cart:80","matches":"https://*.example","disables":false}]})"},
    {"an attachment that switches off",
     BOTH(attachment("shadowed",
                     attachment_view{{}, attachment_level::gateway, "K", "n/p", "", nullptr, false},
                     "")),
     "shadowed: gateway (K n/p), disables\n",
     R"(],"attachments":[{"role":"shadowed","level":"gateway","kind":"K","object":"n/p",)"
     R"("backend":"","matches":"","disables":true}]})"},
    {"bytes of a request are escaped in JSON",
     BOTH(header("x", "\"\\\n\x7f\xc3\xbc</script>", "l", "", "")),
     "x: \"\\\n\x7f\xc3\xbc</script>  <- l\n",
     R"({"name":"x","value":"\u0022\u005c\u000a\u007f\u00c3\u00bc</script>","level":"l",)"
     R"("kind":"","object":""}],"attachments":[]})"},
};

TEST_CASE("each fact is one line, and one member in JSON") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        explanation_lines lines;
        lines.verdict("said");
        r.lines(lines);
        CHECK(std::move(lines).finish().view() ==
              std::string("decision: said\n").append(r.as_lines));
        explanation_json json;
        json.rule({});
        json.verdict("said");
        r.json(json);
        CHECK(std::move(json).finish().view() ==
              std::string(R"({"rule":null,"decision":"said","headers":[)").append(r.as_json));
    }
}

TEST_CASE("several headers and attachments are separated in JSON") {
    explanation_json out;
    out.rule({});
    out.verdict("said");
    for (const char* name : {"a", "b"}) out.header(name, "1", "l", "", "");
    const attachment_view a{{}, attachment_level::rule, "K", "n", "", &some_policy(), true};
    for (const char* role : {"applies", "shadowed"}) out.attachment(role, a, "");
    CHECK(std::move(out).finish().view() ==
          R"({"rule":null,"decision":"said","headers":[)"
          R"({"name":"a","value":"1","level":"l","kind":"","object":""},)"
          R"({"name":"b","value":"1","level":"l","kind":"","object":""}],)"
          R"("attachments":[{"role":"applies","level":"rule","kind":"K","object":"n",)"
          R"("backend":"","matches":"","disables":false},)"
          R"({"role":"shadowed","level":"rule","kind":"K","object":"n",)"
          R"("backend":"","matches":"","disables":false}]})");
}

TEST_CASE("a rule is named, or numbered where it has no name") {
    corsac::policy_table_builder builder;
    const corsac::route_id route = builder.add_route({.name = "shop/cart"});
    builder.add_match(builder.add_rule(route, "api"), {.path = "/named"});
    builder.add_match(builder.add_rule(route, ""), {.path = "/unnamed"});
    const corsac::policy_table table = finish(std::move(builder));
    const auto lines = [](const corsac::matched_route& found) {
        explanation_lines out;
        out.rule(found);
        return std::move(out).finish();
    };
    const auto json = [](const corsac::matched_route& found) {
        explanation_json out;
        out.rule(found);
        out.verdict("");
        return std::move(out).finish();
    };
    const corsac::matched_route named = table.find("h", "/named", "GET");
    const corsac::matched_route unnamed = table.find("h", "/unnamed", "GET");
    CHECK(lines(named).view() == "rule: shop/cart rule \"api\"\n");
    CHECK(lines(unnamed).view() == "rule: shop/cart rule 1\n");
    CHECK(lines({}).view() == "rule: none matches\n");
    CHECK(json(named).view() == R"({"rule":{"route":"shop/cart","number":0,"name":"api"},)"
                                R"("decision":"","headers":[],"attachments":[]})");
    CHECK(json(unnamed).view() == R"({"rule":{"route":"shop/cart","number":1,"name":""},)"
                                  R"("decision":"","headers":[],"attachments":[]})");
}

TEST_CASE("an explanation is a text, and can be streamed") {
    explanation_lines out;
    out.verdict("said");
    const corsac::route_explanation said = std::move(out).finish();
    const std::string_view text = said;
    CHECK(text == "decision: said\n");
    std::ostringstream stream;
    stream << said;
    CHECK(stream.str() == "decision: said\n");
}

}  // namespace
