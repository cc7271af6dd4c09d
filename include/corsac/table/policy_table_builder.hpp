// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_POLICY_TABLE_BUILDER_HPP
#define CORSAC_TABLE_POLICY_TABLE_BUILDER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_intersection.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/detail/compiler.hpp>
#include <corsac/table/detail/data.hpp>
#include <corsac/table/detail/description.hpp>
#include <corsac/table/dynamic_policy.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

/// A route as its author names it.
struct route_options {
    std::string_view name{};  ///< `namespace/name`
    text_list hostnames{};    ///< `a.example`, `*.a.example`; none for every host
    std::int64_t created = created_unknown;
};

/// A listener, as far as look-ups ask for it.
struct listener_options {
    std::string_view hostname{};  ///< empty for every host
    /// Of listeners of one Gateway and port, each gets the hosts that no other names more
    /// precisely; 0 where that is not known, and others are no matter.
    std::int64_t port = 0;
};

/// Builds a `policy_table`: first the scopes, then what is attached to them.
///
/// Mistakes (a path that does not begin with `/`, a condition without its value) are collected, and
/// told by `build`.
class policy_table_builder {
public:
    [[nodiscard]] gateway_id add_gateway() { return gateway_id{next(scopes_.gateways)}; }

    /// @param hostname  Empty for every host.
    [[nodiscard]] listener_id add_listener(gateway_id gateway, std::string_view hostname) {
        return add_listener(gateway, listener_options{.hostname = hostname});
    }
    [[nodiscard]] listener_id add_listener(gateway_id gateway, const listener_options& options) {
        const std::string_view hostname = options.hostname;
        detail::text listener{"listener "};
        listener.append_number(scopes_.listeners.size());
        check_hostnames({hostname}, {"hostname", no_index, listener.view()});
        scopes_.listeners.push_back(
            {static_cast<std::uint32_t>(gateway), detail::text{hostname}, options.port});
        return listener_id{static_cast<std::uint32_t>(scopes_.listeners.size() - 1)};
    }

    /// A route of no listener yet. If it gets none, it serves every host through a listener of its
    /// own to which nothing can be attached.
    [[nodiscard]] route_id add_route(const route_options& options) {
        const detail::text route = title(scopes_.routes.size(), options.name);
        check_hostnames(options.hostnames, {"hostnames", 0, route.view()});
        scopes_.routes.push_back(
            {detail::text{options.name}, options.hostnames, options.created, {}, 0});
        return route_id{static_cast<std::uint32_t>(scopes_.routes.size() - 1)};
    }
    void add_parent(route_id route, listener_id listener) {
        scopes_.routes[static_cast<std::uint32_t>(route)].listeners.push_back(
            static_cast<std::uint32_t>(listener));
    }

    /// A rule that nothing leads to before it has a match.
    [[nodiscard]] rule_id add_rule(route_id route, std::string_view name) {
        const auto index = static_cast<std::uint32_t>(route);
        const std::uint32_t number = scopes_.routes[index].rules++;
        scopes_.rules.push_back({index, number, detail::text{name}, {}, 0});
        return rule_id{static_cast<std::uint32_t>(scopes_.rules.size() - 1)};
    }

    void add_match(rule_id rule, const route_match& match) {
        const auto index = static_cast<std::uint32_t>(rule);
        detail::described_match added{index,
                                      scopes_.rules[index].matches++,
                                      match.kind,
                                      detail::text{match.path},
                                      detail::text{match.method},
                                      {},
                                      match.guard,
                                      match.guarded_headers,
                                      match.guarded_query};
        const described_place place = place_of(added);
        const bool is_path = !match.path.empty() && match.path.front() == '/';
        if (!is_path && match.kind != path_kind::expression) {
            detail::text advice{"write \"/"};
            advice.append(match.path).append('"');
            report_.add(config_code::path_malformed, place.field("path"), match.path,
                        "is no path, which begins with /", advice.view());
        }
        add_conditions(added, match.headers, ':', place);
        add_conditions(added, match.query, '=', place);
        scopes_.matches.push_back(std::move(added));
    }

    /// @param name    For people.
    /// @param weight  0 for one that never gets a request.
    [[nodiscard]] backend_id add_backend(rule_id rule, std::string_view name, std::int64_t weight) {
        scopes_.backends.push_back(
            {static_cast<std::uint32_t>(rule), detail::text{name}, weight, {}});
        return backend_id{static_cast<std::uint32_t>(scopes_.backends.size() - 1)};
    }

    /// Says that a filter of the rule could not be resolved, so its requests must get 500.
    void set_broken(rule_id rule, std::string_view reason) {
        scopes_.rules[static_cast<std::uint32_t>(rule)].broken = detail::text{reason};
    }
    void set_broken(backend_id backend, std::string_view reason) {
        scopes_.backends[static_cast<std::uint32_t>(backend)].broken = detail::text{reason};
    }

    [[nodiscard]] policy_id add_policy(policy added) {
        policies_.push_back(std::move(added));
        return policy_id{static_cast<std::uint32_t>(policies_.size() - 1)};
    }
    /// The same with a policy of another type: one with a shared set, a predicate or another
    /// matcher beside its list, or a static one.
    template <policy_like P>
    [[nodiscard]] policy_id add_policy(P added) {
        if constexpr (!requires { make_dynamic(std::move(added)); }) {
            return add_policy(listed_part(added));
        } else {
            policy listed = listed_part(added);
            dynamic_policies_.push_back(
                detail::dynamic_record{make_dynamic(std::move(added)), std::move(listed)});
            return policy_id{detail::first_dynamic +
                             static_cast<std::uint32_t>(dynamic_policies_.size() - 1)};
        }
    }
    /// Governs, and allows no origin: what an empty filter of the Gateway API means.
    [[nodiscard]] policy_id add_closed_policy() { return add_policy(make_closed_policy({})); }

    attachment_id attach(attachment_target target, policy_id attached,
                         const attachment_options& options) {
        return add_attachment(target, static_cast<std::uint32_t>(attached), options);
    }
    template <policy_like P>
    attachment_id attach(attachment_target target, P attached, const attachment_options& options) {
        return attach(target, add_policy(std::move(attached)), options);
    }
    /// Switches off what is inherited; something more specific may switch it on again.
    attachment_id disable(attachment_target target, const attachment_options& options) {
        return add_attachment(target, detail::nothing, options);
    }

    /// @return  The table, or every mistake: `config_error::object()` says in which route or
    ///          listener.
    [[nodiscard]] result<policy_table> build() && {
        if (!report_.errors.empty()) {
            return {std::move(report_.errors), std::move(report_.warnings)};
        }
        detail::table_data data = detail::compile_table(std::move(scopes_), std::move(policies_),
                                                        std::move(dynamic_policies_));
        if (data.index.text_size() > std::numeric_limits<std::uint32_t>::max()) {
            report_.add(config_code::policy_too_large, {"routes"}, {},
                        "have more than 4 GiB of names and paths", "make several tables");
            return {std::move(report_.errors), std::move(report_.warnings)};
        }
        return {policy_table{std::move(data)}, std::move(report_.warnings)};
    }

private:
    [[nodiscard]] static std::uint32_t next(std::uint32_t& count) noexcept { return count++; }

    attachment_id add_attachment(attachment_target target, std::uint32_t policy_index,
                                 const attachment_options& options) {
        scopes_.attachments.push_back({target, policy_index, options.expose_present,
                                       options.created, detail::text{options.kind},
                                       detail::text{options.name}});
        return attachment_id{static_cast<std::uint32_t>(scopes_.attachments.size() - 1)};
    }

    /// `route shop/items`; `route 2` if it has no name.
    [[nodiscard]] static detail::text title(std::size_t index, std::string_view name) {
        detail::text object{"route "};
        if (name.empty()) {
            object.append_number(index);
        } else {
            object.append(name);
        }
        return object;
    }

    /// A match, as messages name it.
    struct described_place {
        detail::text object;

        [[nodiscard]] config_place field(std::string_view name) const {
            return {name, no_index, object.view()};
        }
        [[nodiscard]] config_place field(std::string_view name, std::size_t index) const {
            return {name, index, object.view()};
        }
    };
    [[nodiscard]] described_place place_of(const detail::described_match& match) const {
        const detail::described_rule& rule = scopes_.rules[match.rule];
        detail::text object = title(rule.route, scopes_.routes[rule.route].name.view());
        object.append(", rules[").append_number(rule.number).append("].matches[");
        object.append_number(match.number).append(']');
        return {std::move(object)};
    }

    /// @param place  Of the first one; `no_index` if there is only one.
    void check_hostnames(const text_list& hostnames, config_place place) {
        for (const std::string_view hostname : hostnames) {
            std::string_view labels = hostname;
            if (labels.substr(0, 2) == "*.") labels.remove_prefix(2);
            const detail::text lower = detail::lower_case(labels);
            if (!hostname.empty() && !detail::is_serialized_domain(lower.view())) {
                report_.add(config_code::hostname_malformed, place, hostname, "is no hostname",
                            "write a.example or *.a.example");
            }
            if (place.index != no_index) ++place.index;
        }
    }

    void add_conditions(detail::described_match& match, const text_list& lines, char separator,
                        const described_place& place) {
        const bool is_header = separator == ':';
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::string_view line = lines[i];
            const std::size_t at = line.find(separator);
            if (at == line.npos || at == 0) {
                report_.add(config_code::condition_malformed,
                            place.field(is_header ? "headers" : "query", i), line,
                            "is no condition",
                            is_header ? "write Name: value" : "write name=value");
                continue;
            }
            std::string_view value = line.substr(at + 1);
            if (is_header) value = detail::trim_ows(value);
            match.conditions.push_back(
                {detail::text{line.substr(0, at)}, detail::text{value}, is_header});
        }
    }

    detail::described_scopes scopes_;
    detail::buffer<std::optional<policy>> policies_;
    detail::buffer<std::optional<detail::dynamic_record>> dynamic_policies_;
    config_report report_;
};

}  // namespace corsac::inline v0_2_0

#endif
