// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_WAYS_CORSAC_HPP
#define CORSAC_BENCH_WAYS_CORSAC_HPP

#include "../messages.hpp"

#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/policy/policy.hpp>

namespace bench {

/// What a server does with corsac.
template <class Policy, class Request, class Response>
void decide(const Policy& policy, const Request& request, Response& out) {
    const corsac::decision d = corsac::evaluate(policy, request);
    if (!d.answers()) run_handler(out);
    corsac::apply(d, out);
}

/// The same server without CORS, which all others are measured against.
template <class Request, class Response>
void answer_without_cors(const Request& request, Response& out) {
    if (request.method() != "OPTIONS") run_handler(out);
}

}  // namespace bench

#endif
