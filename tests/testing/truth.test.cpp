// SPDX-License-Identifier: MIT
#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// browser-truth.jsonl holds what Chromium and Firefox did in a few hundred cases, and what the
// standard expects of them, one case a line. Here the simulator takes each of them again: as the
// standard, and with the quirks of either browser. CORSAC_BROWSER_TRUTH in the environment names
// another file.

namespace {

namespace sim = corsac::testing;
using nlohmann::json;

const char* truth_path() {
    const char* other = std::getenv("CORSAC_BROWSER_TRUTH");
    return other != nullptr ? other : CORSAC_BROWSER_TRUTH;
}

std::string text(const json& object, const char* key, const char* otherwise) {
    return object.contains(key) && object[key].is_string() ? object[key].get<std::string>()
                                                           : std::string(otherwise);
}

/// Header values are bytes, which the file spells as the characters U+0000 to U+00FF.
std::string bytes(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead == 0xc2 || lead == 0xc3) {
            const auto next = static_cast<unsigned char>(utf8[++i]);
            out += static_cast<char>(((lead & 3U) << 6) | (next & 0x3fU));
        } else {
            out += utf8[i];
        }
    }
    return out;
}

sim::header_list headers(const json& pairs) {
    sim::header_list out;
    for (const json& pair : pairs) {
        out.push_back({pair[0].get<std::string>(), bytes(pair[1].get<std::string>())});
    }
    return out;
}

/// The server of a case: it answers as its hops say, and notes what the wire records leave out.
class lab {
public:
    explicit lab(const json& line) : hops_(line.value("hops", json::array())) {}

    sim::response operator()(const sim::request& r) {
        authorization.push_back(r.first("Authorization").has_value());
        metadata.push_back(std::string(r.first("Sec-Fetch-Site").value_or("")) + '|' +
                           std::string(r.first("Sec-Fetch-Mode").value_or("")));
        content_type.push_back(sim::detail::get(r.headers, "Content-Type").value_or(""));
        const json* hop = find(r.url);
        if (hop == nullptr) return {404, {}};
        if (r.method == "OPTIONS" && r.first("Access-Control-Request-Method")) {
            const json& preflight = (*hop)["preflight"];
            return preflight.is_object() ? answer(preflight, r) : sim::response{405, {}};
        }
        const json& actual = hop->contains("actual") ? (*hop)["actual"]
                             : r.first("Origin")     ? (*hop)["actual_with_origin"]
                                                     : (*hop)["actual_without_origin"];
        if (!actual.is_array()) return answer(actual, r);
        const std::size_t n = served_[r.url]++;
        return answer(actual[n < actual.size() ? n : actual.size() - 1], r);
    }

    std::vector<bool> authorization{};
    /// `Sec-Fetch-Site|Sec-Fetch-Mode`
    std::vector<std::string> metadata{};
    std::vector<std::string> content_type{};

private:
    const json* find(const std::string& url) const {
        for (const json& hop : hops_) {
            const std::string at = hop.at("url");
            if (at.substr(0, at.find_first_of("?#")) == url.substr(0, url.find('?'))) return &hop;
        }
        return nullptr;
    }

    static sim::response answer(const json& spec, const sim::request& r) {
        sim::response out{spec.at("status").get<int>(), {}};
        for (sim::header& h : headers(spec.value("headers", json::array()))) {
            const std::string origin(r.first("Origin").value_or(""));
            for (std::size_t at = 0; (at = h.value.find("{ORIGIN}", at)) != std::string::npos;) {
                h.value.replace(at, 8, origin);
            }
            out.headers.push_back(h);
        }
        return out;
    }

    json hops_;
    std::map<std::string, std::size_t> served_{};
};

template <class T>
T pick(const std::string& word, std::initializer_list<std::pair<const char*, T>> table,
       T otherwise) {
    for (const auto& [name, value] : table) {
        if (word == name) return value;
    }
    return otherwise;
}

sim::request_body body_of(const json& spec) {
    using kind = sim::body_kind;
    if (!spec.is_object()) return {};
    return {.kind = pick<kind>(text(spec, "type", "string"),
                               {{"string", kind::text},
                                {"urlsearchparams", kind::url_search_params},
                                {"params", kind::url_search_params},
                                {"formdata", kind::form_data},
                                {"blob", kind::blob},
                                {"arraybuffer", kind::array_buffer},
                                {"stream", kind::stream}},
                               kind::text),
            .value = text(spec, "value", ""),
            .mime = text(spec, "mime", "")};
}

sim::fetch_options options_of(const json& r) {
    using credentials = sim::credentials_mode;
    using policy = sim::referrer_policy;
    sim::fetch_options out;
    out.url = r.at("url").get<std::string>();
    out.method = text(r, "method", "GET");
    out.headers = headers(r.value("headers", json::array()));
    out.credentials = pick<credentials>(
        text(r, "credentials", ""),
        {{"omit", credentials::omit}, {"include", credentials::include}}, credentials::same_origin);
    out.mode = pick<sim::request_mode>(
        text(r, "mode", ""),
        {{"no-cors", sim::request_mode::no_cors}, {"same-origin", sim::request_mode::same_origin}},
        sim::request_mode::cors);
    out.redirect = pick<sim::redirect_mode>(
        text(r, "redirect", ""),
        {{"error", sim::redirect_mode::error}, {"manual", sim::redirect_mode::manual}},
        sim::redirect_mode::follow);
    out.cache = pick<sim::cache_mode>(text(r, "cache", ""),
                                      {{"no-store", sim::cache_mode::no_store},
                                       {"reload", sim::cache_mode::reload},
                                       {"no-cache", sim::cache_mode::no_cache},
                                       {"force-cache", sim::cache_mode::force_cache},
                                       {"only-if-cached", sim::cache_mode::only_if_cached}},
                                      sim::cache_mode::normal);
    out.referrer_policy =
        pick<policy>(text(r, "referrerPolicy", ""),
                     {{"no-referrer", policy::no_referrer},
                      {"no-referrer-when-downgrade", policy::no_referrer_when_downgrade},
                      {"same-origin", policy::same_origin},
                      {"origin", policy::origin},
                      {"strict-origin", policy::strict_origin},
                      {"origin-when-cross-origin", policy::origin_when_cross_origin},
                      {"strict-origin-when-cross-origin", policy::strict_origin_when_cross_origin},
                      {"unsafe-url", policy::unsafe_url}},
                     policy::unset);
    out.body = body_of(r.value("body", json()));
    out.upload_listener = r.value("uploadListener", false);
    return out;
}

/// Makes the options say what an element or an API other than `fetch` would ask for. False where
/// the simulator does not know that way.
bool apply_initiator(const json& r, sim::fetch_options& out) {
    const std::string via = text(r, "via", "fetch");
    if (via == "fetch" || via == "timing") return true;
    out.initiator = pick<sim::initiator>(via,
                                         {{"xhr", sim::initiator::xhr},
                                          {"img", sim::initiator::image},
                                          {"script", sim::initiator::script},
                                          {"module", sim::initiator::script},
                                          {"css", sim::initiator::stylesheet},
                                          {"font", sim::initiator::font},
                                          {"video", sim::initiator::video},
                                          {"audio", sim::initiator::audio},
                                          {"eventsource", sim::initiator::event_source},
                                          {"beacon", sim::initiator::beacon},
                                          {"form", sim::initiator::form},
                                          {"websocket", sim::initiator::websocket}},
                                         sim::initiator::fetch);
    if (out.initiator == sim::initiator::fetch) return false;
    if (out.initiator == sim::initiator::beacon || out.initiator == sim::initiator::websocket) {
        return true;
    }
    if (out.initiator == sim::initiator::form) {
        // The form has one field.
        const std::string enctype = text(r, "enctype", "");
        out.body = {.kind = enctype == "multipart/form-data" ? sim::body_kind::form_data
                            : enctype == "text/plain"        ? sim::body_kind::text
                                                             : sim::body_kind::url_search_params,
                    .value = "a=b"};
        if (out.method == "GET") {
            out.body = {};
            out.url = out.url.substr(0, out.url.find_first_of("?#")) + "?a=b";
        }
        return true;
    }
    const std::string crossorigin = text(r, "crossorigin", "");
    if (via == "xhr" || via == "module" || via == "font" || via == "eventsource") {
        if (crossorigin == "use-credentials" || r.value("withCredentials", false)) {
            out.credentials = sim::credentials_mode::include;
        }
        return true;
    }
    out.mode = crossorigin.empty() ? sim::request_mode::no_cors : sim::request_mode::cors;
    if (crossorigin.empty() || crossorigin == "use-credentials") {
        out.credentials = sim::credentials_mode::include;
    }
    return true;
}

sim::page_options page_of(const std::string& page, const std::string& context,
                          const sim::quirks& q) {
    const bool opaque = context == "sandbox" || context == "data" || context == "file";
    // Every page of the measurement has this path; some messages show it, of a blob: its origin.
    return {.url = page + (context == "blob" ? "/" : "/lab-page"),
            .context = opaque ? sim::page_context::opaque : sim::page_context::document,
            .quirks = q};
}

json nullable(const std::optional<std::string>& value) { return value ? json(*value) : json(); }

/// A request list as text, for comparison and for reports.
std::string requests_text(const sim::answer& a) {
    std::string out;
    for (const sim::wire_request& r : a.requests) {
        out += json{std::string(to_string(r.kind)),
                    r.method,
                    r.url,
                    nullable(r.origin),
                    nullable(r.acrm),
                    nullable(r.acrh)}
                   .dump() +
               "\n";
    }
    return out;
}

std::string requests_text(const json& expected) {
    std::string out;
    for (const json& r : expected) {
        out += json{r.at("kind"),   r.at("method"), r.at("url"),
                    r.at("origin"), r.at("acrm"),   r.at("acrh")}
                   .dump() +
               "\n";
    }
    return out;
}

/// A console without what nobody can foretell: the name of an opaque origin in Firefox, and which
/// of several headers at fault Chromium comes across first.
std::string comparable(std::string console) {
    for (const auto& [from, to] :
         {std::pair{"moz-nullprincipal:{", "}"}, std::pair{"Request header field ", " is not "}}) {
        for (std::size_t at = 0; (at = console.find(from, at)) != std::string::npos;) {
            at += std::string_view(from).size();
            const std::size_t end = console.find(to, at);
            if (end != std::string::npos) console.replace(at, end - at, "…");
        }
    }
    return console;
}

/// Everything in which an answer differs from a column of the file; empty where it agrees. What the
/// console shows stands apart.
struct difference_text {
    std::string facts{};
    std::string words{};
};

/// @param compares_console  Where several requests were made, nobody knows whose a line is.
difference_text difference(const sim::answer& a, const json& expected, const lab& server,
                           const std::string& via, bool compares_console) {
    const bool is_fetch = via == "fetch";
    const bool has_headers = is_fetch || via == "xhr";
    difference_text result;
    std::string& out = result.facts;
    const auto compare = [&](const char* what, const std::string& ours, const std::string& theirs) {
        if (ours != theirs) out += std::string(what) + ": " + ours + " instead of " + theirs + "\n";
    };
    const auto say = [&](const char* what, const std::string& ours, const std::string& theirs) {
        if (ours == theirs) return;
        result.words += std::string(what) + ": " + ours + " instead of " + theirs + "\n";
    };
    // Nobody tells a page what became of its beacons and forms.
    const bool is_told = via != "beacon" && via != "form";
    if (is_told) {
        compare("verdict", std::string(to_string(a.verdict)), text(expected, "verdict", ""));
    }
    if (expected.contains("step")) {
        compare("step", std::string(to_string(a.blocked_at)), text(expected, "step", "none"));
    }
    // An element shows no headers to anyone.
    if (has_headers && expected.contains("exposed")) {
        compare("exposed", json(a.exposed()).dump(), expected.at("exposed").dump());
    }
    if (is_fetch && expected.contains("type")) {
        compare("type", std::string(to_string(a.type)), text(expected, "type", ""));
    }
    if (is_fetch && expected.contains("status")) {
        compare("status", std::to_string(a.status), expected.at("status").dump());
    }
    if (expected.contains("tao")) {
        compare("tao", a.timing_allowed ? "true" : "false", expected.at("tao").dump());
    }
    if (is_fetch && expected.contains("error"))
        say("error", json(a.error).dump(), json(text(expected, "error", "")).dump());
    if (!expected.contains("step") && compares_console) {  // a browser, which may be silent
        json lines = expected.value("console", json::array());
        // Elements and EventSource add lines of their own.
        while (!is_fetch && lines.size() > a.console.size()) lines.erase(lines.size() - 1);
        say("console", comparable(json(a.console).dump()), comparable(lines.dump()));
    }
    if (!expected.contains("requests")) return result;
    const json& requests = expected.at("requests");
    compare("requests", requests_text(a), requests_text(requests));
    for (std::size_t i = 0; i < requests.size() && i < a.requests.size(); ++i) {
        const json& r = requests[i];
        if (r.value("cookie", false) && !a.requests[i].credentials) out += "cookie\n";
        if (const std::string sec = text(r, "sec", "|||"); sec != "|||") {
            const std::string theirs = sec.substr(0, sec.find('|', sec.find('|') + 1));
            // After a redirect between hosts without a registrable domain, Firefox says now this,
            // now that.
            const std::string host = r.at("url");
            const bool alone =
                host.find("//127.") != host.npos || host.find("//localhost") != host.npos;
            if (i == 0 || !alone) compare("metadata", server.metadata[i], theirs);
        }
        if (!r.contains("cookie") && !r.contains("authorization")) continue;
        compare("authorization", server.authorization[i] ? "sent" : "not sent",
                r.value("authorization", false) ? "sent" : "not sent");
        // What follows the first semicolon may be a boundary, which is new each time.
        const std::string type = bytes(text(r, "content_type", ""));
        const auto essence = [](const std::string& t) { return t.substr(0, t.find(';')); };
        if (!type.empty()) {
            compare("content-type", essence(server.content_type[i]), essence(type));
        }
    }
    return result;
}

struct tally {
    int agree = 0;
    int total = 0;
};

struct column {
    const char* name;
    const sim::quirks& quirks;
    std::map<std::string, tally> groups{};
    std::string disagreements{};
    /// Texts of the console and of errors, where nothing else disagrees.
    std::string other_words{};
    int lines_with_other_words = 0;

    void count(const json& line, const difference_text& difference) {
        tally& t = groups[line.at("group")];
        const std::string id = line.at("id");
        ++t.total;
        if (difference.facts.empty())
            ++t.agree;
        else
            disagreements += id + "\n" + difference.facts;
        if (difference.words.empty()) return;
        other_words += id + "\n" + difference.words;
        ++lines_with_other_words;
    }
};

/// A line of the group `bytes`: for which byte (or length) in the template does a preflight come?
difference_text bytes_difference(const json& line, const json& expected, const sim::quirks& q) {
    json preflighted = json::array();
    const std::string name = line.at("header");
    for (const json& key : line.at("keys")) {
        std::string value = line.at("template");
        const auto number = key.get<std::size_t>();
        const std::string byte(1, static_cast<char>(number));
        const std::size_t at = value.find('<');
        if (at == std::string::npos) return {"no place in the template\n", {}};
        const std::size_t size = value.find('>', at) + 1 - at;
        value.replace(at, size,
                      value.substr(at, size) == "<byte>" ? byte : std::string(number, 'a'));
        lab server(line);
        const sim::answer a = sim::browser("http://127.0.0.1:9101", q)
                                  .fetch({.url = "http://127.0.0.1:9103/bytes",
                                          .method = "POST",
                                          .headers = {{name, value}},
                                          .body = {.kind = sim::body_kind::array_buffer}},
                                         server);
        if (a.preflights() != 0) preflighted.push_back(key);
    }
    if (preflighted == expected.at("preflighted")) return {};
    return {"preflighted: " + preflighted.dump() + "\n", {}};
}

difference_text sequence_difference(const json& line, const json& expected, const sim::quirks& q) {
    difference_text out;
    lab server(line);
    sim::browser b(page_of("http://127.0.0.1:9101", "page", q));
    for (std::size_t i = 0; i < line.at("steps").size(); ++i) {
        const json& s = line.at("steps")[i];
        b.wait(s.value("wait_ms", std::int64_t{0}));
        if (s.contains("at_ms")) b.wait(s.at("at_ms").get<std::int64_t>() - b.now());
        b.visit(s.at("page").get<std::string>());
        server.authorization.clear();
        server.content_type.clear();
        server.metadata.clear();
        const sim::answer a = b.fetch(options_of(s.at("request")), server);
        const difference_text d = difference(a, expected.at("steps")[i], server, "fetch",
                                             expected.at("steps")[i].contains("console"));
        const std::string step = "step " + std::to_string(i) + ": ";
        if (!d.facts.empty()) out.facts += step + d.facts;
        if (!d.words.empty()) out.words += step + d.words;
    }
    return out;
}

void take(const json& line, column& c) {
    if (!line.contains(c.name) || !line[c.name].is_object()) return;
    const json& expected = line[c.name];
    if (line.at("group") == "lna") return;  // out of scope
    if (line.contains("keys")) {
        c.count(line, bytes_difference(line, expected, c.quirks));
        return;
    }
    if (line.contains("steps")) {
        c.count(line, sequence_difference(line, expected, c.quirks));
        return;
    }
    sim::fetch_options options = options_of(line.at("request"));
    if (!apply_initiator(line.at("request"), options)) return;
    lab server(line);
    const auto page =
        page_of(line.at("page").get<std::string>(), text(line, "context", "page"), c.quirks);
    const sim::answer a = sim::browser(page).fetch(options, server);
    c.count(line, difference(a, expected, server, text(line.at("request"), "via", "fetch"), true));
}

}  // namespace

TEST_CASE("the simulator agrees with the standard and with real browsers") {
    std::ifstream file(truth_path());
    REQUIRE(file.is_open());
    column columns[] = {{"standard", sim::quirks::standard},
                        {"chromium", sim::quirks::chromium},
                        {"firefox", sim::quirks::firefox}};
    std::map<std::string, int> groups;
    for (std::string text_line; std::getline(file, text_line);) {
        const json line = json::parse(text_line);
        if (!line.contains("id")) continue;
        ++groups[line.at("group")];
        for (column& c : columns) {
            try {
                take(line, c);
            } catch (const json::exception& e) {
                c.count(line, {std::string("not understood: ") + e.what() + "\n", {}});
            }
        }
    }
    std::printf("%-20s %8s %12s %12s %12s\n", "group", "lines", "standard", "chromium", "firefox");
    for (const auto& [group, lines] : groups) {
        std::printf("%-20s %8d", group.c_str(), lines);
        for (column& c : columns)
            std::printf(" %5d/%-6d", c.groups[group].agree, c.groups[group].total);
        std::printf("\n");
    }
    int total = 0;
    for (const column& c : columns) {
        CAPTURE(c.name);
        CHECK(c.disagreements == "");
        // Of what was recorded elsewhere: a line of the console may be lost on its way.
        if (std::getenv("CORSAC_BROWSER_TRUTH") == nullptr) {
            CHECK(c.other_words == "");
        } else if (!c.other_words.empty()) {
            std::printf("%s: other words in %d lines\n%s", c.name, c.lines_with_other_words,
                        c.other_words.c_str());
        }
        for (const auto& [group, t] : c.groups) total += t.total;
    }
    CHECK(total > 0);
}
