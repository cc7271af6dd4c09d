// SPDX-License-Identifier: MIT

// Before any header of corsac's, since Qt defines macros such as `emit` and `slots`.
#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>
#include <QtHttpServer/QHttpServer>
#include <QtNetwork/QHostAddress>
#include <QtNetwork/QTcpServer>

#include "site.hpp"

#include <corsac/adapters/qt_httpserver.hpp>

#include <memory>
#include <string>
#include <utility>

namespace {

using Request = QHttpServerRequest;
using Response = QHttpServerResponse;
using Method = QHttpServerRequest::Method;

const corsac::policy* policy_of(const Request& request) {
    return site::policy_of(request.url().path().toStdString());
}

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)

using Responder = QHttpServerResponder&;

/// What a handler with a responder has to do by itself.
QHttpHeaders governed(const corsac::decision& d) {
    QHttpHeaders headers;
    corsac::apply(d, corsac::qt_headers{headers});
    return headers;
}

void stream(const Request& request, Responder to) {
    to.writeBeginChunked(
        governed(site::decide_by_hand(*policy_of(request), corsac::qt_request{request})));
    to.writeChunk("one ");
    to.writeChunk("two ");
    to.writeEndChunked("three ");
}

void send(QHttpServerResponder& to, const corsac::decision& d, const char* body) {
    to.write(body, governed(d));
}

void add_header(Response& response, const char* name, const QByteArray& value) {
    QHttpHeaders headers = response.headers();
    headers.append(name, value);
    response.setHeaders(std::move(headers));
}

#else

using Responder = QHttpServerResponder&&;

/// What a handler with a responder has to do by itself.
void start(QHttpServerResponder& responder, const corsac::decision& d) {
    responder.writeStatusLine();
    corsac::apply(d, corsac::qt_responder{responder});
}

void stream(const Request& request, Responder to) {
    start(to, site::decide_by_hand(*policy_of(request), corsac::qt_request{request}));
    to.writeHeader("content-length", "14");
    to.writeBody("one ");
    to.writeBody("two ");
    to.writeBody("three ");
}

void send(QHttpServerResponder& to, const corsac::decision& d, const char* body) {
    start(to, d);
    to.writeHeader("content-length", QByteArray::number(QByteArray(body).size()));
    to.writeBody(body);
}

void add_header(Response& response, const char* name, const QByteArray& value) {
    response.addHeader(name, value);
}

#endif

Response with(const char* name, const QByteArray& value, const char* body) {
    Response response(body);
    add_header(response, name, value);
    return response;
}

void add_routes(QHttpServer& server) {
    const auto text = [](const char* body) { return [body] { return Response(body); }; };
    server.route("/get", Method::Get | Method::Head, text("get"));
    server.route("/post", Method::Post, text("post"));
    server.route("/options", Method::Options, text("options"));
    server.route("/cached", Method::Get, text("cached"));
    server.route("/other/get", Method::Get, text("other"));
    server.route("/rejecting/get", Method::Get, text("rejecting"));
    server.route("/any-method", text("any"));
    server.route("/status/<arg>", Method::Get,
                 [](int status) { return Response(static_cast<Response::StatusCode>(status)); });
    server.route("/admin", Method::Get, text("admin"));
    server.route("/private", Method::Get, [](const Request& request) {
        const bool may = site::authorized(request.value("Authorization").toStdString());
        return may ? Response("private") : Response(Response::StatusCode::Unauthorized);
    });
    // Qt catches nothing, so the application turns its exceptions into responses.
    server.route("/throw", Method::Get,
                 [] { return Response(Response::StatusCode::InternalServerError); });
    server.route("/stream", Method::Get, [](const Request& request, Responder to) {
        stream(request, std::forward<Responder>(to));
    });
    server.route("/later", Method::Get, [](const Request& request, Responder to) {
        using corsac::kept_decision;
        const kept_decision cors{
            site::decide_by_hand(*policy_of(request), corsac::qt_request{request})};
        auto responder = std::make_shared<QHttpServerResponder>(std::move(to));
        QTimer::singleShot(0, [cors, responder] { send(*responder, cors.get(), "later"); });
    });
    server.route("/unaided", Method::Get,
                 [](Responder responder) { responder.write("unaided", "text/plain"); });
    server.route("/static.txt", Method::Get,
                 [] { return Response::fromFile(QString::fromStdString(site::file_path())); });
    server.route("/own", Method::Get, [](const Request& request) {
        Response response = with("Access-Control-Allow-Origin", request.value("Origin"), "own");
        add_header(response, "Access-Control-Allow-Credentials", "true");
        add_header(response, "Vary", "Origin");
        return response;
    });
    server.route("/own-in-capitals", Method::Get, [] {
        return with("ACCESS-CONTROL-ALLOW-ORIGIN", "https://handler.example", "own");
    });
    server.route("/vary", Method::Get, [] { return with("Vary", "Accept-Encoding", "vary"); });
    server.route("/ungoverned", Method::Get,
                 [] { return with("Access-Control-Allow-Origin", "*", ""); });
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    if (site::variant(argc, argv) == "before-6.8" && QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)) {
        site::end_as_absent("Qt 6.8 compares names of fields whatever their letter case");
    }
    QCoreApplication application(argc, argv);
    QHttpServer server;
    add_routes(server);
    site::with_source(site::variant(argc, argv), policy_of, [&](const auto& source) {
        corsac::qt_install(server, source);
        return 0;
    });
    auto tcp = std::make_unique<QTcpServer>();
    if (!tcp->listen(QHostAddress::LocalHost, port)) return 1;
    server.bind(tcp.release());
    site::announce(port);
    return QCoreApplication::exec();
}
