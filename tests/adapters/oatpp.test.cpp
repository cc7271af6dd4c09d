// SPDX-License-Identifier: MIT
#include <corsac/adapters/oatpp.hpp>

#include <corsac/corsac.hpp>

#include "stand_ins.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using stand_ins::fields;
using stand_ins::from_app;
using stand_ins::from_evil;
using stand_ins::policy;
using stand_ins::preflight;
using stand_ins::values;

// Oat++: labels into the request's bytes, nothing can be erased.

namespace oatpp_like {

struct label {
    std::string text;
    label(const char* t) : text(t) {}
    label(const std::shared_ptr<std::string>& t) : text(*t) {}
    friend bool operator<(const label& a, const label& b) { return a.text < b.text; }
    [[nodiscard]] const void* getData() const { return text.data(); }
    [[nodiscard]] long getSize() const { return static_cast<long>(text.size()); }
};
class headers {
public:
    [[nodiscard]] const std::vector<std::pair<label, label>>& getAll_Unsafe() const {
        return lines_;
    }
    void put_LockFree(const label& name, const label& value) { lines_.emplace_back(name, value); }

private:
    std::vector<std::pair<label, label>> lines_{};
};
struct starting_line {
    label method;
    label path = "/";
};
struct kept {
    std::shared_ptr<void> what;
    explicit kept(std::shared_ptr<void> w) : what(std::move(w)) {}
    [[nodiscard]] const std::shared_ptr<void>& getPtr() const { return what; }
};
struct bundle {
    std::map<label, kept> all{};
    [[nodiscard]] const std::map<label, kept>& getAll() const { return all; }
};
struct request {
    starting_line line;
    headers lines{};
    bundle holds{};
    [[nodiscard]] const bundle& getBundle() const { return holds; }
    void putBundleData(const label& key, const kept& what) { holds.all.emplace(key, what); }
    [[nodiscard]] const starting_line& getStartingLine() const { return line; }
    [[nodiscard]] const headers& getHeaders() const { return lines; }
};
struct status {
    int code;
    status(int c, const char*) : code(c) {}
};
class response {
public:
    explicit response(status s) : status_(s) {}
    static std::shared_ptr<response> createShared(status s, std::nullptr_t) {
        return std::make_shared<response>(s);
    }
    [[nodiscard]] const status& getStatus() const { return status_; }
    headers& getHeaders() { return lines_; }
    void putHeader_Unsafe(const label& name, const label& value) {
        lines_.put_LockFree(name, value);
    }
    [[nodiscard]] fields sent() const {
        fields all;
        for (const auto& [n, v] : lines_.getAll_Unsafe()) all.emplace_back(n.text, v.text);
        return all;
    }

private:
    status status_;
    headers lines_{};
};
struct request_interceptor {
    using IncomingRequest = request;
    using OutgoingResponse = response;
    virtual ~request_interceptor() = default;
    virtual std::shared_ptr<response> intercept(const std::shared_ptr<request>&) = 0;
};
struct response_interceptor {
    using IncomingRequest = request;
    using OutgoingResponse = response;
    virtual ~response_interceptor() = default;
    virtual std::shared_ptr<response> intercept(const std::shared_ptr<request>&,
                                                const std::shared_ptr<response>&) = 0;
};

std::shared_ptr<request> make_request(const char* method, const fields& sent) {
    auto made = std::make_shared<request>(request{{method}});
    for (const auto& [name, value] : sent) {
        made->lines.put_LockFree(name.c_str(), value.c_str());
    }
    return made;
}

/// A connection handler, which runs a request through its interceptors.
struct handler {
    std::vector<std::shared_ptr<request_interceptor>> before{};
    std::vector<std::shared_ptr<response_interceptor>> after{};
    mutable bool routed = false;  ///< the last request

    void addRequestInterceptor(std::shared_ptr<request_interceptor> one) {
        before.push_back(std::move(one));
    }
    void addResponseInterceptor(std::shared_ptr<response_interceptor> one) {
        after.push_back(std::move(one));
    }
    /// @param written  By the handler of the route, unless an interceptor answers.
    [[nodiscard]] std::shared_ptr<response> serve(const std::shared_ptr<request>& asked,
                                                  const fields& written) const {
        std::shared_ptr<response> answer;
        for (const auto& one : before) answer = one->intercept(asked);
        routed = !answer;
        if (!answer) {
            answer = std::make_shared<response>(status{200, "OK"});
            for (const auto& [name, value] : written) {
                answer->putHeader_Unsafe(name.c_str(), value.c_str());
            }
        }
        for (const auto& one : after) answer = one->intercept(asked, answer);
        return answer;
    }
};

}  // namespace oatpp_like

}  // namespace

/// What Oat++ has for every source.
template <class Source>
    requires(!std::is_void_v<Source>)
struct corsac::oatpp_types<Source> {
    using request_interceptor = oatpp_like::request_interceptor;
    using response_interceptor = oatpp_like::response_interceptor;
};

namespace {

TEST_CASE("Oat++: interceptors answer preflights, and replace what cannot be erased") {
    using source = corsac::single_policy<corsac::policy>;
    const source shared = corsac::detail::as_policy_source(policy());
    corsac::oatpp_request_interceptor<source, oatpp_like::request_interceptor> before{shared};
    corsac::oatpp_response_interceptor<source, oatpp_like::response_interceptor> after{shared};

    const auto asked = oatpp_like::make_request("OPTIONS", preflight);
    const auto answer = before.intercept(asked);
    REQUIRE(answer);
    CHECK(answer->getStatus().code == 204);
    CHECK(values(after.intercept(asked, answer)->sent(), "access-control-allow-methods") == "PUT");
    CHECK_FALSE(before.intercept(oatpp_like::make_request("GET", from_app)));

    const auto handlers = std::make_shared<oatpp_like::response>(oatpp_like::status{200, "OK"});
    handlers->putHeader_Unsafe("Access-Control-Allow-Origin", "*");
    handlers->putHeader_Unsafe("Content-Type", "text/plain");
    after.intercept(oatpp_like::make_request("GET", from_evil), handlers);
    CHECK(values(handlers->sent(), "access-control-allow-origin") == "");
    CHECK(values(handlers->sent(), "content-type") == "text/plain");
    CHECK(values(handlers->sent(), "vary") == "Origin");
    CHECK(after.intercept(nullptr, handlers) == handlers);
}

struct row {
    const char* about;
    const char* method;
    fields sent;
    fields written;
    int status;
    fields received;
};

const row rows[] = {
    {"a preflight is answered",
     "OPTIONS",
     preflight,
     {},
     204,
     {{"access-control-allow-origin", "https://app.example"},
      {"access-control-allow-credentials", "true"},
      {"access-control-allow-methods", "PUT"},
      {"access-control-allow-headers", "x-custom-a"},
      {"vary", "Origin"},
      {"vary", "Access-Control-Request-Method"},
      {"vary", "Access-Control-Request-Headers"}}},
    {"a response that has nothing of ours keeps all it has",
     "GET",
     from_evil,
     {{"Content-Type", "text/plain"}, {"Vary", "Accept"}},
     200,
     {{"Content-Type", "text/plain"}, {"Vary", "Accept"}, {"vary", "Origin"}}},
    {"what the handler wrote of ours is replaced, and the rest is kept",
     "GET",
     from_app,
     {{"Access-Control-Allow-Origin", "*"}, {"X-A", "1"}, {"ACCESS-CONTROL-MAX-AGE", "5"}},
     200,
     {{"X-A", "1"},
      {"access-control-allow-origin", "https://app.example"},
      {"access-control-allow-credentials", "true"},
      {"vary", "Origin"}}},
    {"Vary has the token already",
     "GET",
     from_evil,
     {{"VARY", "accept, origin"}, {"X-Origin", "Origin"}},
     200,
     {{"VARY", "accept, origin"}, {"X-Origin", "Origin"}}},
    {"another field with that value is no Vary",
     "GET",
     from_evil,
     {{"X-Depends-On", "Origin"}},
     200,
     {{"X-Depends-On", "Origin"}, {"vary", "Origin"}}},
};

TEST_CASE("Oat++: both interceptors are installed, and every response has the policy's fields") {
    std::string seen;
    oatpp_like::handler handler;
    corsac::oatpp_install(handler, corsac::observed(policy(), [&seen](const corsac::decision& d) {
                              seen.append(d.allows() ? "+" : "-");
                          }));
    for (const row& r : rows) {
        CAPTURE(r.about);
        const auto got = handler.serve(oatpp_like::make_request(r.method, r.sent), r.written);
        CHECK(got->getStatus().code == r.status);
        CHECK(handler.routed == (r.status == 200));
        CHECK(got->sent() == r.received);
    }
    CHECK(seen == "+-+--");
}

TEST_CASE("Oat++: a source that may change is asked once for a request") {
    int asked = 0;
    oatpp_like::handler handler;
    corsac::oatpp_install(handler, [&asked](const oatpp_like::request&) {
        return ++asked % 2 == 1 ? &policy() : nullptr;
    });
    const auto once = handler.serve(oatpp_like::make_request("GET", from_app), {});
    CHECK(values(once->sent(), "access-control-allow-origin") == "https://app.example");
    CHECK(asked == 1);
    // An interceptor in front has ended it, so the second is the first to ask.
    const auto ended = std::make_shared<oatpp_like::response>(oatpp_like::status{401, ""});
    asked = 2;
    handler.after.front()->intercept(oatpp_like::make_request("GET", from_app), ended);
    CHECK(values(ended->sent(), "access-control-allow-origin") == "https://app.example");
    CHECK(asked == 3);
}

TEST_CASE("Oat++: a preflight that an interceptor in front refused is answered all the same") {
    oatpp_like::handler handler;
    corsac::oatpp_install(handler, policy());
    const auto ended = std::make_shared<oatpp_like::response>(oatpp_like::status{401, ""});
    const auto sent =
        handler.after.front()->intercept(oatpp_like::make_request("OPTIONS", preflight), ended);
    CHECK(sent->getStatus().code == 204);
    CHECK(values(sent->sent(), "access-control-allow-methods") == "PUT");
}

TEST_CASE("Oat++: a path is the one its router sees") {
    const auto seen = [](const char* path) {
        const oatpp_like::request asked{{"GET", path}};
        const corsac::oatpp_request view{asked};
        return view.path() + "?" + std::string{view.query()};
    };
    CHECK(seen("/a//b/") == "/a/b?");
    CHECK(seen("/%61?x=/y//z") == "/%61?x=/y//z");
}

}  // namespace
