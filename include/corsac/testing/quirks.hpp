// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_QUIRKS_HPP
#define CORSAC_TESTING_QUIRKS_HPP

// Tested in tests/testing/truth.test.cpp.

#include <cstdint>

namespace corsac::inline v0_2_0::testing {

/// Whose words the console speaks.
enum class console_language { plain, chromium, firefox };

/// How `Access-Control-Max-Age` is read.
enum class max_age_reading {
    /// Digits only; anything else counts as absent (5 seconds).
    standard,
    /// A signed 64-bit number; below zero is zero, anything else counts as absent.
    chromium,
    /// Digits only; anything else means: do not cache.
    firefox,
};

/// How the HTTP cache is used.
enum class http_cache_rules {
    /// RFC 9111.
    standard,
    /// Answers HEAD and `Range` from a stored GET, DELETE and PATCH as well in mode `force-cache`;
    /// a
    /// PUT leaves what is stored alone. What failed its check is forgotten.
    chromium,
    /// Answers to requests with and without credentials are kept apart. A status that is no usual
    /// answer to GET is never fresh. A script's `Authorization` is never answered from the cache.
    firefox,
};

/// Where a browser leaves the standard. Each field is one difference; the defaults are the
/// standard. Take a set as a whole (`quirks::chromium`) or try one difference alone.
///
/// Measured with Chromium 156 and Firefox 153 (ESR) on Linux; those marked † are read from the
/// browsers' sources, where no measurement could tell.
struct quirks {
    /// Chromium and Firefox: `Access-Control-Allow-Headers: *` covers `Authorization` too.
    bool star_covers_authorization = false;
    /// Chromium: A script's `User-Agent` needs no preflight.
    bool user_agent_is_safelisted = false;
    /// Chromium: `DPR`, `Width`, `Save-Data` and other old client hints need no preflight.
    bool client_hints_are_safelisted = false;
    /// Chromium: Lines of one name are joined before they are tested.
    bool combines_repeated_headers = false;
    /// Firefox: Bytes from 0x80 are unsafe in `Accept` and `Content-Type`, and the latter is split
    /// by an older parser: a comma or an unfinished parameter is not safelisted.
    bool older_content_type_parser = false;
    /// Firefox: Safelisted values may exceed 1024 bytes in total.
    bool no_total_limit = false;
    /// Chromium and Firefox: The largest number a safelisted `Range` may contain; 0 is no limit.
    std::uint64_t largest_range_number = 0;
    /// Firefox: A name that was appended twice is listed twice in
    /// `Access-Control-Request-Headers`.
    bool repeats_requested_headers = false;
    /// Firefox: A preflight carries the page's origin even where the request itself carries
    /// `null`.
    bool preflight_keeps_page_origin = false;
    /// Firefox: Once preflighted, or once sent with unsafe headers, preflighted after every
    /// redirect.
    bool preflights_after_redirect = false;
    /// Chromium: The referrer policy never turns `Origin` into `null`.
    bool origin_ignores_referrer_policy = false;
    /// Chromium and Firefox: A GET or HEAD with credentials and without CORS carries `Origin` where
    /// the browser could grant storage access but has not: from a sandboxed or `data:` frame to the
    /// site of the page around it.
    /// Spec: https://privacycg.github.io/storage-access-headers/
    bool storage_access_sends_origin = false;
    /// Chromium: The same over plain HTTP to another machine; and what carried it once carries it
    /// after every redirect, where Firefox stops at the first to another origin.
    bool storage_access_is_lax = false;
    /// Chromium: Images, scripts, stylesheets and fonts in mode `cors` carry `Origin` to the page's
    /// own server, too.
    bool elements_send_origin_home = false;
    /// Chromium: Without CORS, `Origin` is `null` after every redirect to another origin, not only
    /// after one from a foreign origin to a third.
    bool redirects_null_the_origin = false;
    /// Chromium: Client hints that a script set are dropped at a redirect, except to the page's
    /// own server.
    bool drops_client_hints_on_redirect = false;
    /// Firefox: Of repeated `Content-Type`, `Authorization` and `User-Agent` lines the last is
    /// sent; of `Content-Type` the first where there is a body.
    bool sends_one_of_singletons = false;
    /// Chromium: A preflight has `Sec-Fetch-Mode` over plain HTTP, too.
    bool preflights_say_their_mode = false;
    /// Chromium: A `Location` that is no URL fails before the CORS check.
    bool reads_location_first = false;
    /// Firefox: The same where it would be followed; and a `data:` URL is as good as none.
    bool reads_location_before_following = false;
    /// Chromium: No redirect to a URL with a user name or a password is followed, without a word.
    bool refuses_userinfo_in_redirects = false;
    /// Chromium: Redirect mode `error` minds only redirects with a `Location`.
    bool error_mode_needs_location = false;
    /// Firefox: Of hosts without a registrable domain (addresses, `localhost`), `Sec-Fetch-Site`
    /// takes http and https for one site, and after a redirect one site for two.
    bool coarse_fetch_site = false;
    /// Firefox: `*` in `Access-Control-Expose-Headers` counts if what is no name comes after it.
    bool exposes_until_bad_name = false;
    /// Chromium: Two ports of one IP address are not the same site, and an opaque origin is of the
    /// site of every host of one label.
    bool unusual_sites = false;
    /// Firefox: The preflight cache takes a `*` for a literal, asks for an entry for `HEAD`, too,
    /// and entries made with credentials serve only requests with credentials.
    bool caches_literally = false;
    /// Chromium: The preflight cache holds one answer for each origin and URL; the next replaces
    /// it, and an answer that does not suffice is dropped. (†)
    bool caches_one_answer = false;
    /// Chromium: A failure leaves cached preflights alone.
    bool keeps_cache_after_failure = false;
    /// Chromium and Firefox: Where `Access-Control-Allow-Methods` is missing, an upload listener or
    /// a stream body does not make up for it.
    bool missing_methods_list_nothing = false;
    /// Chromium and Firefox: Cache modes `no-store` and `reload` bypass the preflight cache.
    bool reload_bypasses_cache = false;
    /// Chromium: Cache mode `no-cache` does so as well.
    bool no_cache_bypasses_cache = false;
    /// Chromium and Firefox: See `http_cache_rules`.
    http_cache_rules http_cache = http_cache_rules::standard;
    /// Chromium and Firefox: See `max_age_reading`.
    max_age_reading max_age = max_age_reading::standard;
    /// The longest time a preflight is remembered, in seconds. The standard lets browsers choose.
    std::int64_t max_age_limit = 86400;
    /// Chromium: An upload listener forces a preflight only if there is a body.
    bool upload_listener_needs_body = false;
    /// Firefox: A stream body is sent as text, without a preflight.
    bool stream_body_is_text = false;
    /// Chromium: A stream body needs HTTP/2; over the HTTP/1.1 that was measured it fails after
    /// the preflight.
    bool stream_body_needs_http2 = false;
    /// Chromium: A script's `Available-Dictionary` fails the request before anything is sent.
    bool refuses_available_dictionary = false;
    /// Chromium: A preflight that redirects is refused before anything else is looked at. (†)
    bool preflight_redirect_first = false;
    /// Firefox: The method is tested before `Access-Control-Allow-Headers` is parsed. (†)
    bool method_before_headers = false;
    console_language console = console_language::plain;

    /// The Fetch standard, in plain words.
    static const quirks standard;
    static const quirks chromium;
    static const quirks firefox;
};

inline constexpr quirks quirks::standard{};

inline constexpr quirks quirks::chromium{
    .star_covers_authorization = true,
    .user_agent_is_safelisted = true,
    .client_hints_are_safelisted = true,
    .combines_repeated_headers = true,
    .largest_range_number = 0x7fff'ffff'ffff'ffff,
    .origin_ignores_referrer_policy = true,
    .storage_access_sends_origin = true,
    .storage_access_is_lax = true,
    .elements_send_origin_home = true,
    .redirects_null_the_origin = true,
    .drops_client_hints_on_redirect = true,
    .preflights_say_their_mode = true,
    .reads_location_first = true,
    .refuses_userinfo_in_redirects = true,
    .error_mode_needs_location = true,
    .unusual_sites = true,
    .caches_one_answer = true,
    .keeps_cache_after_failure = true,
    .missing_methods_list_nothing = true,
    .reload_bypasses_cache = true,
    .no_cache_bypasses_cache = true,
    .http_cache = http_cache_rules::chromium,
    .max_age = max_age_reading::chromium,
    .max_age_limit = 7200,
    .upload_listener_needs_body = true,
    .stream_body_needs_http2 = true,
    .refuses_available_dictionary = true,
    .preflight_redirect_first = true,
    .console = console_language::chromium,
};

inline constexpr quirks quirks::firefox{
    .star_covers_authorization = true,
    .older_content_type_parser = true,
    .no_total_limit = true,
    .largest_range_number = 0xffff'ffff'ffff'ffff,
    .repeats_requested_headers = true,
    .preflight_keeps_page_origin = true,
    .preflights_after_redirect = true,
    .storage_access_sends_origin = true,
    .sends_one_of_singletons = true,
    .reads_location_before_following = true,
    .coarse_fetch_site = true,
    .exposes_until_bad_name = true,
    .caches_literally = true,
    .missing_methods_list_nothing = true,
    .reload_bypasses_cache = true,
    .http_cache = http_cache_rules::firefox,
    .max_age = max_age_reading::firefox,
    .stream_body_is_text = true,
    .method_before_headers = true,
    .console = console_language::firefox,
};

}  // namespace corsac::inline v0_2_0::testing

#endif
