// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/drogon.hpp>

#include <drogon/drogon.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using drogon::HttpRequestPtr;
using drogon::HttpResponse;
using drogon::HttpResponsePtr;
using respond = std::function<void(const HttpResponsePtr&)>;

HttpResponsePtr text(std::string body) {
    auto response = HttpResponse::newHttpResponse();
    response->setContentTypeCode(drogon::CT_TEXT_PLAIN);
    response->setBody(std::move(body));
    return response;
}

void add_text(const std::string& path, const std::string& body,
              drogon::HttpMethod method = drogon::Get) {
    drogon::app().registerHandler(
        path, [body](const HttpRequestPtr&, respond&& done) { done(text(body)); }, {method});
}

void add_routes() {
    auto& app = drogon::app();
    add_text("/get", "get");
    add_text("/post", "post", drogon::Post);
    add_text("/private", "private");
    add_text("/admin", "admin");
    add_text("/other/get", "other");
    add_text("/rejecting/get", "rejecting");
    add_text("/options", "options", drogon::Options);
    app.registerHandler("/status/{1}",
                        [](const HttpRequestPtr&, respond&& done, int status) {
                            auto response = text("");
                            response->setStatusCode(static_cast<drogon::HttpStatusCode>(status));
                            done(response);
                        },
                        {drogon::Get});
    app.registerHandler(
        "/throw", [](const HttpRequestPtr&, respond&&) { throw std::runtime_error("thrown"); },
        {drogon::Get});
    app.registerHandler("/stream",
                        [](const HttpRequestPtr&, respond&& done) {
                            const auto next_part = [parts = std::vector{"three ", "two ", "one "}](
                                                       char* to,
                                                       std::size_t) mutable -> std::size_t {
                                if (to == nullptr || parts.empty()) return 0;  // it is done with
                                const std::string_view part{parts.back()};
                                parts.pop_back();
                                return part.copy(to, part.size());
                            };
                            done(HttpResponse::newStreamResponse(next_part));
                        },
                        {drogon::Get});
    app.registerHandler("/later",
                        [](const HttpRequestPtr&, respond&& done) {
                            std::thread([done = std::move(done)] { done(text("later")); }).detach();
                        },
                        {drogon::Get});
    app.registerHandler("/cached",
                        [](const HttpRequestPtr&, respond&& done) {
                            auto response = text("cached");
                            response->setExpiredTime(60);
                            done(response);
                        },
                        {drogon::Get});
    app.registerHandler("/own",
                        [](const HttpRequestPtr& request, respond&& done) {
                            auto response = text("own");
                            response->addHeader("Access-Control-Allow-Origin",
                                                request->getHeader("Origin"));
                            response->addHeader("Access-Control-Allow-Credentials", "true");
                            response->addHeader("Vary", "Origin");
                            done(response);
                        },
                        {drogon::Get});
    app.registerHandler("/vary",
                        [](const HttpRequestPtr&, respond&& done) {
                            auto response = text("vary");
                            response->addHeader("Vary", "Accept-Encoding");
                            done(response);
                        },
                        {drogon::Get});
    app.registerHandler("/ungoverned",
                        [](const HttpRequestPtr&, respond&& done) {
                            auto response = text("");
                            response->addHeader("Access-Control-Allow-Origin", "*");
                            done(response);
                        },
                        {drogon::Get});
    app.setDocumentRoot(site::file_root()).setStaticFilesCacheTime(60);
}

/// The helper of Drogon itself, which came after 1.9.0.
template <class Response>
void add_cors_headers_of_drogon(drogon::HttpAppFramework& app) {
    if constexpr (requires(Response& response, const HttpRequestPtr& request) {
                      response.addCorsHeaders(request, {}, true);
                  }) {
        app.registerPreSendingAdvice(
            [](const HttpRequestPtr& request, const std::shared_ptr<Response>& response) {
                response->addCorsHeaders(request, {}, true);
            });
    } else {
        site::end_as_absent("this Drogon has no addCorsHeaders");
    }
}

/// A login filter, which Drogon runs after routing.
void authenticate() {
    drogon::app().registerPreHandlingAdvice(
        [](const HttpRequestPtr& request, respond&& done, std::function<void()>&& go_on) {
            if (request->path() != "/private" ||
                site::authorized(request->getHeader("Authorization"))) {
                return go_on();
            }
            auto response = text("");
            response->setStatusCode(drogon::k401Unauthorized);
            done(response);
        });
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    const std::string_view variant = site::variant(argc, argv);
    const auto policy_of = [](const drogon::HttpRequest& request) {
        return site::policy_of(request.path());
    };
    auto& app = drogon::app();
    app.setLogLevel(trantor::Logger::kFatal);
    add_routes();
    authenticate();

    if (variant == "post-handling") {  // where Drogon's own example puts it
        app.registerPostHandlingAdvice([policy_of](const HttpRequestPtr& request,
                                                   const HttpResponsePtr& response) {
            corsac::apply(corsac::evaluate(*policy_of(*request),
                                           corsac::drogon_request<drogon::HttpRequest>{*request}),
                          corsac::drogon_response<HttpResponse>{*response});
        });
    } else if (variant == "own-cors") {
        add_cors_headers_of_drogon<HttpResponse>(app);
    } else if (variant != "none") {
        const bool dateless = variant.starts_with("no-date");
        if (dateless) app.enableDateHeader(false);
        site::with_source(variant, policy_of, [&](const auto& source) {
            corsac::drogon_install(app, source,
                                   {.keep_response_cache = variant != "no-date-no-cache"});
            return 0;
        });
    }
    site::announce(port);
    app.addListener("127.0.0.1", port).setThreadNum(2).run();
}
