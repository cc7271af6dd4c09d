// SPDX-License-Identifier: MIT
// GNU libmicrohttpd: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/microhttpd.hpp>
#include <corsac/corsac.hpp>

#include <microhttpd.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

/// Every response is made for its request and queued with `mhd_queue`: it gets that one's headers.
MHD_Result answer(const corsac::mhd_request& request, const char*, std::size_t* upload_size,
                  void** context, const corsac::decision& cors) {
    static int headers_seen;
    if (*context == nullptr || *upload_size != 0) {  // not the last call for this request
        *context = &headers_seen;
        *upload_size = 0;
        return MHD_YES;
    }
    static char item[] = R"({"id":7})";
    const bool found = std::string_view(request.url) == "/items/7";
    const unsigned status = !found ? 404 : request.method() == "PUT" ? 204 : 200;
    MHD_Response* const response = MHD_create_response_from_buffer(
        status == 200 ? sizeof item - 1 : 0, item, MHD_RESPMEM_PERSISTENT);
    const MHD_Result queued = corsac::mhd_queue(request.connection, status, response, cors);
    MHD_destroy_response(response);
    return queued;
}

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
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    corsac::mhd_access site{*policy, answer};
    MHD_Daemon* const daemon =
        MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, port, nullptr, nullptr,
                         site.callback, &site, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
    if (daemon == nullptr) return 1;
    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    ::pause();
}
