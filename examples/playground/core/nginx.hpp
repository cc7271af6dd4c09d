// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_NGINX_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_NGINX_HPP

#include <corsac/interop/document/export_loss.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace playground {

/// Writes a policy as configuration of nginx: maps that judge a request, and a location that
/// answers.
///
/// Expressions are PCRE. Texts of a map would be compared in any letter case, so origins and
/// methods are expressions, too; the quantifiers give nothing back, so that no header can make one
/// slow.
///
/// Spec: https://nginx.org/en/docs/http/ngx_http_map_module.html#map
class nginx_writer {
public:
    explicit nginx_writer(const corsac::policy& policy)
        : rules_(policy.rules()), options_(policy.options()) {}

    [[nodiscard]] std::string text() {
        write_maps();
        write_location();
        report_losses();
        return out_;
    }
    [[nodiscard]] const corsac::interop::export_losses& losses() const { return losses_; }

private:
    using loss_kind = corsac::interop::loss_kind;

    static constexpr std::string_view token = R"([!#$%&'*+.^_`|~0-9A-Za-z-])";

    /// What one entry of allow_origins matches; empty if nginx cannot say it.
    [[nodiscard]] static std::string origin_expression(std::string_view entry) {
        constexpr std::string_view label = "[a-z0-9_-]+";
        constexpr std::string_view host = R"((?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*+\.?|\[[0-9a-f:]+\]))";
        const std::string port = port_expression(entry);
        const auto ignore = [](corsac::config_code, std::string_view, std::string_view) {};
        const corsac::origin_pattern pattern = corsac::parse_origin_pattern(entry, ignore);
        const std::string_view text = pattern.view();
        std::string out;
        switch (pattern.kind()) {
        case corsac::pattern_kind::network: return {};
        case corsac::pattern_kind::any_origin:
            return out.append("(?!http:.*:80$|https:.*:443$)(?:null|[a-z][a-z0-9+.-]*+://")
                       .append(host)
                       .append(port) +
                   ')';
        case corsac::pattern_kind::exact: out = escaped(text); break;
        case corsac::pattern_kind::subdomains:
            out = escaped(text.substr(0, pattern.wildcard_at()));
            out.append("(?:").append(label).append("\\.)+");
            out += escaped(text.substr(pattern.wildcard_at() + 2));
            break;
        case corsac::pattern_kind::in_label:
            out = escaped(text.substr(0, pattern.wildcard_at())) + "[a-z0-9-]+";
            out += escaped(text.substr(pattern.wildcard_at() + 1));
            break;
        case corsac::pattern_kind::any_host:
            out = escaped(text.substr(0, pattern.wildcard_at())).append(host);
            out += escaped(text.substr(pattern.wildcard_at() + 1));
            break;
        }
        return pattern.any_port() ? out.append(port) : out;
    }

    /// Any port, or none. No origin has its scheme's default port.
    [[nodiscard]] static std::string port_expression(std::string_view entry) {
        constexpr std::string_view number = "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-"
                                            "4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
        const std::string_view scheme = entry.substr(0, entry.find(':'));
        std::string out = "(?::";
        if (scheme == "http") out += "(?!80$)";
        if (scheme == "https") out += "(?!443$)";
        return out.append(number).append(")?");
    }

    [[nodiscard]] static std::string escaped(std::string_view text) {
        std::string out;
        for (const char c : text) {
            if (std::string_view{R"(.*+?^$()[]{}|\#)"}.find(c) != std::string_view::npos)
                out += '\\';
            out += c;
        }
        return out;
    }

    void line(std::string_view text) { out_.append(text) += '\n'; }
    void begin_map(std::string_view from, std::string_view to) {
        out_.append("map ").append(from).append(" $").append(to).append(" {\n");
    }
    void entry(std::string_view key, std::string_view value) {
        out_.append("    ").append(key).append(" ").append(value).append(";\n");
    }
    void end_map() { line("}"); }
    [[nodiscard]] static std::string expression(std::string_view regex, std::string_view flags) {
        return std::string("\"").append(flags).append("^").append(regex).append("$\"");
    }

    void write_maps() {
        line("# In http { … }");
        begin_map("$http_origin", "cors_origin");
        if (rules_.answers_star()) {
            entry("default", "\"*\"");
        } else {
            entry("default", "\"\"");
            for (const std::string_view one : options_.allow_origins) {
                const std::string regex = origin_expression(one);
                if (regex.empty()) {
                    losses_.add(loss_kind::narrower, "allow_origins", one,
                                "is a network, which is no expression; it is left out");
                } else {
                    entry(expression(regex, "~"), "$http_origin");
                }
            }
        }
        end_map();

        begin_map("$http_access_control_request_method", "cors_method");
        entry("default", "no");
        entry(expression("(?:" + method_expression() + ")", "~"), "yes");
        end_map();

        begin_map("$http_access_control_request_headers", "cors_headers");
        entry("default", "no");
        entry("\"\"", "yes");  // no expression is asked about nothing
        const std::string names = header_expression();
        const std::string list =
            names.empty() ? "" : "(?:(?:" + names + ")(?:[\\t ]*+,[\\t ,]*+|[\\t ]*+$))*+";
        entry(expression("[\\t ,]*+" + list, "~*"), "yes");
        end_map();

        line("# Only OPTIONS with Origin and Access-Control-Request-Method is a preflight.");
        begin_map("$request_method", "cors_asked");
        entry("default", "\"\"");
        entry(expression("OPTIONS", "~"), "$http_access_control_request_method");
        end_map();
        begin_map("$http_origin", "cors_asker");
        entry("default", "$cors_asked");
        entry("\"\"", "\"\"");
        end_map();
        begin_map("\"$cors_origin $cors_method $cors_headers\"", "cors_verdict");
        entry("default", "refused");
        entry(expression("[^ ]+ yes yes", "~"), "granted");
        end_map();
        begin_map("$cors_asker", "cors_preflight");
        entry("default", "$cors_verdict");
        entry("\"\"", "\"\"");
        end_map();

        line("# A header with an empty value is not sent.");
        credentials_ = map_of_allowed("cors_credentials", options_.allow_credentials ? "true" : "");
        exposed_ = map_of_allowed("cors_exposed", sent(rules_.exposed(), "expose_headers"));
        begin_map("$request_method", "cors_vary");
        entry("default", rules_.answers_star() ? "\"\"" : "Origin");
        entry(expression("OPTIONS", "~"), std::string("\"").append(vary_of_options()) + '"');
        end_map();
    }

    /// Writes a variable that has a value where the origin is allowed.
    /// @return What it is called; empty if there is no value to have.
    [[nodiscard]] std::string map_of_allowed(std::string_view name, std::string_view value) {
        if (value.empty()) return {};
        begin_map("$cors_origin", name);
        entry("default", std::string("\"").append(value).append("\""));
        entry("\"\"", "\"\"");
        end_map();
        return std::string("$").append(name);
    }

    [[nodiscard]] std::string_view vary_of_options() const {
        constexpr std::string_view all =
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        return all.substr(rules_.answers_star() ? all.find("Access") : 0);
    }

    [[nodiscard]] std::string method_expression() const {
        if (rules_.allows_any_method()) return std::string(token) + "++";
        std::string out = "GET|HEAD|POST";
        for (const std::string_view one : options_.allow_methods) out += '|' + escaped(one);
        return out;
    }

    [[nodiscard]] std::string header_expression() const {
        std::string out;
        for (const std::string_view one : options_.allow_headers) {
            if (!out.empty()) out += '|';
            const std::string_view before_star = one.substr(0, one.find('*'));
            if (one == "*") {
                out.append("(?!(?:authorization|\\*)[\\t ]*+(?:,|$))").append(token).append("++");
            } else if (before_star.size() < one.size()) {
                out.append(escaped(before_star)).append(token).append("++");
            } else {
                out += escaped(one);
            }
        }
        return out;
    }

    /// A list as it is sent. What begins with a dollar would be a variable, and there is no way to
    /// write one otherwise.
    [[nodiscard]] std::string sent(std::string_view list, std::string_view field) {
        if (list.find('$') == list.npos) return std::string(list);
        losses_.add(loss_kind::narrower, field, {}, "has a $, which nginx cannot send; not sent");
        return {};
    }

    void header(std::string_view indent, std::string_view name, std::string_view value) {
        if (value.empty()) return;
        const bool quoted = value.find_first_of(" ;*") != value.npos;
        out_.append(indent).append("add_header ").append(name).append(quoted ? " \"" : " ");
        out_.append(value).append(quoted ? "\"" : "").append(" always;\n");
    }

    void write_location() {
        line("");
        line("# In server { … }");
        line("location / {");
        constexpr std::string_view inner = "        ", outer = "    ";
        line("    if ($cors_preflight = granted) {");
        header(inner, "Access-Control-Allow-Origin", "$cors_origin");
        header(inner, "Access-Control-Allow-Credentials", credentials_);
        header(inner, "Access-Control-Allow-Methods",
               rules_.allows_any_method() ? "$http_access_control_request_method"
                                          : sent(rules_.methods(), "allow_methods"));
        header(inner, "Access-Control-Allow-Headers",
               reflects_headers() ? "$http_access_control_request_headers"
                                  : sent(rules_.headers(), "allow_headers"));
        header(inner, "Access-Control-Expose-Headers", exposed_);
        header(inner, "Access-Control-Max-Age", rules_.max_age());
        header(inner, "Vary", "$cors_vary");
        line("        return " + std::to_string(rules_.preflight_status()) + ";");
        line("    }");
        line("    if ($cors_preflight = refused) {");
        header(inner, "Vary", "$cors_vary");
        line("        return " + std::to_string(rules_.denied_preflight_status()) + ";");
        line("    }");
        line("    # What the application writes itself does not get round the policy.");
        for (const char* name : {"Origin", "Credentials", "Methods", "Headers"}) {
            line(std::string("    proxy_hide_header Access-Control-Allow-") + name + ';');
        }
        line("    proxy_hide_header Access-Control-Expose-Headers;");
        line("    proxy_hide_header Access-Control-Max-Age;");
        header(outer, "Access-Control-Allow-Origin", "$cors_origin");
        header(outer, "Access-Control-Allow-Credentials", credentials_);
        header(outer, "Access-Control-Expose-Headers", exposed_);
        header(outer, "Vary", "$cors_vary");
        line("    proxy_pass http://127.0.0.1:8080;  # your application");
        line("}");
    }

    [[nodiscard]] bool reflects_headers() const {
        return std::any_of(options_.allow_headers.begin(), options_.allow_headers.end(),
                           [](std::string_view one) { return one.back() == '*'; });
    }

    void report_losses() {
        for (const corsac::policy_switch& one : corsac::policy_switches) {
            const bool said = one.member == &corsac::policy_options::allow_credentials;
            if (said || !(options_.*one.member) || one.combined == corsac::combined_as::on)
                continue;
            losses_.add(loss_kind::other, one.name, {}, "is not written");
        }
        losses_.add(loss_kind::always, "origin", {},
                    "of two Origin lines nginx before 1.23 looks at the first");
    }

    corsac::policy_rules rules_;  // borrows from the policy
    corsac::policy_options options_;
    corsac::interop::export_losses losses_;
    std::string credentials_;  // variables
    std::string exposed_;
    std::string out_;
};

}  // namespace playground

#endif
