// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_GATEWAY_PROXY_HPP
#define CORSAC_EXAMPLES_GATEWAY_PROXY_HPP

#include "backend.hpp"
#include "snapshot.hpp"

#include <corsac/adapters/beast.hpp>
#include <corsac/decision/exposed_names.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/interop/envoy/explanation.hpp>
#include <corsac/table/route_explanation.hpp>

#include <atomic>
#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>

namespace gateway {

/// Whose way of deciding is shown.
enum class mode { corsac, envoy };

/// One line of JSON for a request: its rule, what was decided, and where each header comes from.
inline void log_explanation(std::string_view json) {
    std::cout << std::string(json) + '\n' << std::flush;
}

inline response plain(const request& asked, http::status status) {
    response answer{status, asked.version()};
    answer.keep_alive(asked.keep_alive());
    answer.content_length(0);
    return answer;
}

/// Which backend serves a request: each in turn, as often as its weight says.
inline std::size_t choose_backend(const corsac::matched_route& route) {
    static std::atomic<std::size_t> turn{0};
    std::size_t total = 0;
    for (std::size_t i = 0; i < route.backends(); ++i) {
        total += static_cast<std::size_t>(route.backend_weight(i));
    }
    std::size_t at = total == 0 ? 0 : turn++ % total;
    for (std::size_t i = 0; i < route.backends(); ++i) {
        const auto weight = static_cast<std::size_t>(route.backend_weight(i));
        if (at < weight) return i;
        at -= weight;
    }
    return 0;
}

/// Backends whose weights are all 0 get no request. A rule that names none gets the example's.
inline bool has_backend(const corsac::matched_route& route) {
    if (route.backends() == 0) return true;
    for (std::size_t i = 0; i < route.backends(); ++i) {
        if (route.backend_weight(i) > 0) return true;
    }
    return false;
}

/// What no rule takes gets 404, with the headers of the policy of its listener or Gateway.
inline response serve_unmatched(const snapshot& manifests, const request& asked,
                                const corsac::request_facts& facts) {
    response answer = plain(asked, http::status::not_found);
    for (const auto& listener : manifests.import.listeners) {
        const auto found =
            manifests.import.find_listener(listener.gateway, listener.port, facts.host);
        if (!found) continue;
        const auto& governs = manifests.import.unmatched[static_cast<std::size_t>(*found)];
        if (!governs) return answer;
        const corsac::decision d = evaluate(*governs, facts);
        if (d.answers()) return corsac::beast_answer<response>(d, asked);
        corsac::apply(d, corsac::beast_response<response>{answer});
        return answer;
    }
    return answer;
}

/// corsac's way: preflights end here, and the backend's CORS headers never leave.
inline response serve(const snapshot& manifests, const request& asked, bool explains) {
    const corsac::beast_request view{asked};
    const corsac::request_facts facts = read_facts(view);
    const auto target = asked.target();
    const corsac::matched_route route =
        manifests.table.find(view, std::string_view(target.data(), target.size()));
    if (!route) return serve_unmatched(manifests, asked, facts);

    const bool preflight = classify(facts) == corsac::request_kind::preflight;
    const bool any = preflight || route.backends() == 0;
    const std::size_t backend = any ? 0 : choose_backend(route);
    if (explains) {
        log_explanation(any ? explain_json(route, facts).view()
                            : explain_json(route, backend, facts).view());
    }
    corsac::decision d = any ? evaluate(route, facts) : evaluate(route, backend, facts);
    if (d.answers()) return corsac::beast_answer<response>(d, asked);

    response answer = has_backend(route) ? call_backend(asked)
                                         : plain(asked, http::status::internal_server_error);
    corsac::exposed_names names;
    if (any ? route.exposes_present() : route.exposes_present(backend)) {
        for (const auto& field : answer) {
            names.add({field.name_string().data(), field.name_string().size()});
        }
        d = names.into(d);
    }
    corsac::apply(d, corsac::beast_response<response>{answer});
    return answer;
}

/// Envoy's way, down to the headers by which it is known.
inline response serve_like_envoy(const snapshot& manifests, const request& asked, bool explains) {
    const corsac::beast_request view{asked};
    const corsac::request_facts facts = read_facts(view);
    const auto target = asked.target();
    corsac::route_request wanted =
        make_route_request(facts, std::string_view(target.data(), target.size()));
    wanted.method = facts.method;  // Envoy does not look up preflights by what they ask for
    const corsac::matched_route route = manifests.router.find(
        wanted, corsac::detail::field_lookup<corsac::beast_request<request>>{view});
    if (!route) return plain(asked, http::status::not_found);
    if (!route.defect().empty() || route.backends() == 0) {
        return plain(asked, http::status::internal_server_error);
    }
    const std::size_t backend = choose_backend(route);
    if (explains) log_explanation(explain_json(manifests.envoy, route, backend, facts).view());
    const corsac::interop::envoy_decision d = manifests.envoy.evaluate(route, backend, facts);
    response answer = d.answers ? plain(asked, http::status::ok) : call_backend(asked);
    corsac::interop::apply(d, corsac::beast_response<response>{answer});
    if (!d.answers) answer.set("x-envoy-upstream-service-time", "1");
    answer.set("server", "envoy");
    return answer;
}

}  // namespace gateway

#endif
