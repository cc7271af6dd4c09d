// SPDX-License-Identifier: MIT
#include <corsac/interop/matchers/expression_proof.hpp>

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/interop/matchers/proof_result.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/public_suffix.hpp>
#include <corsac/policy/policy_options.hpp>

#include "interop/matchers/proof_oracle.hpp"
#include "interop/matchers/random_expression.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interop = corsac::interop;

namespace {

using form = interop::string_matcher::form;
using interop::proof_gap;

bool matches(const std::string& expression, std::string_view text) {
    return RE2::FullMatch({text.data(), text.size()}, RE2(expression, RE2::Quiet));
}

/// A suffix that the list does not know, of the letters of random expressions.
bool is_own_suffix(std::string_view host) { return host == "a.b" || host == "b.b.a"; }

/// What every witness must be.
void check_witness(const std::string& expression, const std::string& witness) {
    CAPTURE(witness);
    CHECK(corsac::parse_serialized_origin(witness));
    CHECK_FALSE(corsac::is_loopback_host(host_of(witness)));
    CHECK(matches(expression, witness));
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (&text == texts.data() ? "" : " ") + text;
    return all;
}

struct refused_row {
    const char* expression;
    const char* witness;
};

constexpr refused_row refused[] = {
    {R"(https://.*example\.com)", "https://evilexample.com"},
    {"https://.*example.com", "https://evilexample.com"},
    {"https://app.example.com", "https://appxexample.com"},
    {R"(https://(app|.*)example\.com)", "https://evilexample.com"},
    {R"(https://[a-z0-9-]*example\.com)", "https://evilexample.com"},
    {R"(https://example\.com.*)", "https://example.com.evil.net"},
    {R"(https://.*\.vercel\.app)", "https://evil.vercel.app"},
    {R"(https://app-.*-team\.vercel\.app)", "https://app-evil-team.vercel.app"},
    {R"(https://.*\.co\.uk)", "https://evil.co.uk"},
    {".*", "https://evil.net"},
    {".+", "https://evil.net"},
    {".*?", "https://evil.net"},
    {"(?s).*", "https://evil.net"},
    {"https://.*", "https://evil.net"},
    {"https?://.*", "https://evil.net"},
    {"https?://[a-z.]+", "https://evil.net"},
    {"https://[^/]+", "https://evil.net"},
    {R"(https://[^.]+\.com)", "https://evil.com"},
    {R"(https://[^.]+\.(com|org))", "https://evil.org"},
    {R"(https://\w+\.com)", "https://evil.com"},
    {R"(https://\S+)", "https://evil.net"},
    {R"(https://[[:alnum:]-]+\.net)", "https://evil.net"},
    {R"(https://[[:^digit:]]+\.net)", "https://evil.net"},
    {R"(https://\D\.net)", "https://x.net"},
    {R"(https://example\.[a-z]+)", "https://example.evil"},
    {R"(https://example\.(com|.*))", "https://example.evil.net"},
    {R"(https://example\.co.*)", "https://example.co.evil.net"},
    {R"(https://.*example\.com$)", "https://evilexample.com"},
    {R"(^https://.*example\.com)", "https://evilexample.com"},
    {R"(https://example\.com.*$)", "https://example.com.evil.net"},
    {R"(https://example\.com(.*)?)", "https://example.com.evil.net"},
    {R"(https://example\.com[^/]*)", "https://example.com.evil.net"},
    {R"(https://example\.com[:\d]*)", "https://example.com0"},
    {R"(https://example\.com:?\d*)", "https://example.com0"},
    {R"(https://example\.com:?[0-9]+)", "https://example.com00"},
    {R"(https://example\.com\d?)", "https://example.com0"},
    {R"(https://example\.com(:\d+)?.*)", "https://example.com.evil.net"},
    {R"(https://(www.)?example\.com)", "https://wwwxexample.com"},
    {R"(https://(www\.)?.xample\.com)", "https://xxample.com"},
    {R"(https://www.example\.com)", "https://wwwxexample.com"},
    {R"(https://([a-z]+)?example\.com)", "https://evilexample.com"},
    {R"(https://[a-z]?example\.com)", "https://xexample.com"},
    {R"(https://[\w.]*example\.com)", "https://evilexample.com"},
    {R"(https://[.\w-]+\.com)", "https://evil.com"},
    {R"(https://(.*\.|.*-)example\.com)", "https://evil-example.com"},
    {R"(https://(.*[.-])?example\.com)", "https://evil-example.com"},
    {R"(https://[.-]*example\.com)", "https://-example.com"},
    {R"(https://(example)+\.com)", "https://exampleexampleexample.com"},
    {R"(https://(example)*x\.com)", "https://examplex.com"},
    {R"(https://(ab){1,2}\.com)", "https://abab.com"},
    {R"(https://a{1,3}\.com)", "https://aa.com"},
    {R"(https://a{2,}\.com)", "https://aaa.com"},
    {R"(https://x*\.com)", "https://x.com"},
    {R"(https://[abcdefghi]\.com)", "https://a.com"},
    {R"(https://[a-c]\.com)", "https://a.com"},
    {R"(https://[0-9]\.com)", "https://0.com"},
    {R"(https://\d+\.example)", "https://0.example"},
    {R"(https://(a|b|[c-d])\.com)", "https://c.com"},
    {R"(https://(a|b|.)\.com)", "https://x.com"},
    {R"(https://(ba|ab|[a-b])\.com)", "https://a.com"},
    {R"(https://[a-z]+\.(ba|ab|[a-b])\.com)", "https://x.a.com"},
    {R"(https://10\.0\.0\.(12|21|[1-2]))", "https://10.0.0.1"},
    {R"(https://\[(::12|::21|::[1-2])\])", "https://[::2]"},
    {R"(https://(?:ex|.*)ample\.com)", "https://evilample.com"},
    {R"(https://e[^x]ample\.com)", "https://eaample.com"},
    {R"(https://e[[:alpha:]]ample\.com)", "https://example.com"},
    {R"(https://exampl.\.com)", "https://examplx.com"},
    {"https://example.com", "https://examplexcom"},
    {"https://example.co.uk", "https://examplexco.uk"},
    {R"(https://example\.co.uk)", "https://example.coxuk"},
    {R"(https://.*\.github\.io)", "https://evil.github.io"},
    {R"(https://[a-z]+\.github\.io)", "https://evil.github.io"},
    {R"(https://pr-\d+\.github\.io)", "https://pr-00.github.io"},
    {R"(https://.*-team\.vercel\.app)", "https://evil-team.vercel.app"},
    {R"(https://.*github\.io)", "https://evilgithub.io"},
    {R"(https://.*\.uk)", "https://evil.uk"},
    {R"(https://.*\.ck)", "https://evil.ck"},
    {R"(https://.*\.foo\.ck)", "https://evil.foo.ck"},
    {R"(https://.*\.s3\.amazonaws\.com)", "https://evil.s3.amazonaws.com"},
    {R"(https://(.*\.)?com)", "https://evil.com"},
    {"https://.*localhost", "https://evillocalhost"},
    {"https://localhost.*", "https://localhost.evil.net"},
    {"http://localhost.*", "http://localhost.evil.net"},
    {"http://localhost.*:3000", "http://localhost.evil.net:3000"},
    {"http://localhost:?.*", "http://localhost.evil.net"},
    {R"(https?://127\.0\.0\.1.*)", "https://127.0.0.1.evil.net"},
    {R"(https?://127\.0\.0\.\d+.*)", "https://127.0.0.0.evil.net"},
    {R"(https?://\d+\.\d+\.\d+\.\d+)", "https://192.0.2.1"},
    {R"(https?://10\.\d+\.\d+\.\d+)", "https://10.0.0.0"},
    {R"(https://192\.168\.0\.\d+)", "https://192.168.0.0"},
    {R"(https://1.7\.0\.0\.1)", "https://107.0.0.1"},
    {R"(https://12[78]\.0\.0\.[0-9])", "https://128.0.0.0"},
    {"http://[0-9.]+", "http://192.0.2.1"},
    {"ws://[0-9.]+", "ws://192.0.2.1"},
    {"ftp://.*", "ftp://evil.net"},
    {R"(http://\[.*\])", "http://[2001:db8::1]"},
    {R"(http://\[[0-9a-f:]+\](:\d+)?)", "http://[2001:db8::1]"},
    {R"(http://\[::.\])", "http://[::a]"},
    {R"(http://\[fe80::[0-9a-f]+\])", "http://[fe80::aa]"},
    {R"(.*\.com)", "https://evil.com"},
    {R"(.*example\.com)", "https://evilexample.com"},
    {R"(.*example\.com:8443)", "https://evilexample.com:8443"},
    {R"(.*://.*\.com)", "https://evil.com"},
    {R"([a-z]+://evil\d\.com)", "https://evil0.com"},
    {"app://.*", "app://evil.net"},
    {"chrome-extension://[a-z]{32}", "chrome-extension://xxxxxxxxxxxxxxxxxxxxxxxxxxxxevil"},
    {"capacitor://.*", "capacitor://evil.net"},
    {"safari-web-extension://[0-9A-F-]+", "safari-web-extension://0"},
    {R"(https://a\.example\.com|https://.*)", "https://evil.net"},
    {R"(https://a\.example\.com|.*b\.com)", "https://evilb.com"},
    {R"((https://a\.example\.com)|(https://b.example\.com))", "https://bxexample.com"},
    {R"(https://([a-z]+|example)\.com)", "https://evil.com"},
    {"https://(intra|.*)net", "https://evil.net"},
    {"https://[a-z]+", "https://evil"},
    {R"(https://(.*\.)?intranet)", "https://evil.intranet"},
    {R"(https://(.*\.)?example\.com(\..*)?)", "https://example.com.evil.net"},
    {R"(https://example\.com(\.[a-z]+)?)", "https://example.com.evil"},
    {R"(https://(example\.com|example\.com\..*))", "https://example.com.evil.net"},
    {R"(https://.*example\.com:(443|8443))", "https://evilexample.com:8443"},
    {"https://.*:8443", "https://evil.net:8443"},
    {R"(https://.*:\d{4})", "https://evil.net:8888"},
    {R"(https://example(-[a-z]+)?\.com)", "https://example-xevil.com"},
    {R"(https://example-.*\.com)", "https://example-evil.com"},
    {R"(https://[a-z]*-example\.com)", "https://evil-example.com"},
    {R"(https://.{3}\.com)", "https://x.x.com"},
    {R"(https://.{0,3}\.com)", "https://x.com"},
    {R"(https://xn--.*\.com)", "https://xn--evil.com"},
    {R"((?i)https://.*EXAMPLE\.COM)", "https://evilexample.com"},
    {R"((?i)https://[A-Z]+\.example)", "https://evil.example"},
    {R"((?i:HTTPS)://(?i).*\.VERCEL\.APP)", "https://evil.vercel.app"},
    {R"((?U)https://.*example\.com)", "https://evilexample.com"},
    {R"((?m)^https://.*example\.com$)", "https://evilexample.com"},
    {R"(https://\Qapp.\Eexample.com)", "https://app.examplexcom"},
    {R"(https://\Q*\E|https://.*\.org)", "https://evil.org"},
    {R"(https://[\Wa]+\.com)", "https://a.com"},
    {R"(https://[^\W]+\.com)", "https://evil.com"},
    {R"(https://[^[:^alpha:]]+\.com)", "https://evil.com"},
    {R"(https://[\x61-\x7a]+\.com)", "https://evil.com"},
    {R"(https://_*example\.com)", "https://_example.com"},
    {R"(https://.*_example\.com)", "https://evil_example.com"},
    {R"(https://[]a-z]+\.com)", "https://evil.com"},
    {R"(https://[--9]+\.example)", "https://0.example"},
    {R"(https://example\.com\.?[a-z]*)", "https://example.comevil"},
    {R"(https://(a?b?c?d*)\.com)", "https://d.com"},
    {R"(https://((a|b)|c)+\.com)", "https://aa.com"},
    {R"((https://)?.*\.example\.org:?.*)", "https://x.example.org.evil.net"},
    {R"(http.*://.*example\.com)", "https://evilexample.com"},
    {R"((http|https)://(.*)\.(com))", "https://evil.com"},
    {R"(https://[^/.]+\.[^/.]+\.[^/.]+)", "https://x.evil.net"},
    {R"(https://(\w+\.){2}com)", "https://x.evil.com"},
    {R"(https://foo(bar)?[^a-z]\.com)", "https://foo0.com"},
    {R"(http://127\..*)", "http://127.evil.net"},
    {R"(https://[^a-zA-Z0-9]example\.com)", "https://-example.com"},
};

struct built_row {
    const char* expression;
    const char* ends;
    struct {
        bool insecure = false;
        bool null = false;
        bool loopback = false;
    } also{};
};

constexpr built_row built[] = {
    {R"(https://([a-z0-9-]+\.)*example\.com)", "example.com"},
    {R"(https://(.*\.)?example\.com)", "example.com"},
    {R"(https://.*\.example\.com)", "example.com"},
    {R"(^https://(app|www)\.example\.com(:\d+)?$)", "example.com"},
    {R"(https://[^/.]+\.example\.com)", "example.com"},
    {R"(https://pr-[0-9]+\.preview\.example\.com)", "example.com"},
    {R"(https://(?:a|b)\.(example|sample)\.com)", "example.com sample.com"},
    {"http://localhost:[0-9]+", "localhost"},
    {R"(https://example\.com)", "example.com"},
    {R"(^https://example\.com$)", "example.com"},
    {R"(\Ahttps://example\.com\z)", "example.com"},
    {R"(^^https://example\.com$$)", "example.com"},
    {R"(https:\/\/example\.com)", "example.com"},
    {R"(https://example\.com:8443)", "example.com"},
    {R"(https://example\.com:\d+)", "example.com"},
    {R"(https://example\.com(:[0-9]{1,5})?)", "example.com"},
    {R"(https://example\.com:.*)", "example.com"},
    {R"(https://example\.com:.+|https://example\.com)", "example.com"},
    {R"(https://example\.com(:(80|443|8080))?)", "example.com"},
    {R"(https://[a-z]+\.example\.com:[0-9]+)", "example.com"},
    {R"(https://.+\.example\.com)", "example.com"},
    {"https://.*[.]example[.]com", "example.com"},
    {R"(https://.*\x2eexample\x2ecom)", "example.com"},
    {R"(https://.*\x{2e}example\056com)", "example.com"},
    {R"(https://.*\Q.example.com\E)", "example.com"},
    {R"(\Qhttps://example.com)", "example.com"},
    {R"(https://(.*[./])?example\.com)", "example.com"},
    {R"(.*[./]example\.com)", "example.com", {.insecure = true}},
    {R"(.*//example\.com)", "example.com", {.insecure = true}},
    {R"(.*://example\.com)", "example.com", {.insecure = true}},
    {R"(.*\.example\.com)", "example.com", {.insecure = true}},
    {R"([a-z]+://example\.com)", "example.com", {.insecure = true}},
    {R"(https?://example\.com)", "example.com", {.insecure = true}},
    {R"(http://example\.com)", "example.com", {.insecure = true}},
    {R"(ws://example\.com)", "example.com", {.insecure = true}},
    {R"(wss?://example\.com)", "example.com", {.insecure = true}},
    {R"(ftp://.*\.example\.com)", "example.com", {.insecure = true}},
    {R"(f.p://example\.com)", "example.com", {.insecure = true}},
    {R"(wss://example\.com)", "example.com"},
    {R"((wsx|ft|ftps|httpx)://example\.com)", "example.com"},
    {R"((https|app)://example\.com)", "example.com"},
    {"(file|app)://", ""},
    {R"((?i)https://EXAMPLE\.com)", "example.com"},
    {R"((?i:HTTPS://EXAMPLE)\.com)", "example.com"},
    {R"((?i)https://.*\.Example\.COM)", "example.com"},
    {R"((?i)https://x(?-i)\.example\.com)", "example.com"},
    {R"((?s)https://.*\.example\.com)", "example.com"},
    {R"((?m)^https://.*\.example\.com$)", "example.com"},
    {R"((?U)https://.*\.example\.com)", "example.com"},
    {R"((?P<scheme>https)://(?P<host>.*\.example\.com))", "example.com"},
    {R"(https://(?:www\.)?example\.com)", "example.com"},
    {R"(https://(www\.)*example\.com)", "example.com"},
    {R"(https://(w{3}\.)?example\.com)", "example.com"},
    {R"(https://w{3}\.com)", "www.com"},
    {R"(https://(www|api)?\.?example\.com)", "apiexample.com example.com wwwexample.com"},
    {R"(https://example\.(com|org|net))", "example.com example.net example.org"},
    {R"(https://(example|sample|ex-ample)\.(com|co\.uk))",
     "ex-ample.co.uk ex-ample.com example.co.uk example.com sample.co.uk sample.com"},
    {R"(https://e(x|)ample\.com)", "eample.com example.com"},
    {R"(https://(|www\.)example\.com)", "example.com"},
    {R"(https://ex?ample\.com)", "eample.com example.com"},
    {R"(https://[es]xample\.com)", "example.com sxample.com"},
    {R"(https://exam[p]le\.com)", "example.com"},
    {R"(https://[ab]\.(c|d)om)", "a.com a.dom b.com b.dom"},
    {R"(https://(a|b|c|d|e|f|g|h|i|j)\.com)",
     "a.com b.com c.com d.com e.com f.com g.com h.com i.com j.com"},
    {R"(https://example\.com\.?)", "example.com example.com."},
    {R"(https://.*\.example\.com\.)", "example.com."},
    {R"(https://.{0}example\.com)", "example.com"},
    {R"(https://(.*x){0}example\.com)", "example.com"},
    {R"(https://.*\.example\.co\.uk)", "example.co.uk"},
    {R"(https://(.*\.)?me\.github\.io)", "me.github.io"},
    {R"(https://me\.github\.io)", "me.github.io"},
    {R"(https://team\.vercel\.app)", "team.vercel.app"},
    {R"(https://(a|b)\.vercel\.app)", "a.vercel.app b.vercel.app"},
    {R"(https://github\.io)", "github.io"},
    {"https://intranet", "intranet"},
    {"https://(intranet|wiki):8080", "intranet wiki"},
    {R"(https://www\.ck)", "www.ck"},
    {R"(https://.*\.www\.ck)", "www.ck"},
    {R"(https://a\.foo\.ck)", "a.foo.ck"},
    {R"(https://(.*\.)?bucket\.s3\.amazonaws\.com)", "bucket.s3.amazonaws.com"},
    {R"(https://amazonaws\.com)", "amazonaws.com"},
    {"https?://localhost", "localhost"},
    {R"(https?://localhost(:\d+)?)", "localhost"},
    {R"(https?://(.*\.)?localhost(:\d+)?)", "localhost"},
    {R"(http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)", "[::1] localhost", {.loopback = true}},
    {R"(http://127\.\d+\.\d+\.\d+)", "", {.loopback = true}},
    {R"(http://127\.[0-9.]+)", "", {.loopback = true}},
    {R"(http://127\.\d+\.0\.1)", "", {.loopback = true}},
    {R"(https?://127\.0\.0\.1)", "", {.loopback = true}},
    {R"(http://1(27)\.0\.0\.[0-9]+:8080)", "", {.loopback = true}},
    {R"(http://\[::1\]:\d+)", "[::1]"},
    {R"(https://10\.0\.0\.1)", "10.0.0.1"},
    {R"(https://(10|172)\.0\.0\.[12])", "10.0.0.1 10.0.0.2 172.0.0.1 172.0.0.2"},
    {R"(https://192\.168\.0\.1:\d+)", "192.168.0.1"},
    {R"(https://\[2001:db8::1\])", "[2001:db8::1]"},
    {"capacitor://localhost", "localhost"},
    {"ionic://localhost|https://localhost", "localhost"},
    {"chrome-extension://abcdefghijklmnopabcdefghijklmnop", "abcdefghijklmnopabcdefghijklmnop"},
    {R"(app://\.)", "."},
    {"file://", ""},
    {"app://Main", "main"},
    {"null", "", {.null = true}},
    {R"(null|https://example\.com)", "example.com", {.null = true}},
    {"[a-z]+", "", {.null = true}},
    {"[^/]+", "", {.null = true}},
    {R"(example\.com)", ""},
    {R"(https:/example\.com)", ""},
    {R"(https://[^:]+:.*\.example\.com)", ""},
    {R"(https://a b\.com)", ""},
    {"https://", ""},
    {R"((https://a\.example\.com|))", "example.com"},
    {R"(https://a$b\.com|https://example\.com)", "example.com"},
    {R"(https://a^b\.com|https://example\.com)", "example.com"},
    {R"(https://example\.com$^)", ""},
    {R"((^https://example\.com)$)", "example.com"},
    {R"((^|x)https://example\.com($|y))", "example.com example.comy"},
    {R"((?:^)*https://example\.com)", "example.com"},
    {R"(https://.*\.example\.com|https://.*\.sample\.org)", "example.com sample.org"},
    {R"((https://.*\.example\.com)|(https://.*\.sample\.org(:\d+)?))", "example.com sample.org"},
    {R"(https://((a|b)\.)?(c|d)\.com)", "c.com d.com"},
    {R"(https://[.]example\.com)", ""},
    {R"(https://[^/]*\.example\.com)", "example.com"},
    {R"(https://\S+\.example\.com)", "example.com"},
    {R"(https://[[:word:].]+\.example\.com)", "example.com"},
    {R"(https://[\w.-]+\.example\.com)", "example.com"},
    {R"(https://[-\w]+(\.[-\w]+)*\.example\.com)", "example.com"},
    {R"(https://([[:alnum:]]([[:alnum:]-]*[[:alnum:]])?\.)+example\.com)", "example.com"},
    {R"(https://[a-z]{1,63}\.example\.com)", "example.com"},
    {R"(https://([a-z0-9-]{1,63}\.){1,3}example\.com)", "example.com"},
    {R"(https://.*a.{12}\.example\.com)", "example.com"},
    {R"(https://feature-[a-z0-9]+--app\.example\.com)", "example.com"},
    {R"(https://[0-9]+-dot-app\.example\.com)", "example.com"},
    {R"(https://\d+\.example\.com)", "example.com"},
    {R"(https://xn--[a-z0-9-]+\.example\.com)", "example.com"},
    {R"(https://xn--bcher-kva\.example)", "xn--bcher-kva.example"},
    {R"(https://_dmarc\.example\.com)", "example.com"},
    {R"(https://my_app\.example\.com)", "example.com"},
    {R"(https://.*_app\.example\.com)", "example.com"},
    {R"(https://-\.example\.com)", "example.com"},
    {R"(https://example{1}\.com)", "example.com"},
    {R"(https://example{,3}|https://example\.com)", "example.com"},
    {R"(https://{}\.com|https://example\.com)", "example.com"},
    {R"(https://[]]example\.com|https://a\.com)", "a.com"},
    {R"(https://a[]b]\.com)", "ab.com"},
    {R"(https://[^]\x00-\x2d\x2f-\xff]example\.com)", ""},
    {R"(https://a\.(?:b\.)*example\.com)", "example.com"},
    {R"(https://a\.\n|https://example\.com)", "example.com"},
    {"https://\xc3"
     "\xa4"
     "\\.com|https://example\\.com",
     "example.com"},
    {R"((?i)https://Kelvin\.com)", "kelvin.com"},
    {R"((?i)https://\x{212a}elvin\.com)", "kelvin.com"},
    {"(?i)https://\xc5"
     "\xbf"
     "ample\\.com",
     "sample.com"},
    {"https://\xc5"
     "\xbf"
     "ample\\.com",
     ""},
    {R"([h]ttps://[e]xample\.[c]om)", "example.com"},
    {R"(h(ttps://exampl)e\.com)", "example.com"},
    {R"((((((https://example\.com))))))", "example.com"},
    {R"(https://a\.com|https://b\.com|https://c\.com)", "a.com b.com c.com"},
    {R"((a{0}){1000}https://example\.com)", "example.com"},
    {R"(https://(.*\.)?localhost\.com)", "localhost.com"},
    {R"(https://\d*127\.0\.0\.1)", "", {.loopback = true}},
    {R"(https://a\.example\.com|https://b)", "b example.com"},
    {R"(https://\x2e*example\x2ecom)", "example.com"},
    {R"(https://app1|https://127\.0\.0\.\d+)", "app1", {.loopback = true}},
};

}  // namespace

TEST_CASE("what no browser's origin fits accepts no host") {
    constexpr const char* nobody[] = {
        R"(a\.example)", R"(https://A\.example)", R"(https://a\.example/)", "null",
        "[^/]+",         R"(https://\*\.example)"};
    constexpr const char* somebody[] = {R"(https://a\.example)", "file://", ".*",
                                        R"(http://127\.0\.0\.\d+)", R"(app://A\.example)"};
    for (const std::string_view text : nobody) {
        CAPTURE(text);
        CHECK(interop::prove_expression(text).accepts_no_host());
    }
    for (const std::string_view text : somebody) {
        CAPTURE(text);
        CHECK_FALSE(interop::prove_expression(text).accepts_no_host());
    }
}

TEST_CASE("expressions that let strangers in are not proved, and there is a witness") {
    for (const refused_row& r : refused) {
        const std::string expression = r.expression;
        CAPTURE(expression);
        const interop::expression_proof proof = interop::prove_expression(r.expression);
        CHECK_FALSE(proof.proved);
        CHECK(proof.gap == proof_gap::strangers);
        CHECK(proof.witness == r.witness);
        CHECK(proof.unproved_part.empty());
        CHECK(proof.ends.empty());
        CHECK(proof.may_accept("anything.example"));
        check_witness(r.expression, proof.witness);
        // The witness's domain stands nowhere in the expression.
        std::string written = r.expression;
        std::erase(written, '\\');
        const std::string_view host = host_of(proof.witness);
        const bool address = host.front() == '[' || corsac::detail::ends_in_number(host);
        const bool named = !address && !corsac::is_public_suffix(host);
        const std::string domain(named ? corsac::registrable_domain(host) : host);
        CHECK(lower(written).find("/" + domain) == std::string::npos);
        CHECK(lower(written).find("." + domain) == std::string::npos);
    }
}

TEST_CASE("expressions that name whom they let in are proved, with the names") {
    for (const built_row& r : built) {
        const std::string expression = r.expression;
        CAPTURE(expression);
        const interop::expression_proof proof = interop::prove_expression(r.expression);
        CHECK(proof.proved);
        CHECK_MESSAGE(proof.gap == proof_gap::none, describe(proof));
        CHECK(describe(proof) == "");
        CHECK(joined(proof.ends) == r.ends);
        CHECK(proof.accepts_loopback_addresses == r.also.loopback);
        CHECK(proof.accepts_null == r.also.null);
        CHECK(proof.accepts_null == matches(r.expression, "null"));
        CHECK(proof.accepts_insecure == r.also.insecure);
        CHECK(proof.insecure_witness.empty() != r.also.insecure);
        if (r.also.insecure) check_witness(r.expression, proof.insecure_witness);
        if (r.also.insecure) CHECK(corsac::is_insecure_origin(proof.insecure_witness));
    }
}

TEST_CASE("what is not understood or too much is not proved, and says where") {
    struct row {
        const char* about;
        std::string expression;
        proof_gap gap;
        std::string part;
    };
    std::string long_choice = "https://(";
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (const char first : letters) {
        for (const char second : letters) long_choice += {first, second, '|'};
    }
    long_choice.back() = ')';
    long_choice += R"(\.com)";
    using enum proof_gap;
    const std::string depth(250, '(');
    const row rows[] = {
        {"a Unicode class", R"(https://\p{Greek}+\.example\.com)", not_understood, R"(\p{Greek})"},
        {"of one letter", R"(https://\pL+\.example\.com)", not_understood, R"(\pL)"},
        {"negated", R"(https://[\PN]+\.example\.com)", not_understood, R"(\PN)"},
        {"a border of words", R"(https://\bexample\.com)", not_understood, R"(\b)"},
        {"none", R"(https://\Bexample\.com)", not_understood, R"(\B)"},
        {"a reference", R"((a)\1)", not_understood, R"(\1)"},
        {"a look-ahead", "https://(?!evil).*", not_understood, "(?!"},
        {"a look-behind", "https://(?<=a)b", not_understood, "(?<"},
        {"an unknown flag", "(?x)https://a", not_understood, "(?x"},
        {"a backslash at the end", "https://a\\", not_understood, "\\"},
        {"a parenthesis too few", "https://(a", not_understood, "(a"},
        {"one too many", "https://a)", not_understood, ")"},
        {"an open class", "https://[a-", not_understood, "[a-"},
        {"a range the wrong way round", "https://[z-a]", not_understood, "[z-a"},
        {"a class in a range", R"(https://[a-\d])", not_understood, R"(\d)"},
        {"an unknown class", "https://[[:letter:]]", not_understood, "[:letter:]"},
        {"nothing to repeat", "https://|*", not_understood, "*"},
        {"repeated twice", "https://a**", not_understood, "*"},
        {"more than RE2 repeats", "https://a{1001}", not_understood, "{1001}"},
        {"from more to less", "https://a{3,2}", not_understood, "{3,2}"},
        {"no UTF-8", "https://\xff", not_understood, "\xff"},
        {"a cut character", "https://\xc3", not_understood, "\xc3"},
        {"an overlong one", "https://\xe0\x80\xaf", not_understood, "\xe0\x80\xaf"},
        {"groups in groups", depth, not_understood, "("},
        {"names below which there are suffixes", R"(https://.*\.amazonaws\.com)", suffix_below,
         "amazonaws.com"},
        {"with a part of a label", R"(https://x-.*\.amazonaws\.com)", suffix_below,
         "amazonaws.com"},
        {"nothing that is an origin", "https://.*:443", unwritten, ".*"},
        {"too many names", R"(https://(a|b){12}\.com)", too_many_names,
         R"(https://(a|b){12}\.com)"},
        {"in one list", long_choice, too_many_names, long_choice},
        {"too many to count", R"(https://([ab]?){60}\.com)", too_many_names,
         R"(https://([ab]?){60}\.com)"},
        {"nested repetitions", "((((a{1000}){1000}){1000}){1000})", too_large,
         "((((a{1000}){1000}){1000}){1000})"},
        {"of nothing", "(((()){1000}){1000}){1000}", too_large, "(((()){1000}){1000}){1000}"},
        {"longer than a matcher", std::string(4097, 'a'), too_large, std::string(80, 'a')},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const interop::expression_proof proof = interop::prove_expression(r.expression);
        CHECK_FALSE(proof.proved);
        CHECK(proof.gap == r.gap);
        CHECK(proof.unproved_part == r.part);
        CHECK(proof.witness == "");
        CHECK(describe(proof) != "");
    }
}

TEST_CASE("expressions that are made to take long do not") {
    std::string many;
    const auto repeat = [&](std::string_view part, std::size_t times, std::string_view end) {
        many = "https://";
        for (std::size_t i = 0; i < times; ++i) many += part;
        return many += end;
    };
    const std::string rows[] = {
        repeat(".*", 2000, ""),
        repeat(".*|", 1300, ".*"),
        repeat("(.*x|", 500, ".*" + std::string(500, ')')),
        repeat("(a|b)?", 600, R"(\.com)"),
        repeat("([ab]|[cd])*", 300, R"(\.com)"),
        repeat(R"((.*\.)?)", 500, R"(example\.com)"),
        R"(https://([a-z]{0,63}\.){0,15}[a-z]{1,63}\.com)",
        R"(https://((((a?){10}){10}){10}b)\.com)",
        R"(https://((((\d?){10}){10}){10}b)\.\d)",
        "(.{1000}){15}",
        R"(https://(\w{1000}\d{1000}c{1000}){4}\.\d*)",
        R"(https://\d*(\d|1|2|\d)*.{1000}.{1000}\d*(\.\d*(\d|1|2|\d)*){3})",
    };
    for (const std::string& expression : rows) {
        CAPTURE(expression.substr(0, 60));
        const interop::expression_proof proof = interop::prove_expression(expression);
        if (!proof.witness.empty()) CHECK(corsac::parse_serialized_origin(proof.witness));
        if (proof.proved) CHECK(proof.ends.size() <= interop::max_written_names);
    }
}

TEST_CASE("prefixes, suffixes and their like are proved as expressions are") {
    struct row {
        form how;
        const char* text;
        const char* witness;  ///< empty: proved
        const char* ends;
        bool insecure;
    };
    const row rows[] = {
        {form::exact, "https://a.example", "", "a.example", false},
        {form::exact, "http://a.example", "", "a.example", true},
        {form::exact, "http://localhost:3000", "", "localhost", false},
        {form::exact, "ws://a.example", "", "a.example", true},
        {form::exact, "file://", "", "", false},
        {form::exact, "https://github.io", "", "github.io", false},
        {form::exact, "null", "", "", false},
        {form::exact, "https://a.example/", "", "", false},
        {form::exact, "*", "https://evil.net", "", true},
        {form::prefix, "https://", "https://evil.net", "", false},
        {form::prefix, "http", "https://evil.net", "", true},
        {form::prefix, "https://app.", "https://app.evil.net", "", false},
        {form::prefix, "https://app.example.com", "https://app.example.com.evil.net", "", false},
        {form::prefix, "https://app.example.com:", "", "example.com", false},
        {form::prefix, "https://app.example.com:84", "", "example.com", false},
        {form::prefix, "http://localhost:", "", "localhost", false},
        {form::prefix, "http://localhost", "http://localhost.evil.net", "", true},
        {form::prefix, "https://[::1]:", "", "[::1]", false},
        {form::prefix, "https://127.", "https://127.evil.net", "", false},
        {form::prefix, "chrome-extension://", "chrome-extension://evil.net", "", false},
        {form::suffix, ".example.com", "", "example.com", true},
        {form::suffix, "example.com", "https://evilexample.com", "", true},
        {form::suffix, "://example.com", "", "example.com", true},
        {form::suffix, "-team.example.com", "", "example.com", true},
        {form::suffix, ".com", "https://evil.com", "", true},
        {form::suffix, ".co.uk", "https://evil.co.uk", "", true},
        {form::suffix, ".github.io", "https://evil.github.io", "", true},
        {form::suffix, "https://", "hhttps://", "", false},
        {form::suffix, "://", "h://", "", false},
        {form::suffix, ":8443", "https://evil.net:8443", "", true},
        {form::suffix, ".localhost", "", "localhost", false},
        {form::suffix, ".0.0.1", "h://evil.0.0.1", "", true},
        {form::contains, ".example.com", "https://x.example.com.evil.net", "", true},
        {form::contains, "abc", "https://abc.evil.net", "", true},
        {form::contains, "://a.example.com", "https://a.example.com.evil.net", "", true},
        {form::contains, "://a.example.com:", "", "example.com", true},
        {form::contains, "/", "https://evil.net", "", true},
    };
    for (const row& r : rows) {
        CAPTURE(r.text);
        const interop::string_matcher matcher{r.how, r.text, false, {}};
        const interop::expression_proof proof = prove_matcher(matcher);
        CHECK(proof.proved == (*r.witness == '\0'));
        CHECK(proof.witness == r.witness);
        CHECK(joined(proof.ends) == r.ends);
        CHECK(proof.accepts_insecure == r.insecure);
        if (matcher.text == "*") continue;
        CHECK(proof.accepts_null == matcher.matches("null"));
        for (const std::string& witness : {proof.witness, proof.insecure_witness}) {
            if (witness.empty()) continue;
            CHECK(matcher.matches(witness));
            CHECK(corsac::parse_serialized_origin(witness));
        }
    }
    const interop::string_matcher upper{form::suffix, ".EXAMPLE.com", true, {}};
    CHECK(joined(prove_matcher(upper).ends) == "example.com");
    const interop::string_matcher never{form::suffix, ".EXAMPLE.com", false, {}};
    CHECK(prove_matcher(never).ends ==
          std::vector<std::string>{"example.com"});  // app://a.EXAMPLE.com
    const interop::string_matcher too_long{form::prefix, std::string(4097, 'a'), false, {}};
    CHECK(prove_matcher(too_long).gap == proof_gap::too_large);
}

TEST_CASE("the cheap answer is right where it says no") {
    const auto proof = interop::prove_expression(
        R"((https://(.*\.)?example\.com|https?://(127\.0\.0\.\d+|localhost)|app://Main)(:\d+)?)");
    REQUIRE(proof.proved);
    for (const char* host : {"example.com", "a.example.com", "a.b.example.com", "localhost",
                             "a.localhost", "127.0.0.1", "127.1.2.3", "Main", "main"}) {
        CAPTURE(host);
        CHECK(proof.may_accept(host));
    }
    for (const char* host : {"example.org", "evilexample.com", "example.com.evil.net", "com", "",
                             "example.com.", "10.0.0.1", "domain"}) {
        CAPTURE(host);
        CHECK_FALSE(proof.may_accept(host));
    }
}

TEST_CASE("describe says what is wrong as the rest of a sentence") {
    CHECK(describe(interop::prove_expression(R"(https://.*example\.com)")) ==
          "also accepts https://evilexample.com, which a stranger could own");
    CHECK(describe(interop::prove_expression(R"(https://\pL\.example\.com)")) ==
          R"(is not proved to accept no stranger's origin, for \pL is not understood here)");
    CHECK(describe(interop::prove_expression(R"(https://.*\.amazonaws\.com)")) ==
          "also accepts names under public suffixes below amazonaws.com");
    CHECK(describe(interop::prove_expression(R"(https://(a|b){12}\.com)")) ==
          "names more than 1024 domains");
}

// The judge is RE2: whatever it says that a proved expression matches has to be on a name that the
// proof gives; every witness has to match.
TEST_CASE("no random expression is proved wrongly") {
    dice roll(20261125);
    constexpr std::string_view alphabets[] = {"ab.", "ab.-1", "aAbB.~(", "ab./:", "ab.[]:1"};
    int proved = 0, accepted = 0, witnesses = 0;
    for (int i = 0; i < 4000; ++i) {
        expression_maker make(roll, roll.any_of(alphabets));
        const random_node tree = make.origin();
        const std::string expression = spell(tree, roll);
        const RE2 re2(expression, RE2::Quiet);
        if (!re2.ok()) continue;
        CAPTURE(expression);
        const corsac::public_suffix_predicate consulted = i % 2 == 0 ? nullptr : is_own_suffix;
        const interop::expression_proof proof =
            interop::prove_matcher({form::regex, expression, false, {}}, consulted);
        if (!proof.witness.empty()) check_witness(expression, proof.witness);
        if (!proof.insecure_witness.empty()) check_witness(expression, proof.insecure_witness);
        CHECK(proof.accepts_null == RE2::FullMatch("null", re2));
        witnesses += proof.witness.empty() ? 0 : 1;
        proved += proof.proved && !proof.ends.empty() ? 1 : 0;
        for (int n = 0; n < (proof.proved ? 60 : 6); ++n) {
            std::string origin;
            sample(tree, roll, origin);
            if (n % 2 == 1) origin = mutate(origin, roll);
            if (!corsac::parse_serialized_origin(origin) || !RE2::FullMatch(origin, re2)) continue;
            ++accepted;
            const std::string_view host = host_of(origin);
            const bool insecure = corsac::is_insecure_origin(origin);
            if ((proof.proved && !(is_covered(proof, host, consulted) && proof.may_accept(host))) ||
                (insecure && !proof.accepts_insecure)) {
                CAPTURE(origin);
                FAIL_CHECK("the proof is wrong");
            }
        }
    }
    CHECK(proved > 800);
    CHECK(witnesses > 1000);
    CHECK(accepted > 20000);
}

// On a small alphabet all hosts of some length can be tried.
TEST_CASE("every short host that RE2 accepts is on a name of the proof") {
    std::vector<std::string> origins;
    std::vector<std::string> hosts{""};
    for (int length = 1; length <= 5; ++length) {
        std::vector<std::string> longer;
        for (const std::string& host : hosts) {
            for (const char c : std::string_view("ab.1")) longer.push_back(host + c);
        }
        hosts = std::move(longer);
        for (const std::string& host : hosts) {
            if (corsac::parse_serialized_origin("https://" + host)) {
                origins.push_back("https://" + host);
            }
        }
    }
    dice roll(20261126);
    int proved = 0, accepted = 0;
    for (int i = 0; i < 600; ++i) {
        expression_maker make(roll, "ab.1");
        const std::string expression = "https://" + spell(make.part(5), roll);
        const RE2 re2(expression, RE2::Quiet);
        if (!re2.ok()) continue;
        CAPTURE(expression);
        const corsac::public_suffix_predicate consulted = i % 2 == 0 ? nullptr : is_own_suffix;
        const interop::expression_proof proof =
            interop::prove_matcher({form::regex, expression, false, {}}, consulted);
        if (!proof.proved) continue;
        ++proved;
        for (const std::string& origin : origins) {
            if (!RE2::FullMatch(origin, re2)) continue;
            ++accepted;
            if (!is_covered(proof, host_of(origin), consulted)) {
                CAPTURE(origin);
                FAIL_CHECK("the proof is wrong");
            }
        }
    }
    CHECK(proved > 300);
    CHECK(accepted > 100);
}
