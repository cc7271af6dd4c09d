// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_PROOF_SERVERS_HPP
#define CORSAC_TESTS_PROOF_SERVERS_HPP

#include "space.hpp"

#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/testing/policy_server.hpp>

#include <functional>
#include <string_view>

// The server's side: the library as a server uses it.

namespace proof {

/// How a server answers a request to a site.
using server = std::function<sim::response(const site&, const sim::request&)>;

/// What a script may want to read, a cookie that it may never read, and CORS headers of the
/// application's own, all wrong, which the policy has to take away.
[[nodiscard]] inline sim::response careless_application(const sim::request&) {
    return {200,
            {{"Content-Type", "application/json"},
             {"Set-Cookie", "session=1"},
             {"X-One", "1"},
             {"ETag", "\"1\""},
             {"Vary", "Accept-Encoding"},
             {"access-control-allow-origin", "*"},
             {"Access-Control-Allow-Credentials", "true"},
             {"Access-Control-Expose-Headers", "*"},
             {"Access-Control-Allow-Methods", "*"}}};
}

/// The fields of the application that a script could see.
inline constexpr std::string_view application_fields[] = {"content-type", "set-cookie", "x-one",
                                                          "etag"};

/// The same without CORS headers, for policies that leave those alone.
[[nodiscard]] inline sim::response tidy_application(const sim::request& r) {
    sim::response out = careless_application(r);
    out.headers.resize(5);
    return out;
}

/// The library, used as its documentation says.
[[nodiscard]] inline sim::response faithful(const site& s, const sim::request& r) {
    const corsac::decision d = corsac::evaluate(s.policy, sim::request_adapter{r});
    sim::response out;
    if (d.answers())
        out.status = d.status();
    else
        out = s.options.keep_existing ? tidy_application(r) : careless_application(r);
    corsac::apply(d, sim::response_adapter{out});
    return out;
}

}  // namespace proof

#endif
