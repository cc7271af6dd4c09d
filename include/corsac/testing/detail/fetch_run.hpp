// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_FETCH_RUN_HPP
#define CORSAC_TESTING_DETAIL_FETCH_RUN_HPP

#include <corsac/testing/advice.hpp>
#include <corsac/testing/answer.hpp>
#include <corsac/testing/block.hpp>
#include <corsac/testing/console.hpp>
#include <corsac/testing/cors_check.hpp>
#include <corsac/testing/detail/describe_block.hpp>
#include <corsac/testing/detail/effective_options.hpp>
#include <corsac/testing/detail/fetch_state.hpp>
#include <corsac/testing/detail/outgoing.hpp>
#include <corsac/testing/detail/page_identity.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/http_cache.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/page_options.hpp>
#include <corsac/testing/preflight_cache.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/safelist.hpp>
#include <corsac/testing/server_ref.hpp>
#include <corsac/testing/url.hpp>
#include <corsac/testing/verdict.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// The most redirects that are followed.
/// Spec: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
inline constexpr int redirect_limit = 20;

namespace detail {

/// What a browser keeps between requests.
struct browser_memory {
    preflight_cache preflights{};
    http_cache answers{};
};

/// The browser's half of one request: the loop of main fetch, HTTP fetch and HTTP-redirect fetch.
class fetch_run {
public:
    fetch_run(const fetch_options& options, const page_options& page, browser_memory& memory,
              std::int64_t now, server_ref server)
        : s_{.options = effective_options(options, page.quirks), .q = page.quirks},
          page_options_(page), memory_(memory), now_(now), server_(server) {}

    [[nodiscard]] answer run() {
        const std::optional<page_identity> page = identify(page_options_);
        if (!page) return refused(step::api_page, "the page's URL does not parse");
        s_.page = *page;
        s_.request = prepare(s_.options, s_.page.address, s_.q);
        if (s_.request.refused != step::none) return refused(s_.request.refused, s_.request.error);
        s_.urls = {s_.request.target};
        sticky_preflight_ = !unsafe_request_header_names(s_.request.headers, s_.q).empty();
        if (s_.q.refuses_available_dictionary &&
            count(s_.request.headers, "available-dictionary") != 0) {
            blocked({step::network, "Available-Dictionary"}, nullptr);
        }
        // Each turn but the last adds one redirect, and `redirect_limit` bounds those.
        while (!done_) hop();
        return std::move(out_);
    }

private:
    answer refused(step at, const std::string& why) {
        out_.verdict = verdict::throws;
        out_.blocked_at = at;
        out_.error = why;
        return std::move(out_);
    }

    void blocked(const check_result& failed, const response* r) {
        block b = describe_block(s_, failed, r);
        b.target_url = redirect_target_;
        b.cross_origin = b.cross_origin || leaves_origin_;
        b.from_cache = out_.from_cache;
        out_.verdict = verdict::blocked;
        out_.blocked_at = failed.at;
        out_.console = console_lines(b, s_.q);
        out_.advice = advice(b);
        switch (s_.q.console) {
        case console_language::plain: out_.error = "TypeError: " + out_.console.front(); break;
        case console_language::chromium: out_.error = "TypeError: Failed to fetch"; break;
        case console_language::firefox:
            out_.error = "TypeError: NetworkError when attempting to fetch resource.";
            break;
        }
        if (s_.q.http_cache == http_cache_rules::chromium && r != nullptr && !out_.from_cache &&
            !is_preflight_step(failed.at)) {
            memory_.answers.forget(answer_key());
        }
        if (asked_once_ && !s_.q.keeps_cache_after_failure) memory_.preflights.clear(cache_key());
        done_ = true;
    }

    /// Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
    void hop() {
        const bool basic = s_.tainting == response_type::basic;
        if (s_.is_websocket()) return handshake();
        if (basic && s_.current().scheme == "data" && s_.urls.size() == 1)
            return allowed({200, {}});
        if (!(basic && s_.page.owns(s_.current()))) {
            if (s_.options.mode == request_mode::same_origin) {
                blocked({step::mode_same_origin, {}}, nullptr);
                return;
            }
            if (!s_.current().is_http()) {
                blocked({step::scheme, {}}, nullptr);
                return;
            }
            if (s_.options.mode == request_mode::no_cors) {
                if (s_.options.redirect != redirect_mode::follow) {
                    blocked({step::mode_no_cors_redirect, {}}, nullptr);
                    return;
                }
                s_.tainting = response_type::opaque;
            } else {
                s_.tainting = response_type::cors;
            }
        }
        if (s_.tainting == response_type::cors && !preflight_if_needed()) return;
        if (s_.request.stream_body && s_.q.stream_body_needs_http2) {
            blocked({step::network, "a stream body over HTTP/1.1"}, nullptr);
            return;
        }
        actual();
    }

    [[nodiscard]] preflight_cache::key cache_key() const {
        const std::string origin =
            s_.q.preflight_keeps_page_origin ? s_.page.origin : s_.request_origin();
        return {origin, s_.current().text()};
    }

    /// Under which an answer is kept.
    [[nodiscard]] http_cache::key answer_key() const {
        const url& page = s_.page.address;
        const std::string_view domain =
            is_ip_address(page.host) ? std::string_view{} : registrable_domain(page.host);
        std::string site = page.scheme + "://" + (domain.empty() ? page.host : std::string(domain));
        if (s_.page.origin == "null") site += " (opaque)";
        const bool apart = s_.q.http_cache == http_cache_rules::firefox && s_.with_credentials();
        const bool head =
            s_.q.http_cache == http_cache_rules::firefox && s_.request.method == "HEAD";
        return {site, s_.current().wire(), apart, head};
    }

    [[nodiscard]] bool bypasses_cache() const {
        return (s_.q.reload_bypasses_cache && (s_.options.cache == cache_mode::no_store ||
                                               s_.options.cache == cache_mode::reload)) ||
               (s_.q.no_cache_bypasses_cache && s_.options.cache == cache_mode::no_cache);
    }

    /// False where the preflight ended the request.
    bool preflight_if_needed() {
        const preflight_question asked{.method = s_.request.method,
                                       .names =
                                           unsafe_request_header_names(s_.request.headers, s_.q),
                                       .credentials = s_.options.credentials,
                                       .forced = s_.request.force_preflight};
        const bool needed =
            asked.forced || !is_safelisted_method(asked.method) || !asked.names.empty();
        if (!needed && !(s_.q.preflights_after_redirect && sticky_preflight_)) return true;
        sticky_preflight_ = true;
        asked_once_ = true;
        if (!bypasses_cache() && memory_.preflights.covers(cache_key(), asked, now_, s_.q))
            return true;
        return preflight(asked);
    }

    /// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch
    bool preflight(const preflight_question& asked) {
        const std::string origin = cache_key().origin;
        const response answered = send(preflight_request(s_, origin, asked));
        check_result result =
            cors_check(answered, origin, s_.options.credentials, wire_kind::preflight);
        // To the page's own origin nothing is foreign, however the request came there.
        if (s_.q.preflight_keeps_page_origin && s_.page.owns(s_.current())) result = {};
        if (s_.q.preflight_redirect_first && is_redirect_status(answered.status) &&
            get(answered.headers, "location")) {
            result = {step::preflight_status, std::to_string(answered.status)};
        }
        if (result) result = preflight_check(answered, asked, s_.q);
        if (!result) {
            blocked(result, &answered);
            return false;
        }
        if (s_.options.cache != cache_mode::no_store || !s_.q.caches_one_answer) {
            memory_.preflights.store(cache_key(), answered, asked, now_, s_.q);
        }
        return true;
    }

    [[nodiscard]] response send(const request& r) {
        const auto text = [&](std::string_view name) {
            const std::optional<std::string_view> value = r.first(name);
            return value ? std::optional(std::string(*value)) : std::nullopt;
        };
        const bool preflight = text("access-control-request-method").has_value();
        out_.requests.push_back({.kind = preflight ? wire_kind::preflight : wire_kind::actual,
                                 .method = r.method,
                                 .url = r.url,
                                 .origin = text("origin"),
                                 .acrm = text("access-control-request-method"),
                                 .acrh = text("access-control-request-headers"),
                                 .credentials = r.credentials,
                                 .decided = {}});
        response answered = server_(r);
        out_.requests.back().decided = answered.decided;
        return answered;
    }

    /// Nothing where the cache alone may answer, and cannot.
    /// Spec: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
    [[nodiscard]] std::optional<response> answer_of(request r) {
        const http_cache::key key = answer_key();
        http_cache::found known = memory_.answers.look_up(key, r, s_.options.cache, now_, s_.q);
        out_.from_cache = known.usable();
        if (known.usable()) return std::move(known.stored);
        if (s_.options.cache == cache_mode::only_if_cached) return std::nullopt;
        request conditional = r;
        conditional.headers.insert(conditional.headers.end(), known.conditions.begin(),
                                   known.conditions.end());
        response answered = send(conditional);
        out_.from_cache = answered.status == 304 && known.stored.has_value();
        return memory_.answers.take(key, r, s_.options.cache, now_, s_.q, known,
                                    std::move(answered));
    }

    /// Spec: https://websockets.spec.whatwg.org/#concept-websocket-establish
    void handshake() {
        if (s_.current().scheme != "ws" && s_.current().scheme != "wss") {
            blocked({step::scheme, {}}, nullptr);
            return;
        }
        const response answered = send(handshake_request(s_));
        if (answered.status == 101)
            allowed(answered);
        else
            blocked({step::websocket_status, std::to_string(answered.status)}, &answered);
    }

    void actual() {
        const std::optional<response> found = answer_of(actual_request(s_));
        if (!found) {
            blocked({step::network, "a request that only the cache may answer"}, nullptr);
            return;
        }
        const response& answered = *found;
        const bool follows = s_.options.redirect == redirect_mode::follow;
        const bool looks_ahead =
            s_.q.reads_location_first || (s_.q.reads_location_before_following && follows);
        if (looks_ahead && is_redirect_status(answered.status)) {
            const std::optional<std::string> location = get(answered.headers, "location");
            const std::optional<url> target =
                location ? parse_url(*location, &s_.current()) : std::nullopt;
            const bool data =
                target && target->scheme == "data" && s_.q.reads_location_before_following;
            // Chromium takes a space in a host for %20.
            const bool readable = target || (s_.q.reads_location_first && location &&
                                             location->find(' ') != location->npos);
            if (location && (!readable || data)) {
                redirect_target_ = target ? target->text() : *location;
                blocked({target ? step::redirect_scheme : step::redirect_location, *location},
                        &answered);
                return;
            }
        }
        if (s_.tainting == response_type::cors) {
            const check_result shared = cors_check(answered, s_.request_origin(),
                                                   s_.options.credentials, wire_kind::actual);
            if (!shared) {
                blocked(shared, &answered);
                return;
            }
        }
        if (s_.tainting == response_type::opaque && !s_.is_navigation() &&
            !corp_check(answered, s_.page.http_origin, s_.current(), s_.q)) {
            blocked({step::corp, {}}, &answered);
            return;
        }
        timing_ = timing_ && timing_check(answered, s_.request_origin(), s_.tainting);
        if (is_redirect_status(answered.status)) {
            redirect(answered);
        } else if (s_.options.initiator == initiator::event_source && !is_event_stream(answered)) {
            blocked({step::event_source_response, {}}, &answered);
        } else {
            allowed(answered);
        }
    }

    /// Spec: https://html.spec.whatwg.org/#the-eventsource-interface
    [[nodiscard]] static bool is_event_stream(const response& r) {
        return r.status == 200 &&
               mime_essence(get(r.headers, "content-type").value_or("")) == "text/event-stream";
    }

    void allowed(const response& r) {
        out_.type = s_.tainting;
        out_.status = s_.tainting == response_type::opaque ? 0 : r.status;
        out_.headers = readable_headers(r, s_.tainting, s_.options.credentials, s_.q);
        for (const header& h : r.headers) out_.sent.push_back(lower(h.name));
        out_.timing_allowed = timing_;
        done_ = true;
    }

    /// Spec: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    void redirect(const response& r) {
        const std::optional<std::string> location = get(r.headers, "location");
        if (s_.options.redirect == redirect_mode::error &&
            (location || !s_.q.error_mode_needs_location)) {
            blocked({step::redirect_error_mode, {}}, &r);
            return;
        }
        if (s_.options.redirect == redirect_mode::manual) {
            out_.type = response_type::opaque_redirect;
            done_ = true;
            return;
        }
        if (!location) {
            allowed(r);
            return;
        }
        std::optional<url> target = parse_url(*location, &s_.urls.back());
        if (target && target->fragment.empty()) target->fragment = s_.current().fragment;
        const step refused_at =
            target ? redirect_refused(*target, r.status) : step::redirect_location;
        if (refused_at != step::none) {
            redirect_target_ = target ? target->text() : *location;
            leaves_origin_ = target && target->is_http() && !s_.page.owns(*target);
            blocked({refused_at, *location}, &r);
            return;
        }
        ++s_.redirects;
        const bool was_post = s_.request.method == "POST";
        const bool was_get = s_.request.method == "GET" || s_.request.method == "HEAD";
        if (((r.status == 301 || r.status == 302) && was_post) || (r.status == 303 && !was_get)) {
            s_.request.method = "GET";
            s_.request.has_body = false;
            s_.request.stream_body = false;
            drop({"content-encoding", "content-language", "content-location", "content-type"});
        }
        if (s_.q.drops_client_hints_on_redirect && !s_.page.owns(*target)) {
            drop({"device-memory", "dpr", "width", "viewport-width", "rtt", "downlink", "ect"});
        }
        if (target->origin() != s_.current().origin()) {
            drop({"authorization"});
            s_.left_an_origin = true;
        }
        s_.urls.push_back(*target);
    }

    [[nodiscard]] step redirect_refused(const url& target, int status) const {
        if (!target.is_http()) return step::redirect_scheme;
        if (s_.redirects == redirect_limit) return step::redirect_count;
        const bool has_userinfo = !target.userinfo.empty();
        const bool cors = s_.options.mode == request_mode::cors;
        if (has_userinfo && cors && !s_.page.owns(target)) return step::redirect_credentials;
        if (has_userinfo && s_.tainting == response_type::cors) return step::redirect_credentials;
        if (s_.request.stream_body && status != 303) return step::redirect_body;
        if (has_userinfo && s_.q.refuses_userinfo_in_redirects && !s_.is_navigation()) {
            return step::network;
        }
        return step::none;
    }

    void drop(std::initializer_list<std::string_view> names) {
        std::erase_if(s_.request.headers,
                      [&](const header& h) { return contains(names, lower(h.name)); });
    }

    fetch_state s_;
    const page_options& page_options_;
    browser_memory& memory_;
    std::int64_t now_;
    server_ref server_;

    std::string redirect_target_{};
    bool leaves_origin_ = false;
    /// Sent with unsafe headers or preflighted before; see `quirks::preflights_after_redirect`.
    bool sticky_preflight_ = false;
    bool asked_once_ = false;
    bool timing_ = true;
    bool done_ = false;
    answer out_{};
};

}  // namespace detail
}  // namespace corsac::inline v0_2_0::testing

#endif
