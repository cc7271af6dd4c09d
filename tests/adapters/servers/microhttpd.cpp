// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/microhttpd.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace {

struct destroy {
    void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using response_ptr = std::unique_ptr<MHD_Response, destroy>;

response_ptr text(std::string_view body) {
    // C's interface wants a void*; the bytes are copied.
    return response_ptr(MHD_create_response_from_buffer(body.size(), const_cast<char*>(body.data()),
                                                        MHD_RESPMEM_MUST_COPY));
}

ssize_t next_part(void* position, std::uint64_t, char* buffer, std::size_t size) {
    static constexpr std::string_view parts[] = {"one ", "two ", "three "};
    auto& at = *static_cast<std::size_t*>(position);
    if (at == std::size(parts)) return MHD_CONTENT_READER_END_OF_STREAM;
    const std::string_view part = parts[at++];
    return static_cast<ssize_t>(part.copy(buffer, size));
}

std::string header(MHD_Connection* connection, const char* name) {
    const char* const value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value == nullptr ? "" : value;
}

MHD_Result route(const corsac::mhd_request& request, const char*, std::size_t* upload_size,
                 void** context, const corsac::decision& cors) {
    static int seen;
    if (*context == nullptr) {  // the first call brings the headers only
        *context = &seen;
        return MHD_YES;
    }
    if (*upload_size != 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    const std::string_view path = request.url;
    const std::string_view method = request.verb;
    const bool reads = method == "GET" || method == "HEAD";
    unsigned status = 200;
    response_ptr response;

    if (method == "OPTIONS" && path == "/options") {
        response = text("options");
    } else if (method == "POST" && path == "/post") {
        response = text("post");
    } else if (!reads) {
        status = path == "/get" ? 405 : 404;
        response = text("");
    } else if (path == "/get" || path == "/cached" || path == "/later") {
        response = text(path.substr(1));
    } else if (path == "/other/get" || path == "/rejecting/get") {
        response = text(path == "/other/get" ? "other" : "rejecting");
    } else if (path.starts_with("/status/")) {
        status = static_cast<unsigned>(std::stoi(std::string{path.substr(8)}));
        response = text("");
    } else if (path == "/admin") {
        response = text("admin");
    } else if (path == "/private") {
        const bool may = site::authorized(header(request.connection, "Authorization"));
        status = may ? 200 : 401;
        response = text(may ? "private" : "");
    } else if (path == "/throw") {  // nothing may be thrown through C
        status = 500;
        response = text("");
    } else if (path == "/stream") {
        response.reset(MHD_create_response_from_callback(
            MHD_SIZE_UNKNOWN, 1024, next_part, new std::size_t(0),
            [](void* position) { delete static_cast<std::size_t*>(position); }));
    } else if (path == "/static.txt") {
        response = text(site::read_file());
    } else if (path == "/own") {
        response = text("own");
        const std::string origin = header(request.connection, "Origin");
        MHD_add_response_header(response.get(), "Access-Control-Allow-Origin",
                                origin.empty() ? "null" : origin.c_str());
        MHD_add_response_header(response.get(), "Access-Control-Allow-Credentials", "true");
        MHD_add_response_header(response.get(), "Vary", "Origin");
    } else if (path == "/vary") {
        response = text("vary");
        MHD_add_response_header(response.get(), "Vary", "Accept-Encoding");
    } else if (path == "/ungoverned") {
        response = text("");
        MHD_add_response_header(response.get(), "Access-Control-Allow-Origin", "*");
    } else {
        status = 404;
        response = text("");
    }
    return corsac::mhd_queue(request.connection, status, response.get(), cors);
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    sockaddr_in loopback{};
    loopback.sin_family = AF_INET;
    loopback.sin_port = htons(port);
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto policy_of = [](const corsac::mhd_request& request) {
        return site::policy_of(request.url);
    };
    return site::with_source(site::variant(argc, argv), policy_of, [&](const auto& source) {
        corsac::mhd_access access{source, route};
        MHD_Daemon* const daemon = MHD_start_daemon(
            MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, port, nullptr, nullptr, access.callback,
            &access, MHD_OPTION_SOCK_ADDR, &loopback, MHD_OPTION_END);
        if (daemon == nullptr) return 1;
        site::announce(port);
        std::this_thread::sleep_for(std::chrono::hours(24));
        return 0;
    });
}
