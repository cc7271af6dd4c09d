// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_FILTER_POLICY_HPP
#define CORSAC_INTEROP_GATEWAY_FILTER_POLICY_HPP

// Tested in tests/interop/gateway/validation.test.cpp.

#include <corsac/error.hpp>
#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/cors_filter.hpp>
#include <corsac/interop/gateway/validation.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_intersection.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// A filter of the Gateway API as a policy.
struct filter_policy {
    std::optional<policy> value{};  ///< nothing if the filter has an error
    bool expose_present = false;    ///< see `attachment_options`
};

/// How a filter is read.
struct filter_policy_options {
    gateway_profile profile = gateway_profile::gateway_api;
    /// What `make_policy` refuses and the Gateway API permits (`*` with credentials) is an error:
    /// for manifests of tenants, in a cluster that is shared.
    bool strict = false;
};

namespace detail {

/// Header names of one list that are read one by one.
inline constexpr std::size_t max_filter_names = 4096;

/// The dangerous option that permits what a code refuses, or null.
[[nodiscard]] inline bool policy_options::* permission_for(config_code code) noexcept {
    switch (code) {
    case config_code::credentials_with_any_origin:
        return &policy_options::dangerously_allow_any_origin_with_credentials;
    case config_code::credentials_with_insecure_origin:
        return &policy_options::dangerously_allow_insecure_origins_with_credentials;
    case config_code::credentials_with_public_suffix:
        return &policy_options::dangerously_allow_public_suffixes_with_credentials;
    case config_code::credentials_with_null_origin:
        return &policy_options::dangerously_allow_null_origin_with_credentials;
    default: return nullptr;
    }
}

class filter_importer {
public:
    filter_importer(const cors_filter& filter, const filter_policy_options& options,
                    std::string_view object, std::string_view path, manifest_problems& problems)
        : filter_(filter), profile_(options.profile), strict_(options.strict), object_(object),
          path_(path), problems_(problems) {}

    [[nodiscard]] filter_policy run() {
        const std::size_t errors = problems_.errors();
        if (profile_ == gateway_profile::gateway_api) {
            validate(filter_, object_, path_, problems_);
        }
        read_lists();
        options_.allow_credentials = filter_.allow_credentials.value_or(false);
        options_.max_age = filter_.max_age.value_or(gateway_default_max_age);
        // CONNECT and TRACE, Origin and Cookie may be listed there. No browser asks for them.
        options_.tolerate_forbidden_names = true;
        if (problems_.errors() != errors) return {};
        if (options_.allow_origins.empty() && !filter_.allow_origins.empty()) {
            problems_.error(object_, path_ + ".allowOrigins",
                            "allows nobody: every entry is left out");
            return {};
        }
        if (options_.allow_origins.empty()) {
            problems_.warning(object_, path_ + ".allowOrigins",
                              "no origin is listed, so none is allowed");
            return {make_closed_policy(options_), expose_present_};
        }
        result<policy> built = make_policy(options_);
        if (!built && !strict_ && permit(built.errors())) built = make_policy(options_);
        for (const config_error& e : built.errors()) report(e);
        for (const config_error& e : built.warnings()) report(e);
        if (!built) return {};
        return {*std::move(built), expose_present_};
    }

private:
    void read_lists() {
        if (filter_.allow_headers.size() + filter_.expose_headers.size() +
                filter_.allow_methods.size() >
            max_filter_names) {
            problems_.error(object_, path_,
                            "lists more than " + std::to_string(max_filter_names) +
                                " methods and headers");
            return;
        }
        for (std::size_t i = 0; i < filter_.allow_origins.size(); ++i) {
            const std::string& item = filter_.allow_origins[i];
            if (profile_ == gateway_profile::kgateway && is_text_pattern(item)) {
                warning("allowOrigins", i, item,
                        "is compared as text by kgateway, so that strangers' names can fit, and "
                        "is left out");
            } else {
                origin_indices_.push_back(i);
                options_.allow_origins.push_back(item);
            }
        }
        for (const std::string& item : filter_.allow_methods) {
            options_.allow_methods.push_back(item);
        }
        const bool literal = profile_ != gateway_profile::extended;
        for (std::size_t i = 0; i < filter_.allow_headers.size(); ++i) {
            const std::string& item = filter_.allow_headers[i];
            if (item == "*") {
                any_header(i);
            } else if (literal && item.find('*') != item.npos) {
                warning("allowHeaders", i, item,
                        "is one literal name in the Gateway API, which no client sends, and is "
                        "left out; the extended profile takes X-Custom-* as a pattern");
            } else {
                header_indices_.push_back(i);
                options_.allow_headers.push_back(item);
            }
        }
        for (std::size_t i = 0; i < filter_.expose_headers.size(); ++i) {
            const std::string& item = filter_.expose_headers[i];
            if (item == "*" && filter_.allow_credentials.value_or(false)) {
                expose_present_ = true;
                warning("exposeHeaders", i, item,
                        "is no wildcard for browsers when credentials are allowed; the names that "
                        "each response has are listed instead");
            } else if (literal && item != "*" && item.find('*') != item.npos) {
                warning("exposeHeaders", i, item,
                        "is one literal name in the Gateway API, and is left out");
            } else {
                expose_indices_.push_back(i);
                options_.expose_headers.push_back(item);
            }
        }
    }

    /// `https://a.b*`: whatever begins like that.
    [[nodiscard]] static bool is_text_pattern(std::string_view item) {
        bool wrong = false;
        (void)parse_origin_pattern(
            item, [&](config_code, std::string_view, std::string_view) { wrong = true; });
        return wrong && item.find('*') != item.npos;
    }

    /// Gateways answer `*` by repeating what was asked, so it covers Authorization, too.
    void any_header(std::size_t index) {
        header_indices_.push_back(index);
        options_.allow_headers.push_back("*");
        if (is_listed(options_.allow_headers, "authorization")) return;
        for (const std::string& item : filter_.allow_headers) {
            if (is_cors_non_wildcard_request_header(item)) return;
        }
        header_indices_.push_back(index);
        options_.allow_headers.push_back("Authorization");
        warning("allowHeaders", index, "*", "covers Authorization in the Gateway API, and so here");
    }

    /// Permits what the Gateway API does.
    /// @return  False if there are other errors, too.
    [[nodiscard]] bool permit(const config_errors& errors) {
        bool all = true;
        for (const config_error& e : errors) {
            bool policy_options::* permission = permission_for(e.code());
            all = all && permission != nullptr;
            if (permission == nullptr) continue;
            options_.*permission = true;
            std::string message = '"' + std::string(e.text()) + "\" with allowCredentials ";
            message += e.code() == config_code::credentials_with_any_origin
                           ? "lets every site act as the logged-in user: its origin is echoed"
                       : e.code() == config_code::credentials_with_insecure_origin
                           ? "trusts pages that anyone on the network can rewrite"
                       : e.code() == config_code::credentials_with_null_origin
                           ? "trusts every sandboxed frame of every site"
                           : "trusts names that strangers can register";
            problems_.warning(object_, at(e), message + "; the Gateway API allows that");
        }
        return all;
    }

    void report(const config_error& e) {
        if (!strict_ && permission_for(e.code()) != nullptr) return;  // said already
        std::string message(e.message());
        message.erase(0, message.find(": ") + 2);  // the name that the options have
        if (is_warning(e.code())) {
            problems_.warning(object_, at(e), std::move(message));
        } else {
            problems_.error(object_, at(e), std::move(message));
        }
    }

    /// Where the filter says what the options say.
    [[nodiscard]] std::string at(const config_error& e) const {
        struct pair {
            std::string_view ours, theirs;
        };
        constexpr pair names[] = {{"allow_origins", "allowOrigins"},
                                  {"allow_methods", "allowMethods"},
                                  {"allow_headers", "allowHeaders"},
                                  {"expose_headers", "exposeHeaders"},
                                  {"max_age", "maxAge"}};
        std::string where = path_;
        for (const pair& name : names) {
            if (e.field() == name.ours) where += '.' + std::string(name.theirs);
        }
        if (e.index() == no_index) return where;
        std::size_t index = e.index();
        if (e.field() == "allow_origins") index = origin_indices_[index];
        if (e.field() == "allow_headers") index = header_indices_[index];
        if (e.field() == "expose_headers") index = expose_indices_[index];
        return where + '[' + std::to_string(index) + ']';
    }

    void warning(std::string_view field, std::size_t index, std::string_view item,
                 std::string_view message) {
        problems_.warning(object_,
                          path_ + '.' + std::string(field) + '[' + std::to_string(index) + ']',
                          '"' + std::string(item) + "\" " + std::string(message));
    }

    const cors_filter& filter_;
    gateway_profile profile_;
    bool strict_;
    std::string object_;
    std::string path_;
    manifest_problems& problems_;
    policy_options options_;
    std::vector<std::size_t> origin_indices_;
    std::vector<std::size_t> header_indices_;
    std::vector<std::size_t> expose_indices_;
    bool expose_present_ = false;
};

}  // namespace detail

/// Builds the policy that a filter describes.
///
/// What the Gateway API permits and `make_policy` refuses (`*` with credentials) is built as it is
/// meant there, with a warning for each. `maxAge` is 5 where it is left out; a filter without
/// origins governs and allows none.
///
/// @param path  Where the filter stands in `object`.
[[nodiscard]] inline filter_policy make_filter_policy(const cors_filter& filter,
                                                      const filter_policy_options& options,
                                                      std::string_view object,
                                                      std::string_view path,
                                                      manifest_problems& problems) {
    manifest_problems found;
    filter_policy made = detail::filter_importer{filter, options, object, path, found}.run();
    problems.append(std::move(found), name_of(options.profile));
    return made;
}
[[nodiscard]] inline filter_policy make_filter_policy(const cors_filter& filter,
                                                      gateway_profile profile,
                                                      std::string_view object,
                                                      std::string_view path,
                                                      manifest_problems& problems) {
    return make_filter_policy(filter, filter_policy_options{.profile = profile}, object, path,
                              problems);
}

}  // namespace corsac::inline v0_2_0::interop

#endif
