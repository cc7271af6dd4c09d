// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_COPIES_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_COPIES_HPP

#include "nginx.hpp"
#include "policy_json.hpp"

#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/envoy/export.hpp>
#include <corsac/interop/gateway/writer.hpp>

#include <string>

namespace playground {

inline json losses_json(const corsac::interop::export_losses& losses) {
    json out = json::array();
    for (const corsac::interop::export_loss& loss : losses) {
        const std::string quoted = loss.written.empty() ? "" : '"' + loss.written + "\" ";
        out.push_back({{"kind", corsac::interop::name_of(loss.kind)},
                       {"field", loss.field},
                       {"text", quoted + loss.message}});
    }
    return out;
}

inline json exported_json(const corsac::interop::exported& made) {
    return {{"text", made.value ? corsac::interop::to_yaml(*made.value) : std::string{}},
            {"losses", losses_json(made.losses)}};
}

/// The policy for other systems, each with what it cannot say.
inline json write_copies(const corsac::policy& policy) {
    using namespace corsac::interop;
    const exported_route route{.name = "api",
                               .name_space = "default",
                               .parents = {parent_reference{.name = "gateway"}},
                               .backend = "api",
                               .port = 80};
    nginx_writer nginx{policy};
    const std::string configuration = nginx.text();
    return {{"httproute", exported_json(to_http_route(policy, route, {}))},
            {"envoy", exported_json(to_envoy(policy, {}))},
            {"nginx", {{"text", configuration}, {"losses", losses_json(nginx.losses())}}}};
}

}  // namespace playground

#endif
