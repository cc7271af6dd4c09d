// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_COMPILE_FAIL_FAKE_SERVER_HPP
#define CORSAC_TESTS_COMPILE_FAIL_FAKE_SERVER_HPP

#include <corsac/adapters/httplib.hpp>
#include <corsac/corsac.hpp>

#include <functional>
#include <map>
#include <string>

/// A stand-in with the interface of cpp-httplib, so that misuse fails to compile in a second.
struct fake_request {
    std::string method, path;
    std::multimap<std::string, std::string> headers;
};
struct fake_response {
    int status = 200;
    std::multimap<std::string, std::string> headers;
    void set_content(const std::string&, const char*) {}
};
struct fake_server {
    enum class HandlerResponse { Handled, Unhandled };
    void set_pre_routing_handler(
        const std::function<HandlerResponse(const fake_request&, fake_response&)>&) {}
    void set_post_routing_handler(const std::function<void(const fake_request&, fake_response&)>&) {
    }
};

#endif
