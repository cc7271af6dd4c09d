// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_PROOF_MUTANTS_HPP
#define CORSAC_TESTS_PROOF_MUTANTS_HPP

#include "intent.hpp"
#include "properties.hpp"
#include "servers.hpp"
#include "space.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Servers that are wrong on purpose. Each is the library with one mistake around it: mistakes that
// other CORS middleware has made, and mistakes that a change of this one could make.

namespace proof {

/// A server that differs from the library in one way.
struct variation {
    const char* about;
    server answers;
};

namespace detail {

using sim::request;
using sim::response;

inline constexpr std::string_view allow_origin = "access-control-allow-origin";
inline constexpr std::string_view allow_credentials = "access-control-allow-credentials";
inline constexpr std::string_view allow_methods = "access-control-allow-methods";
inline constexpr std::string_view allow_headers = "access-control-allow-headers";
inline constexpr std::string_view expose_headers = "access-control-expose-headers";
inline constexpr std::string_view max_age = "access-control-max-age";
inline constexpr std::string_view asked_method = "access-control-request-method";
inline constexpr std::string_view asked_headers = "access-control-request-headers";

/// An origin that every policy of the space allows.
inline constexpr std::string_view good_origin = "https://a.site.example";

[[nodiscard]] inline bool has(const sim::header_list& list, std::string_view name) {
    return !lines_of(list, name).empty();
}
[[nodiscard]] inline std::string get(const sim::header_list& list, std::string_view name) {
    const intent::texts lines = lines_of(list, name);
    return lines.empty() ? std::string() : lines[0];
}
inline void drop(sim::header_list& list, std::string_view name) {
    std::erase_if(list, [&](const sim::header& h) { return intent::lower(h.name) == name; });
}
inline void put(sim::header_list& list, std::string_view name, std::string_view value) {
    drop(list, name);
    list.push_back({std::string(name), std::string(value)});
}
/// Only where there is one.
inline void replace(sim::header_list& list, std::string_view name, std::string_view value) {
    if (has(list, name)) put(list, name, value);
}
[[nodiscard]] inline bool is_preflight(const request& r) {
    return r.method == "OPTIONS" && has(r.headers, asked_method);
}
[[nodiscard]] inline bool has_star(const corsac::text_list& items) {
    return std::find(items.begin(), items.end(), "*") != items.end();
}
[[nodiscard]] inline std::string joined(const corsac::text_list& items) {
    std::string out;
    for (const std::string_view item : items) out.append(out.empty() ? "" : ", ").append(item);
    return out;
}
[[nodiscard]] inline intent::texts asked_names(const request& r) {
    return has(r.headers, asked_headers) ? intent::split(get(r.headers, asked_headers), ',')
                                         : intent::texts{};
}
[[nodiscard]] inline request with(request r, std::string_view name, std::string_view value) {
    put(r.headers, name, value);
    return r;
}

/// Decides about one request and grants another.
[[nodiscard]] inline response grant_as(const site& s, const request& asked, const request& judged) {
    response out = faithful(s, judged);
    if (get(out.headers, allow_origin) != "*") {
        replace(out.headers, allow_origin, get(asked.headers, "origin"));
    }
    if (is_preflight(asked) && has(out.headers, allow_origin)) {
        put(out.headers, allow_methods, get(asked.headers, asked_method));
        put(out.headers, allow_headers, get(asked.headers, asked_headers));
    }
    return out;
}

/// Decides as if the request came from an allowed origin.
[[nodiscard]] inline response grant_origin(const site& s, const request& r) {
    return grant_as(s, r, with(r, "origin", good_origin));
}

/// Judges those of the requested names for which `counts(name, index)`, and grants all of them.
template <class Counts>
[[nodiscard]] response grant_names(const site& s, const request& r, Counts counts) {
    std::string judged;
    std::size_t index = 0;
    for (const std::string& name : asked_names(r)) {
        if (counts(name, index++)) judged += "," + name;
    }
    return index == 0 ? faithful(s, r) : grant_as(s, r, with(r, asked_headers, judged));
}

/// The library, whose response is changed afterwards.
[[nodiscard]] inline server then(void (*change)(const site&, const request&, response&)) {
    return [change](const site& s, const request& r) {
        response out = faithful(s, r);
        change(s, r, out);
        return out;
    };
}

/// The library, for policies whose options are changed beforehand.
[[nodiscard]] inline server instead(void (*change)(corsac::policy_options&)) {
    return [change](const site& s, const request& r) {
        corsac::policy_options options = s.options;
        change(options);
        corsac::result<corsac::policy> built = corsac::make_policy(options);
        return faithful({options, *std::move(built)}, r);
    };
}

}  // namespace detail

/// What the proof must find.
[[nodiscard]] inline std::vector<variation> mutants() {
    using namespace detail;
    return {
        // ---- caches
        {"no Vary at all",
         then([](const site&, const request&, response& out) { drop(out.headers, "vary"); })},
        {"Vary only on answers to requests with Origin",
         then([](const site&, const request& r, response& out) {
             if (!has(r.headers, "origin")) drop(out.headers, "vary");
         })},
        {"no Vary on refusals", then([](const site&, const request&, response& out) {
             if (!has(out.headers, allow_origin)) drop(out.headers, "vary");
         })},
        {"Vary of a preflight leaves out what was asked",
         then([](const site&, const request& r, response& out) {
             if (is_preflight(r)) put(out.headers, "vary", "Origin");
         })},
        {"Vary takes the place of the application's",
         then([](const site&, const request&, response& out) {
             const intent::texts lines = lines_of(out.headers, "vary");
             if (lines.size() > 1) put(out.headers, "vary", lines.back());
         })},
        {"max-age is left out",
         then([](const site&, const request&, response& out) { drop(out.headers, max_age); })},
        {"max-age is negative", then([](const site&, const request&, response& out) {
             replace(out.headers, max_age, "-1");
         })},

        // ---- origins
        {"an allowed origin is enough as a prefix",
         [](const site& s, const request& r) {
             const bool fits = get(r.headers, "origin").starts_with(good_origin);
             return fits ? grant_origin(s, r) : faithful(s, r);
         }},
        {"any scheme will do",
         [](const site& s, const request& r) {
             return get(r.headers, "origin").ends_with("://a.site.example") ? grant_origin(s, r)
                                                                            : faithful(s, r);
         }},
        {"any port will do",
         [](const site& s, const request& r) {
             return get(r.headers, "origin").starts_with("https://a.site.example:")
                        ? grant_origin(s, r)
                        : faithful(s, r);
         }},
        {"origins in any letter case",
         [](const site& s, const request& r) {
             const std::string origin = get(r.headers, "origin");
             return origin.empty() ? faithful(s, r)
                                   : faithful(s, with(r, "origin", intent::lower(origin)));
         }},
        {"null is always allowed",
         [](const site& s, const request& r) {
             return get(r.headers, "origin") == "null" ? grant_origin(s, r) : faithful(s, r);
         }},
        {"where any origin is allowed, whatever arrives is echoed",
         [](const site& s, const request& r) {
             return has(r.headers, "origin") && has_star(s.options.allow_origins)
                        ? grant_origin(s, r)
                        : faithful(s, r);
         }},
        {"of several Origin lines the first one counts",
         [](const site& s, const request& r) {
             return has(r.headers, "origin")
                        ? faithful(s, with(r, "origin", get(r.headers, "origin")))
                        : faithful(s, r);
         }},
        {"every page is told the first origin of the list",
         then([](const site& s, const request&, response& out) {
             put(out.headers, allow_origin, s.options.allow_origins[0]);
         })},
        {"the whole list of origins in one header",
         then([](const site& s, const request&, response& out) {
             replace(out.headers, allow_origin, joined(s.options.allow_origins));
         })},
        {"the origin stands twice", then([](const site&, const request&, response& out) {
             const std::string origin = get(out.headers, allow_origin);
             if (!origin.empty()) out.headers.push_back({"Access-Control-Allow-Origin", origin});
         })},

        // ---- credentials
        {"credentials are never allowed", then([](const site&, const request&, response& out) {
             drop(out.headers, allow_credentials);
         })},
        {"credentials are always allowed", then([](const site&, const request&, response& out) {
             const std::string origin = get(out.headers, allow_origin);
             if (!origin.empty() && origin != "*") put(out.headers, allow_credentials, "true");
         })},
        {"credentials stand beside a star", then([](const site&, const request&, response& out) {
             if (get(out.headers, allow_origin) == "*") put(out.headers, allow_credentials, "true");
         })},
        {"a star although credentials are allowed",
         then([](const site& s, const request&, response& out) {
             if (has_star(s.options.allow_origins)) replace(out.headers, allow_origin, "*");
         })},

        // ---- methods
        {"any method is answered with a star",
         then([](const site& s, const request&, response& out) {
             if (has_star(s.options.allow_methods)) replace(out.headers, allow_methods, "*");
         })},
        {"methods in any letter case",
         [](const site& s, const request& r) {
             const std::string method = get(r.headers, asked_method);
             return method == "patch" ? grant_as(s, r, with(r, asked_method, "PATCH"))
                                      : faithful(s, r);
         }},
        {"GET, HEAD and POST must be listed",
         [](const site& s, const request& r) {
             return intent::needs_no_permission(get(r.headers, asked_method)) &&
                            !has_star(s.options.allow_methods)
                        ? faithful(s, with(r, asked_method, "UNLISTED"))
                        : faithful(s, r);
         }},
        {"every method is granted",
         [](const site& s, const request& r) {
             return is_preflight(r) ? grant_as(s, r, with(r, asked_method, "POST"))
                                    : faithful(s, r);
         }},
        {"an unlisted method gets the list to read",
         [](const site& s, const request& r) {
             const bool listed = intent::allows_method(s.options, get(r.headers, asked_method));
             return is_preflight(r) && !listed ? faithful(s, with(r, asked_method, "POST"))
                                               : faithful(s, r);
         }},
        {"the list of methods is left out", then([](const site&, const request&, response& out) {
             drop(out.headers, allow_methods);
         })},

        // ---- request headers
        {"any header is answered with a star",
         then([](const site& s, const request&, response& out) {
             if (has_star(s.options.allow_headers)) replace(out.headers, allow_headers, "*");
         })},
        {"a star covers Authorization",
         [](const site& s, const request& r) {
             return grant_names(s, r, [&](const std::string& name, std::size_t) {
                 return name != "authorization" || !has_star(s.options.allow_headers);
             });
         }},
        {"header names match by their beginning",
         [](const site& s, const request& r) {
             return grant_names(s, r, [&](const std::string& name, std::size_t) {
                 const auto& listed = s.options.allow_headers;
                 return std::none_of(listed.begin(), listed.end(), [&](std::string_view prefix) {
                     return name.starts_with(intent::lower(prefix));
                 });
             });
         }},
        {"header names in the letter case of the policy only",
         [](const site& s, const request& r) {
             const auto& listed = s.options.allow_headers;
             for (const std::string& name : asked_names(r)) {
                 if (has_star(listed)) break;
                 if (std::find(listed.begin(), listed.end(), name) == listed.end()) {
                     return faithful(s, with(r, asked_headers, "unlisted"));
                 }
             }
             return faithful(s, r);
         }},
        {"only the first requested header is looked at",
         [](const site& s, const request& r) {
             return grant_names(s, r,
                                [](const std::string&, std::size_t index) { return index == 0; });
         }},
        {"requested headers are not looked at",
         [](const site& s, const request& r) {
             return grant_names(s, r, [](const std::string&, std::size_t) { return false; });
         }},
        {"the list of headers is left out", then([](const site&, const request&, response& out) {
             drop(out.headers, allow_headers);
         })},

        // ---- exposed headers
        {"nothing is exposed", then([](const site&, const request&, response& out) {
             drop(out.headers, expose_headers);
         })},
        {"everything is exposed", then([](const site&, const request&, response& out) {
             if (has(out.headers, allow_origin)) put(out.headers, expose_headers, "*");
         })},
        {"one header too many is exposed", then([](const site&, const request&, response& out) {
             if (has(out.headers, allow_origin)) put(out.headers, expose_headers, "X-One, ETag");
         })},

        // ---- refusals
        {"a refusal lists the exposed headers",
         then([](const site& s, const request&, response& out) {
             const auto& listed = s.options.expose_headers;
             if (!listed.empty()) put(out.headers, expose_headers, joined(listed));
         })},
        {"a refused preflight has status 403, but names the origin",
         then([](const site&, const request& r, response& out) {
             if (out.status == 403) put(out.headers, allow_origin, get(r.headers, "origin"));
         })},
        {"a refused preflight names the origin and lists everything",
         then([](const site& s, const request& r, response& out) {
             if (out.status != 403) return;
             out.status = 204;
             put(out.headers, allow_origin, get(r.headers, "origin"));
             put(out.headers, allow_methods, joined(s.options.allow_methods));
             put(out.headers, allow_headers, joined(s.options.allow_headers));
         })},
        {"a refused origin gets everything but the origin",
         then([](const site& s, const request&, response& out) {
             if (s.options.allow_credentials) put(out.headers, allow_credentials, "true");
         })},

        // ---- whose answer it is
        {"the application's CORS headers stay",
         [](const site& s, const request& r) {
             response out = faithful(s, r);
             if (out.status != 200) return out;
             for (const sim::header& h : careless_application(r).headers) {
                 if (is_cors_field(h.name)) out.headers.push_back(h);
             }
             return out;
         }},
        {"the application is not asked when the origin is refused",
         then([](const site&, const request& r, response& out) {
             if (has(r.headers, "origin") && !has(out.headers, allow_origin))
                 drop(out.headers, "x-one");
         })},
        {"every OPTIONS is taken for a preflight",
         then([](const site&, const request& r, response& out) {
             if (r.method != "OPTIONS" || is_preflight(r)) return;
             out.status = 204;
             std::erase_if(out.headers,
                           [](const sim::header& h) { return !is_cors_field(h.name); });
         })},
        {"the application answers preflights",
         then([](const site&, const request& r, response& out) {
             if (!is_preflight(r)) return;
             out.status = 200;
             out.headers.push_back({"X-One", "1"});
         })},
        {"preflights need to be authenticated",
         then([](const site&, const request& r, response& out) {
             if (is_preflight(r)) out.status = 401;
         })},
        {"preflights are redirected", then([](const site&, const request& r, response& out) {
             if (!is_preflight(r)) return;
             out.status = 308;
             out.headers.push_back({"Location", "https://api.example/items/"});
         })},
    };
}

/// What looks different and changes no verdict: a proof that minds these minds the wrong things.
[[nodiscard]] inline std::vector<variation> harmless_variations() {
    using namespace detail;
    return {
        {"Vary names more than it must, in another letter case",
         then([](const site&, const request&, response& out) {
             out.headers.push_back(
                 {"VARY", "origin, Accept-Language, access-control-request-method"});
         })},
        {"field names in another letter case", then([](const site&, const request&, response& out) {
             for (sim::header& h : out.headers) {
                 if (is_cors_field(h.name)) h.name[0] = 'A';
             }
         })},
        {"lists in capitals, with empty elements",
         then([](const site&, const request&, response& out) {
             std::string names = get(out.headers, allow_headers);
             for (char& c : names) {
                 if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
             }
             replace(out.headers, allow_headers, ", ," + names + ",");
         })},
        {"the application's status is an error",
         then([](const site&, const request& r, response& out) {
             if (!is_preflight(r)) out.status = 500;
         })},
        {"an actual response lists methods and headers",
         then([](const site&, const request& r, response& out) {
             if (is_preflight(r) || !has(out.headers, allow_origin)) return;
             put(out.headers, allow_methods, "DELETE");
             put(out.headers, allow_headers, "Authorization");
         })},
        {"a preflight lists only what it asked for",
         instead([](corsac::policy_options& options) { options.disclose_requested_only = true; })},
    };
}

}  // namespace proof

#endif
