// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_OPTIONS_HPP
#define CORSAC_POLICY_POLICY_OPTIONS_HPP

#include <corsac/text_list.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace corsac::inline v0_2_0 {

/// Bytes of the longest header name that a policy may list; the Gateway API's limit.
inline constexpr std::size_t max_configured_name_length = 256;

/// Entries of allow_headers that end in `*`: a preflight's names are compared with one after the
/// other. The Gateway API takes as many names.
inline constexpr std::size_t max_header_prefixes = 64;

/// Tells whether strangers can register names right under `host` (`"com"`, `"github.io"`), beyond
/// those that the built-in Public Suffix List knows.
///
/// `host` is in lower case, without port or trailing dot.
using public_suffix_predicate = bool (*)(std::string_view host);

/// A number of seconds, or none: `.max_age = 600`. Takes what `std::optional` takes, and one of
/// those.
// Not std::optional itself: <optional> would be a tenth of what <corsac/corsac.hpp> costs.
class optional_seconds {
public:
    constexpr optional_seconds() noexcept = default;
    constexpr optional_seconds(std::int64_t seconds) noexcept : seconds_(seconds), is_set_(true) {}
    /// From a `std::optional`, and from `std::nullopt`.
    template <class Optional>
        requires requires(const Optional& other) {
            std::int64_t{*other};
            bool(other);
        }
    constexpr optional_seconds(const Optional& other) noexcept
        : seconds_(other ? *other : 0), is_set_(bool(other)) {}
    template <class Nullopt>
        requires(std::is_empty_v<Nullopt>)
    constexpr optional_seconds(Nullopt) noexcept {}

    [[nodiscard]] constexpr explicit operator bool() const noexcept { return is_set_; }
    [[nodiscard]] constexpr bool has_value() const noexcept { return is_set_; }
    /// 0 if there is none.
    [[nodiscard]] constexpr std::int64_t operator*() const noexcept { return seconds_; }
    [[nodiscard]] constexpr std::int64_t value_or(std::int64_t otherwise) const noexcept {
        return is_set_ ? seconds_ : otherwise;
    }

    [[nodiscard]] friend constexpr bool operator==(optional_seconds,
                                                   optional_seconds) noexcept = default;

private:
    std::int64_t seconds_ = 0;
    bool is_set_ = false;
};

/// What a policy allows, as its author writes it. Every member may be left out.
struct policy_options {
    /// Who may read responses: `https://example.com`, `https://*.example.com` (one or more labels),
    /// `https://preview-*.example.com` (part of one label), `http://localhost:*` (any port or
    /// none), `https://*`, `*`, `null`, `capacitor://localhost`, `http://[::1]:3000`.
    /// Scheme and host are folded to lower case; a default port is dropped.
    text_list allow_origins{};

    /// Methods beyond GET, HEAD and POST, which cannot be withheld; `*` for all.
    text_list allow_methods{};

    /// Request headers beyond the CORS-safelisted ones; `X-Custom-*` for a prefix, `*` for all but
    /// `Authorization`, which counts only when it is named.
    text_list allow_headers{};

    /// Response headers that scripts may read beyond the CORS-safelisted ones; `*` for all, not
    /// together with `allow_credentials`.
    text_list expose_headers{};

    /// Origins of this very server, such as `https://www.example.com`, for `reject_disallowed` and
    /// `reject_cross_origin_writes` behind a proxy that rewrites `Host`. No patterns.
    text_list own_origins{};

    /// Whether cookies, TLS client certificates and HTTP authentication may accompany requests.
    bool allow_credentials = false;

    /// Seconds for which a browser may remember a preflight: 0 for not at all, unset for its
    /// default of 5. Chromium caps it at 7,200, Firefox at 86,400.
    optional_seconds max_age{};

    /// Status of a granted preflight, 200 to 299.
    std::int32_t preflight_status = 204;

    /// Status of a refused preflight: 403, or 200 to 299 for clients that treat 403 as an outage.
    std::int32_t denied_preflight_status = 403;

    /// Answers 403 to a cross-origin request whose origin is not allowed, before the handler runs.
    /// CORS alone only hides the answer. A same-origin request is never rejected, nor is a GET or
    /// HEAD in `no-cors` mode (an image, say), which may have an `Origin`, too.
    bool reject_disallowed = false;

    /// Answers 403 to a POST, PUT, DELETE … that a browser sends from another origin, unless
    /// `allow_origins` lists that origin (a `*` is no trust): protection against cross-site request
    /// forgery without tokens. Asks `Sec-Fetch-Site` first, then `Origin` and `Host`; a request
    /// with neither comes from no browser and passes.
    bool reject_cross_origin_writes = false;

    /// Gives a request that carries `Cookie` or `Authorization` no CORS header at all, as the
    /// Gateway API asks (GEP-1767); not together with `allow_credentials`, nor with `Authorization`
    /// in `allow_headers`. Browsers hide a response to cookies anyway. Every response then depends
    /// on both fields, so shared caches keep few. TLS client certificates, credentials too, are not
    /// to be seen in a request.
    bool refuse_credentials = false;

    /// Lists in a preflight's answer only what it asked for, instead of everything allowed.
    bool disclose_requested_only = false;

    /// Sends the lists and leaves the verdict on method and headers to the browser. Methods are
    /// judged here all the same if none is listed, since there is no list then.
    bool advertise = false;

    /// Lets a refused preflight reach the application.
    bool forward_denied_preflights = false;

    /// Lets a granted preflight reach the application, too, which answers it with a status of its
    /// own and perhaps other fields; those of CORS are the policy's. The status has to be 2xx.
    bool forward_granted_preflights = false;

    /// Leaves `Access-Control-*` headers of the handler in place unless this policy writes the
    /// same one.
    bool keep_existing = false;

    /// Answers `Access-Control-Request-Private-Network`. Obsolete: no current browser sends it.
    bool allow_private_network = false;

    /// Decides, and lets `explain` say what was decided, but changes no response and answers none:
    /// for trying a policy out on real requests.
    bool shadow = false;

    /// Accepts methods and header names that no script can send (`TRACE`, `Cookie`, `Origin`) with
    /// a warning, for configurations written for other systems.
    bool tolerate_forbidden_names = false;

    /// Lets every site on the web act as the logged-in user.
    bool dangerously_allow_any_origin_with_credentials = false;

    /// Trusts `http://` origins on other machines, whose pages anyone on the way can rewrite.
    bool dangerously_allow_insecure_origins_with_credentials = false;

    /// Trusts every host right under a public suffix, such as `https://*.github.io`.
    bool dangerously_allow_public_suffixes_with_credentials = false;

    /// Trusts `null`, the origin of every sandboxed frame of every site.
    bool dangerously_allow_null_origin_with_credentials = false;

    /// Trusts whomever a matcher beside `allow_origins`, such as a regular expression, lets in,
    /// although it is not proved to accept only hosts on domains that it names.
    bool dangerously_allow_unproved_expressions_with_credentials = false;

    /// Consulted for wildcards beside the built-in Public Suffix List, for fresher data.
    public_suffix_predicate is_public_suffix = nullptr;

    [[nodiscard]] friend constexpr bool operator==(const policy_options&,
                                                   const policy_options&) = default;
};

}  // namespace corsac::inline v0_2_0

#endif
