// SPDX-License-Identifier: MIT
// Qt HTTP Server: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/qt_httpserver.hpp>
#include <corsac/corsac.hpp>

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonObject>
#include <QtHttpServer/QHttpServer>
#include <QtNetwork/QTcpServer>

#include <cstdlib>
#include <iostream>
#include <memory>

int main(int argc, char** argv) {
    const auto port = static_cast<unsigned short>(argc > 1 ? std::atoi(argv[1]) : 8080);
    const auto policy = corsac::make_policy({
        .allow_origins = {"https://app.example", "https://*.team.example"},
        .allow_methods = {"GET", "PUT"},
        .allow_headers = {"Authorization", "Content-Type"},
        .allow_credentials = true,
        .max_age = 600,
    });
    if (!policy) {
        for (const corsac::config_error& e : policy.errors()) std::cerr << e.message() << '\n';
        return 1;
    }

    QCoreApplication application(argc, argv);
    QHttpServer server;
    corsac::qt_install(server, *policy);  // takes the server's missing handler

    // Handlers return their response; one that takes a responder is seen by no hook.
    server.route("/items/<arg>", QHttpServerRequest::Method::Get,
                 [](int id) { return QHttpServerResponse(QJsonObject{{"id", id}}); });
    server.route("/items/<arg>", QHttpServerRequest::Method::Put, [](int) {
        return QHttpServerResponse(QHttpServerResponse::StatusCode::NoContent);
    });

    auto tcp = std::make_unique<QTcpServer>();
    if (!tcp->listen(QHostAddress::LocalHost, port)) return 1;
    server.bind(tcp.release());  // Qt 6.4 has server.listen(address, port), too
    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    return QCoreApplication::exec();
}
