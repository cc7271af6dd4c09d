// SPDX-License-Identifier: MIT
#include "bench.hpp"

#include <corsac/adapters/drogon.hpp>

#include <drogon/HttpRequest.h>
#include <drogon/HttpResponse.h>

#include <cctype>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using drogon::HttpRequestPtr;
using drogon::HttpResponse;
using drogon::HttpResponsePtr;

/// Keeps what `drogon_install` installs, so that it can be called without a socket.
struct installed {
    std::function<HttpResponsePtr(const HttpRequestPtr&)> sync;
    std::function<void(const HttpRequestPtr&, const HttpResponsePtr&)> pre_sending;

    void registerSyncAdvice(decltype(sync) f) { sync = std::move(f); }
    void registerPreSendingAdvice(decltype(pre_sending) f) { pre_sending = std::move(f); }
};

HttpRequestPtr make_request(std::string_view origin, bool preflight) {
    auto request = drogon::HttpRequest::newHttpRequest();
    request->setMethod(preflight ? drogon::Options : drogon::Get);
    const auto add = [&](std::string_view name, std::string_view value) {
        std::string lower{name};  // as the parser leaves it
        for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        request->addHeader(std::move(lower), std::string{value});
    };
    bench::fill(add, origin, preflight);
    return request;
}

HttpResponsePtr make_response(bool preflight) {
    auto response = HttpResponse::newHttpResponse();
    if (preflight) {
        response->setStatusCode(drogon::k204NoContent);
        response->setContentTypeCode(drogon::CT_NONE);
    } else {
        response->setContentTypeCode(drogon::CT_APPLICATION_JSON);
        response->setBody(R"({"id":7})");
    }
    return response;
}

HttpResponsePtr ideal(const HttpRequestPtr& request, bool preflight) {
    auto response = make_response(preflight);
    const std::string& origin = request->getHeader("origin");
    response->addHeader("vary", std::string{preflight ? bench::vary_preflight : "Origin"});
    if (!bench::is_allowed(origin)) return response;
    response->addHeader("access-control-allow-origin", origin);
    response->addHeader("access-control-allow-credentials", "true");
    response->addHeader("access-control-expose-headers", std::string{bench::exposed});
    if (!preflight) return response;
    response->addHeader("access-control-allow-methods", std::string{bench::methods});
    response->addHeader("access-control-allow-headers", std::string{bench::headers});
    response->addHeader("access-control-max-age", std::string{bench::max_age});
    return response;
}

template <class Way>
void add(const char* name, std::string_view origin, bool preflight, Way way) {
    bench::add(name, [=, request = make_request(origin, preflight)] {
        HttpResponsePtr response = way(request, preflight);
        benchmark::DoNotOptimize(response);
    });
}

const bench::group all{[] {
    const auto base = [](const HttpRequestPtr&, bool preflight) {
        return make_response(preflight);
    };
    const auto corsacs = [](const HttpRequestPtr& request, bool preflight) {
        static const installed hooks = [] {
            installed h;
            corsac::drogon_install(h, bench::policy(), {});
            return h;
        }();
        if (auto answer = hooks.sync(request)) return answer;
        auto response = make_response(preflight);
        hooks.pre_sending(request, response);
        return response;
    };
    const auto own = [](const HttpRequestPtr& request, bool preflight) {
        static const std::function<bool(std::string_view)> is_allowed =
            [](std::string_view origin) { return origin == bench::allowed; };
        if (preflight) {
            return HttpResponse::newOptionsResponse(request, is_allowed, false, true, false, 600U);
        }
        auto response = make_response(false);
        response->addCorsHeaders(request, {bench::exposed}, true);
        return response;
    };
    add("drogon/allowed/base", bench::allowed, false, base);
    add("drogon/allowed/ideal", bench::allowed, false, ideal);
    add("drogon/allowed/corsac", bench::allowed, false, corsacs);
    add("drogon/allowed/own", bench::allowed, false, own);
    add("drogon/refused/base", bench::refused, false, base);
    add("drogon/refused/ideal", bench::refused, false, ideal);
    add("drogon/refused/corsac", bench::refused, false, corsacs);
    add("drogon/refused/own", bench::refused, false, own);
    add("drogon/preflight/base", bench::allowed, true, base);
    add("drogon/preflight/ideal", bench::allowed, true, ideal);
    add("drogon/preflight/corsac", bench::allowed, true, corsacs);
    add("drogon/preflight/own", bench::allowed, true, own);
    add("drogon/no origin/base", {}, false, base);
    add("drogon/no origin/ideal", {}, false, ideal);
    add("drogon/no origin/corsac", {}, false, corsacs);
    add("drogon/no origin/own", {}, false, own);
}};

}  // namespace
