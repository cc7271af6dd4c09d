// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_DELEGATION_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_DELEGATION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/table/route_match.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Routes that hand requests to other routes, as kgateway reads them: `backendRefs` of kind
// HTTPRoute. Where it differs from the Gateway API, which has no such thing, this is after
// kgateway's documentation and its translator's test data.
// Source: https://kgateway.dev/docs/main/traffic-management/route-delegation/

namespace corsac::inline v0_2_0::interop::detail {

/// Routes that come out of delegation; routes that delegate to each other in many ways have more
/// than anybody writes.
inline constexpr std::size_t max_effective_routes = 10000;

struct delegating_rule {
    const http_route* route = nullptr;
    const http_rule* rule = nullptr;
};

/// A route as a Gateway serves it: a child under the hostnames and parents of its root, with the
/// matches that lie under its parent's.
struct effective_route {
    http_route route;
    std::vector<delegating_rule> via{};  ///< those that led here, the nearest first
};

[[nodiscard]] inline bool is_delegate(const http_backend& backend) noexcept {
    return (backend.kind == "HTTPRoute" && backend.group == "gateway.networking.k8s.io") ||
           (backend.kind == "label" && backend.group == "delegation.kgateway.dev");
}
[[nodiscard]] inline bool delegates(const http_rule& rule) noexcept {
    return std::any_of(rule.backends.begin(), rule.backends.end(), is_delegate);
}

[[nodiscard]] inline std::string_view annotation_of(const object_meta& meta,
                                                    std::string_view name) noexcept {
    for (const auto& [key, value] : meta.annotations) {
        if (key == name) return value;
    }
    return {};
}

/// Whether a child has its parent's matches added to its own. kgateway takes three words for it.
[[nodiscard]] inline bool inherits_matches(const object_meta& child) noexcept {
    const std::string_view said =
        annotation_of(child, "delegation.kgateway.dev/inherit-parent-matcher");
    return equals_ignore_case(said, "true") || equals_ignore_case(said, "yes") ||
           equals_ignore_case(said, "enabled");
}

/// Whether a match asks for nothing, beside its path, that a narrower one does not ask for.
[[nodiscard]] inline bool conditions_cover(const http_match& wide, const http_match& narrow) {
    const auto all_in = [](const std::vector<std::string>& some,
                           const std::vector<std::string>& in) {
        return std::all_of(some.begin(), some.end(), [&](const std::string& one) {
            return std::find(in.begin(), in.end(), one) != in.end();
        });
    };
    return (wide.method.empty() || wide.method == narrow.method) &&
           all_in(wide.headers, narrow.headers) && all_in(wide.query, narrow.query) &&
           all_in(wide.header_expressions, narrow.header_expressions) &&
           all_in(wide.query_expressions, narrow.query_expressions);
}

/// The match of a child that inherits: both paths, and of two conditions on one thing the parent's.
[[nodiscard]] inline http_match inherited_match(const std::string& above, const http_match& parent,
                                                const http_match& child) {
    http_match made = child;
    const auto inherit = [](char separator, const std::vector<std::string>& from,
                            std::vector<std::string>& to, std::vector<std::string>& others) {
        for (const std::string& condition : from) {
            const std::string name = condition.substr(0, condition.find(separator) + 1);
            const auto has_name = [&](const std::string& one) { return one.starts_with(name); };
            std::erase_if(to, has_name);
            std::erase_if(others, has_name);
        }
        to.insert(to.end(), from.begin(), from.end());
    };
    inherit(':', parent.headers, made.headers, made.header_expressions);
    inherit(':', parent.header_expressions, made.header_expressions, made.headers);
    inherit('=', parent.query, made.query, made.query_expressions);
    inherit('=', parent.query_expressions, made.query_expressions, made.query);
    if (!parent.method.empty()) made.method = parent.method;
    if (made.kind == path_kind::expression) {
        made.path = escape_regex(above) + (child.path.starts_with('/') ? "" : "/") + child.path;
    } else {
        made.path = above + child.path;
        if (made.path.size() > 1 && made.path.back() == '/') made.path.pop_back();
    }
    return made;
}

/// The match of a child under one of its parent's; nothing if it does not lie there.
[[nodiscard]] inline std::optional<http_match> match_under(const http_match& parent,
                                                           const http_match& child, bool inherits) {
    if (parent.kind != path_kind::prefix) return std::nullopt;
    std::string above = parent.path;
    while (!above.empty() && above.back() == '/') above.pop_back();
    if (inherits) return inherited_match(above, parent, child);
    if (!conditions_cover(parent, child)) return std::nullopt;
    if (child.path.compare(0, above.size(), above) != 0) return std::nullopt;
    const bool ends = child.path.size() == above.size() || child.path[above.size()] == '/';
    return ends || child.kind == path_kind::expression ? std::optional(child) : std::nullopt;
}

class delegation {
public:
    delegation(const gateway_objects& objects, manifest_problems& problems)
        : objects_(objects), problems_(problems) {}

    [[nodiscard]] std::vector<effective_route> run() && {
        std::set<const http_route*> selected;
        for (const http_route& route : objects_.routes) {
            for (const http_rule& rule : route.rules) {
                for (const http_backend& backend : rule.backends) {
                    if (!is_delegate(backend)) continue;
                    visit_candidates(backend, [&](const http_route& child) {
                        if (child.parents.empty()) selected.insert(&child);
                    });
                }
            }
        }
        for (const http_route& route : objects_.routes) {
            effective_route root{route};
            std::erase_if(root.route.parents,
                          [](const parent_reference& p) { return p.kind == "HTTPRoute"; });
            const bool orphan = root.route.parents.empty() && !route.parents.empty();
            if (orphan || selected.count(&route) != 0) continue;
            reached_.insert(&route);
            add(std::move(root), {&route});
        }
        for (const http_route& route : objects_.routes) {
            if (reached_.count(&route) != 0) continue;
            problems_.warning(
                route.meta.title(), "",
                "no route that has a Gateway delegates to it, so it gets no requests");
        }
        return std::move(made_);
    }

private:
    /// Calls `f(route)` for what a backend names.
    template <class F>
    void visit_candidates(const http_backend& backend, const F& f) const {
        for (const http_route& route : objects_.routes) {
            const object_meta& meta = route.meta;
            if (backend.kind == "label") {
                if (backend.name_space != "all" && backend.name_space != meta.name_space) continue;
                for (const auto& [key, value] : meta.labels) {
                    if (key == "delegation.kgateway.dev/label" && value == backend.service) {
                        f(route);
                    }
                }
            } else if (backend.name_space == meta.name_space &&
                       (backend.service == "*" || backend.service == meta.name)) {
                f(route);
            }
        }
    }

    /// Whether a child lets itself be found by a parent.
    [[nodiscard]] bool accepts(const http_route& child, const object_meta& parent) {
        bool named = child.parents.empty();
        for (const parent_reference& one : child.parents) {
            named = named || (one.kind == "HTTPRoute" && one.name == parent.name &&
                              one.name_space == parent.name_space);
        }
        if (named && !child.hostnames.empty()) {
            problems_.warning(child.meta.title(), "spec.hostnames",
                              "a route that is delegated to has the hostnames of its parent, and "
                              "must have none itself; " +
                                  parent.full_name() + " does not reach it");
            return false;
        }
        return named;
    }

    void add(effective_route route, const std::vector<const http_route*>& stack) {
        if (!route.via.empty() && ++delegated_ > max_effective_routes) {
            if (delegated_ == max_effective_routes + 1) {
                problems_.error({}, {},
                                "routes delegate to each other in more than " +
                                    std::to_string(max_effective_routes) + " ways");
            }
            return;
        }
        struct handed_rule {
            std::size_t index;
            http_rule rule;
        };
        std::vector<handed_rule> handed_on;
        for (std::size_t i = 0; i < route.route.rules.size(); ++i) {
            http_rule& rule = route.route.rules[i];
            if (!delegates(rule)) continue;
            handed_on.push_back({i, rule});
            std::erase_if(rule.backends, is_delegate);
        }
        const std::size_t at = made_.size();
        made_.push_back(std::move(route));
        for (const handed_rule& one : handed_on) {
            const std::size_t before = made_.size();
            for (const http_backend& backend : one.rule.backends) {
                if (!is_delegate(backend)) continue;
                visit_candidates(backend, [&](const http_route& child) {
                    hand_on(at, *stack.back(), one.rule, one.index, child, stack);
                });
            }
            http_rule& from = made_[at].route.rules[one.index];
            if (made_.size() != before) {
                from.matches.clear();  // what no child takes goes on to other rules
            } else if (from.defect.empty()) {
                from.defect = "no route takes what it delegates";
                problems_.warning(stack.back()->meta.title(), one.rule.path + ".backendRefs",
                                  "no route takes what is delegated here; every request gets 500");
            }
        }
    }

    /// @param rule  With the matches that it has here.
    void hand_on(std::size_t from, const http_route& parent, const http_rule& rule,
                 std::size_t index, const http_route& child,
                 const std::vector<const http_route*>& stack) {
        if (!accepts(child, parent.meta)) return;
        if (std::find(stack.begin(), stack.end(), &child) != stack.end()) {
            problems_.error(parent.meta.title(), rule.path + ".backendRefs",
                            "delegates to " + child.meta.full_name() +
                                ", which delegates here: the routes form a cycle");
            return;
        }
        const bool inherits = inherits_matches(child.meta);
        effective_route made{child};
        made.route.parents = made_[from].route.parents;
        made.route.hostnames = made_[from].route.hostnames;
        made.via.push_back({&parent, &parent.rules[index]});
        made.via.insert(made.via.end(), made_[from].via.begin(), made_[from].via.end());
        bool any = false;
        for (http_rule& own : made.route.rules) {
            std::vector<http_match> matches;
            for (const http_match& match : own.matches) {
                for (const http_match& above : rule.matches) {
                    std::optional<http_match> merged = match_under(above, match, inherits);
                    if (!merged) continue;
                    matches.push_back(*std::move(merged));
                    if (!inherits) break;
                }
            }
            if (matches.empty()) {
                problems_.warning(child.meta.title(), own.path + ".matches",
                                  "does not lie under what " + parent.meta.full_name() +
                                      " delegates, so that it gets no requests from there");
            }
            any = any || !matches.empty();
            own.matches = std::move(matches);
        }
        if (!any) return;
        reached_.insert(&child);
        std::vector<const http_route*> deeper = stack;
        deeper.push_back(&child);
        add(std::move(made), deeper);
    }

    const gateway_objects& objects_;
    manifest_problems& problems_;
    std::vector<effective_route> made_;
    std::set<const http_route*> reached_;
    std::size_t delegated_ = 0;  ///< of those that others delegate to
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
