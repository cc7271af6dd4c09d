// SPDX-License-Identifier: MIT
#include <corsac/interop/document/pugixml.hpp>

#include <corsac/interop/other/s3.hpp>
#include <corsac/policy/policy.hpp>

#include <doctest/doctest.h>
#include <pugixml.hpp>

#include <string>

namespace interop = corsac::interop;

namespace {

using interop::document;
using interop::document_kind;

static_assert(interop::document_node<interop::xml_node<pugi::xml_node>>);

document parse(const std::string& text, interop::manifest_problems& problems) {
    pugi::xml_document xml;
    REQUIRE(xml.load_string(text.c_str()));
    return interop::document_reader(problems).read(interop::xml_node<pugi::xml_node>{xml});
}

}  // namespace

TEST_CASE("XML is maps of elements, lists of those that share a name, and texts") {
    interop::manifest_problems problems;
    const document root =
        parse("<?xml version=\"1.0\"?>\n<!-- a comment -->\n"
              "<s3:a xmlns:s3='urn:x'>\n <b> x <!-- y -->z</b><c>7</c>"
              "<b><![CDATA[<&]]></b>\n<s3:d><e/></s3:d><b>&lt;</b><f>07</f></s3:a>",
              problems);
    CHECK(problems.empty());
    REQUIRE(root.size() == 1);
    CHECK(root.key(0) == "a");
    const document& a = root.item(0);
    REQUIRE(a.size() == 4);
    REQUIRE(a.find("b") != nullptr);
    REQUIRE(a.find("b")->kind() == document_kind::list);
    REQUIRE(a.find("b")->size() == 3);
    CHECK(a.find("b")->item(0) == document("x z"));
    CHECK(a.find("b")->item(1) == document("<&"));
    CHECK(a.find("b")->item(2) == document("<"));
    CHECK(a.find("c")->kind() == document_kind::integer);
    CHECK(*a.find("d")->find("e") == document(""));
    CHECK(*a.find("f") == document("07"));
}

TEST_CASE("XML is read within the limits of all documents") {
    interop::manifest_problems deep, wide;
    std::string nested = "x", many;
    for (int i = 0; i < 100; ++i) nested = "<a>" + nested + "</a>";
    CHECK(parse(nested, deep).is_null());
    CHECK(deep.errors() == 1);
    for (int i = 0; i < 5000; ++i) many += "<a" + std::to_string(i) + "/>";
    CHECK(parse("<r>" + many + "</r>", wide).is_null());
    CHECK(wide.errors() == 1);
}

TEST_CASE("S3's CORS configuration in its XML") {
    interop::manifest_problems problems;
    const document root = parse(R"(<?xml version="1.0" encoding="UTF-8"?>
<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <CORSRule>
    <ID>one</ID>
    <AllowedOrigin>https://a.example</AllowedOrigin>
    <AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod>
    <AllowedHeader>*</AllowedHeader>
    <ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-amz-id-2</ExposeHeader>
    <MaxAgeSeconds>3000</MaxAgeSeconds>
  </CORSRule>
  <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>
</CORSConfiguration>)",
                                problems);
    const auto policies = interop::read_s3_cors({&root, "", "source", problems});
    CHECK(problems.errors() == 0);
    REQUIRE(policies.size() == 2);
    using list = corsac::text_list;
    CHECK(policies[0].allow_origins == list{"https://a.example"});
    CHECK(policies[0].allow_methods == list{"PUT", "GET"});
    CHECK(policies[0].allow_headers == list{"*"});
    CHECK(policies[0].expose_headers == list{"ETag", "x-amz-id-2"});
    CHECK(policies[0].max_age == 3000);
    CHECK(policies[1].allow_origins == list{"*"});
    for (const corsac::policy_options& options : policies) CHECK(make_policy(options));
    const document lone = parse("<CORSConfiguration><CORSRule><AllowedOrigin>https://b.example"
                                "</AllowedOrigin></CORSRule></CORSConfiguration>",
                                problems);
    CHECK(interop::read_s3_cors({&lone, "", "source", problems})[0].allow_origins ==
          list{"https://b.example"});
}
