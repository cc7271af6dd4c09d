// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_FETCH_RUN_HPP
#define CORSAC_TESTING_DETAIL_FETCH_RUN_HPP

#include <corsac/testing/advice.hpp>
#include <corsac/testing/answer.hpp>
#include <corsac/testing/block.hpp>
#include <corsac/testing/console.hpp>
#include <corsac/testing/cors_check.hpp>
#include <corsac/testing/detail/effective_options.hpp>
#include <corsac/testing/detail/fetch_metadata.hpp>
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

namespace corsac::inline v0::testing {

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
        : options_(effective_options(options, page.quirks)), page_options_(page), q_(page.quirks),
          memory_(memory), now_(now), server_(server) {}

    [[nodiscard]] answer run() {
        const std::optional<page_identity> page = identify(page_options_);
        if (!page) return refused(step::api_page, "the page's URL does not parse");
        page_ = *page;
        request_ = prepare(options_, page_.address, q_);
        if (request_.refused != step::none) return refused(request_.refused, request_.error);
        urls_ = {request_.target};
        sticky_preflight_ = !unsafe_request_header_names(request_.headers, q_).empty();
        if (q_.refuses_available_dictionary &&
            count(request_.headers, "available-dictionary") != 0) {
            blocked({step::network, "Available-Dictionary"}, nullptr);
        }
        // Each turn but the last adds one redirect, and `redirect_limit` bounds those.
        while (!done_) hop();
        return std::move(out_);
    }

private:
    [[nodiscard]] const url& current() const { return urls_.back(); }
    [[nodiscard]] bool is_navigation() const { return options_.initiator == initiator::form; }
    [[nodiscard]] bool is_websocket() const { return options_.initiator == initiator::websocket; }

    /// Whether a redirect led from a foreign origin to yet another one.
    /// Spec: https://fetch.spec.whatwg.org/#concept-request-tainted-origin
    [[nodiscard]] bool is_redirect_tainted() const {
        for (std::size_t i = 1; i < urls_.size(); ++i) {
            const url& before = urls_[i - 1];
            if (urls_[i].origin() != before.origin() && !page_.owns(before)) return true;
        }
        return false;
    }
    [[nodiscard]] std::string request_origin() const {
        return is_redirect_tainted() ? "null" : page_.origin;
    }

    answer refused(step at, const std::string& why) {
        out_.verdict = verdict::throws;
        out_.blocked_at = at;
        out_.error = why;
        return std::move(out_);
    }

    void blocked(const check_result& failed, const response* r) {
        const block b{
            .at = failed.at,
            .offender = failed.offender,
            .initiator = options_.initiator,
            .mode = options_.mode,
            .page_url = page_.address.wire(),
            .page_origin = page_.origin,
            .request_origin = request_origin(),
            .first_url = urls_.front().text(),
            .current_url = current().text(),
            .target_url = redirect_target_,
            .status = r != nullptr ? r->status : 0,
            .origin_lines = r != nullptr ? count(r->headers, "access-control-allow-origin") : 0,
            .exact_origin_lines = r != nullptr ? exact_origin_lines(*r) : 0,
            .on_redirect =
                r != nullptr && is_redirect_status(r->status) &&
                (options_.redirect == redirect_mode::follow || is_preflight_step(failed.at)) &&
                get(r->headers, "location").has_value(),
            .follows = options_.redirect == redirect_mode::follow,
            .cross_origin = tainting_ == response_type::cors || leaves_origin_,
            .listed_star = r != nullptr && lists_star(*r, failed.at),
            .from_cache = out_.from_cache,
            .by_policy = r != nullptr && r->decided && r->decided->allows};
        out_.verdict = verdict::blocked;
        out_.blocked_at = failed.at;
        out_.type = response_type::error;
        out_.headers.clear();
        out_.console = console_lines(b, q_);
        out_.advice = advice(b);
        switch (q_.console) {
        case console_language::plain: out_.error = "TypeError: " + out_.console.front(); break;
        case console_language::chromium: out_.error = "TypeError: Failed to fetch"; break;
        case console_language::firefox:
            out_.error = "TypeError: NetworkError when attempting to fetch resource.";
            break;
        }
        if (q_.http_cache == http_cache_rules::chromium && r != nullptr && !out_.from_cache &&
            !is_preflight_step(failed.at)) {
            memory_.answers.forget(answer_key());
        }
        if (asked_once_ && (is_preflight_step(failed.at) || !q_.keeps_cache_after_actual_failure)) {
            memory_.preflights.clear(cache_key());
        }
        done_ = true;
    }

    [[nodiscard]] static std::size_t exact_origin_lines(const response& r) {
        std::size_t n = 0;
        for (const header& h : r.headers) {
            n += h.name == "Access-Control-Allow-Origin" ? 1U : 0U;
        }
        return n;
    }

    /// Whether a preflight's answer lists a `*` where what is at fault should be.
    [[nodiscard]] static bool lists_star(const response& r, step at) {
        const std::string_view list = at == step::preflight_method ? "access-control-allow-methods"
                                                                   : "access-control-allow-headers";
        return extract_tokens(r.headers, list).has("*");
    }

    /// Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
    void hop() {
        const bool basic = tainting_ == response_type::basic;
        if (is_websocket()) return handshake();
        if (basic && current().scheme == "data" && urls_.size() == 1) return allowed({200, {}});
        if (!(basic && page_.owns(current()))) {
            if (options_.mode == request_mode::same_origin) {
                blocked({step::mode_same_origin, {}}, nullptr);
                return;
            }
            if (!current().is_http()) {
                blocked({step::scheme, {}}, nullptr);
                return;
            }
            if (options_.mode == request_mode::no_cors) {
                if (options_.redirect != redirect_mode::follow) {
                    blocked({step::mode_no_cors_redirect, {}}, nullptr);
                    return;
                }
                tainting_ = response_type::opaque;
            } else {
                tainting_ = response_type::cors;
            }
        }
        if (tainting_ == response_type::cors && !preflight_if_needed()) return;
        if (request_.stream_body && q_.stream_body_needs_http2) {
            blocked({step::network, "a stream body over HTTP/1.1"}, nullptr);
            return;
        }
        actual();
    }

    [[nodiscard]] preflight_cache::key cache_key() const {
        const std::string origin = q_.preflight_keeps_page_origin ? page_.origin : request_origin();
        return {origin, current().text()};
    }

    [[nodiscard]] bool bypasses_cache() const {
        return (q_.reload_bypasses_cache &&
                (options_.cache == cache_mode::no_store || options_.cache == cache_mode::reload)) ||
               (q_.no_cache_bypasses_cache && options_.cache == cache_mode::no_cache);
    }

    /// False where the preflight ended the request.
    bool preflight_if_needed() {
        const preflight_question asked{.method = request_.method,
                                       .names = unsafe_request_header_names(request_.headers, q_),
                                       .credentials = options_.credentials,
                                       .forced = request_.force_preflight};
        const bool needed =
            asked.forced || !is_safelisted_method(asked.method) || !asked.names.empty();
        if (!needed && !(q_.preflights_after_redirect && sticky_preflight_)) return true;
        sticky_preflight_ = true;
        asked_once_ = true;
        if (!bypasses_cache() && memory_.preflights.covers(cache_key(), asked, now_, q_))
            return true;
        return preflight(asked);
    }

    /// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch
    bool preflight(const preflight_question& asked) {
        const std::string origin = cache_key().origin;
        std::string names;
        for (const std::string& name : asked.names) names += (names.empty() ? "" : ",") + name;
        request r{.method = "OPTIONS",
                  .url = current().wire(),
                  .headers = {{"Host", host()},
                              {"Accept", "*/*"},
                              {"Access-Control-Request-Method", asked.method}},
                  .credentials = false,
                  .body = {}};
        if (!names.empty()) r.headers.push_back({"Access-Control-Request-Headers", names});
        r.headers.push_back({"Origin", origin});
        const std::vector<url> here{current()};
        append_fetch_metadata(r.headers, page_, here, options_, q_);
        if (q_.preflights_say_their_mode && !r.first("sec-fetch-mode")) {
            r.headers.push_back({"Sec-Fetch-Mode", "cors"});
        }
        const response answered = send(r);
        check_result result =
            cors_check(answered, origin, options_.credentials, wire_kind::preflight);
        // To the page's own origin nothing is foreign, however the request came there.
        if (q_.preflight_keeps_page_origin && page_.owns(current())) result = {};
        if (q_.preflight_redirect_first && is_redirect_status(answered.status) &&
            get(answered.headers, "location")) {
            result = {step::preflight_status, std::to_string(answered.status)};
        }
        if (result) result = preflight_check(answered, asked, q_);
        if (!result) {
            blocked(result, &answered);
            return false;
        }
        if (options_.cache != cache_mode::no_store || !q_.caches_one_answer) {
            memory_.preflights.store(cache_key(), answered, asked, now_, q_);
        }
        return true;
    }

    /// The `Origin` of an actual request, or nothing where it carries none.
    /// Spec: https://fetch.spec.whatwg.org/#append-a-request-origin-header
    [[nodiscard]] std::optional<std::string> origin_header() const {
        if (tainting_ == response_type::cors || is_websocket()) return request_origin();
        if (request_.method == "GET" || request_.method == "HEAD") {
            const bool sends = asks_for_storage_access() || is_element_at_home();
            return sends ? std::optional(page_.origin) : std::nullopt;
        }
        if (q_.redirects_null_the_origin && left_an_origin_) return "null";
        if (options_.mode == request_mode::cors || q_.origin_ignores_referrer_policy) {
            return request_origin();
        }
        const bool downgrade =
            page_.http_origin && page_.http_origin->scheme == "https" && !current().is_secure();
        switch (options_.referrer_policy) {
        case referrer_policy::no_referrer: return "null";
        case referrer_policy::unset:
        case referrer_policy::no_referrer_when_downgrade:
        case referrer_policy::strict_origin:
        case referrer_policy::strict_origin_when_cross_origin:
            return downgrade ? "null" : request_origin();
        case referrer_policy::same_origin: return page_.owns(current()) ? request_origin() : "null";
        case referrer_policy::origin:
        case referrer_policy::origin_when_cross_origin:
        case referrer_policy::unsafe_url: break;
        }
        return request_origin();
    }

    /// Whether the request goes out with `Sec-Fetch-Storage-Access: inactive`.
    [[nodiscard]] bool asks_for_storage_access() const {
        const url& first = urls_.front();
        const bool asks = q_.storage_access_sends_origin && page_.origin == "null" &&
                          options_.credentials == credentials_mode::include &&
                          page_.address.is_special() && is_same_site(page_.address, first);
        if (!asks || q_.storage_access_is_lax) {
            return asks && (options_.method == "GET" || options_.method == "HEAD");
        }
        for (const url& u : urls_) {
            if (u.origin() != first.origin()) return false;
        }
        return is_trustworthy(first);
    }

    [[nodiscard]] bool is_element_at_home() const {
        constexpr initiator elements[] = {initiator::image, initiator::script,
                                          initiator::stylesheet, initiator::font};
        return q_.elements_send_origin_home && options_.mode == request_mode::cors &&
               contains(elements, options_.initiator);
    }

    [[nodiscard]] std::string host() const {
        return current().host + (current().port.empty() ? "" : ":" + current().port);
    }

    /// Under which an answer is kept.
    [[nodiscard]] http_cache::key answer_key() const {
        const url& page = page_.address;
        const std::string_view domain =
            is_ip_address(page.host) ? std::string_view{} : registrable_domain(page.host);
        std::string site = page.scheme + "://" + (domain.empty() ? page.host : std::string(domain));
        if (page_.origin == "null") site += " (opaque)";
        const bool apart = q_.http_cache == http_cache_rules::firefox && with_credentials();
        const bool head = q_.http_cache == http_cache_rules::firefox && request_.method == "HEAD";
        return {site, current().wire(), apart, head};
    }

    [[nodiscard]] bool with_credentials() const {
        return options_.credentials == credentials_mode::include ||
               (options_.credentials == credentials_mode::same_origin &&
                tainting_ == response_type::basic);
    }

    [[nodiscard]] request actual_request() const {
        request r{.method = request_.method,
                  .url = current().wire(),
                  .headers = {{"Host", host()}},
                  .credentials = with_credentials(),
                  .body = request_.has_body ? options_.body.value : std::string()};
        if (count(request_.headers, "accept") == 0 && !is_websocket()) {
            r.headers.push_back({"Accept", "*/*"});
        }
        const header_list own = wire_headers(request_.headers, request_.has_body, q_);
        r.headers.insert(r.headers.end(), own.begin(), own.end());
        if (const std::optional<std::string> origin = origin_header()) {
            r.headers.push_back({"Origin", *origin});
        }
        append_fetch_metadata(r.headers, page_, urls_, options_, q_);
        return r;
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
        http_cache::found known = memory_.answers.look_up(key, r, options_.cache, now_, q_);
        out_.from_cache = known.usable();
        if (known.usable()) return std::move(known.stored);
        if (options_.cache == cache_mode::only_if_cached) return std::nullopt;
        request conditional = r;
        conditional.headers.insert(conditional.headers.end(), known.conditions.begin(),
                                   known.conditions.end());
        response answered = send(conditional);
        out_.from_cache = answered.status == 304 && known.stored.has_value();
        return memory_.answers.take(key, r, options_.cache, now_, q_, known, std::move(answered));
    }

    /// Spec: https://websockets.spec.whatwg.org/#concept-websocket-establish
    void handshake() {
        if (current().scheme != "ws" && current().scheme != "wss") {
            blocked({step::scheme, {}}, nullptr);
            return;
        }
        request r = actual_request();
        r.url = (current().scheme == "ws" ? "http" : "https") + r.url.substr(r.url.find(':'));
        r.headers.push_back({"Connection", "Upgrade"});
        r.headers.push_back({"Upgrade", "websocket"});
        const response answered = send(r);
        if (answered.status == 101)
            allowed(answered);
        else
            blocked({step::websocket_status, std::to_string(answered.status)}, &answered);
    }

    void actual() {
        const std::optional<response> found = answer_of(actual_request());
        if (!found) {
            blocked({step::network, "a request that only the cache may answer"}, nullptr);
            return;
        }
        const response& answered = *found;
        const bool leads_on = q_.refuses_userinfo_in_redirects ||  // Chromium
                              options_.redirect == redirect_mode::follow;
        if (q_.reads_location_first && leads_on && is_redirect_status(answered.status)) {
            const std::optional<std::string> location = get(answered.headers, "location");
            const std::optional<url> target =
                location ? parse_url(*location, &current()) : std::nullopt;
            // Firefox has no way to load data: from there.
            const bool data = target && target->scheme == "data" && q_.preflight_keeps_page_origin;
            if (location && (!target || data)) {
                redirect_target_ = target ? target->text() : *location;
                blocked({target ? step::redirect_scheme : step::redirect_location, *location},
                        &answered);
                return;
            }
        }
        if (tainting_ == response_type::cors) {
            const check_result shared =
                cors_check(answered, request_origin(), options_.credentials, wire_kind::actual);
            if (!shared) {
                blocked(shared, &answered);
                return;
            }
        }
        if (tainting_ == response_type::opaque && !is_navigation() &&
            !corp_check(answered, page_.http_origin, current(), q_)) {
            blocked({step::corp, {}}, &answered);
            return;
        }
        timing_ = timing_ && timing_check(answered, request_origin(), tainting_);
        if (is_redirect_status(answered.status)) {
            redirect(answered);
        } else if (options_.initiator == initiator::event_source && !is_event_stream(answered)) {
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
        out_.verdict = verdict::allowed;
        out_.type = tainting_;
        out_.status = tainting_ == response_type::opaque ? 0 : r.status;
        out_.headers = readable_headers(r, tainting_, options_.credentials, q_);
        for (const header& h : r.headers) out_.sent.push_back(lower(h.name));
        out_.timing_allowed = timing_;
        done_ = true;
    }

    /// Spec: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    void redirect(const response& r) {
        const std::optional<std::string> location = get(r.headers, "location");
        if (options_.redirect == redirect_mode::error &&
            (location || !q_.error_mode_needs_location)) {
            blocked({step::redirect_error_mode, {}}, &r);
            return;
        }
        if (options_.redirect == redirect_mode::manual) {
            out_.type = response_type::opaque_redirect;
            done_ = true;
            return;
        }
        if (!location) {
            allowed(r);
            return;
        }
        std::optional<url> target = parse_url(*location, &urls_.back());
        if (target && target->fragment.empty()) target->fragment = current().fragment;
        const step refused_at =
            target ? redirect_refused(*target, r.status) : step::redirect_location;
        if (refused_at != step::none) {
            redirect_target_ = target ? target->text() : *location;
            leaves_origin_ = target && target->is_http() && !page_.owns(*target);
            blocked({refused_at, *location}, &r);
            return;
        }
        ++redirects_;
        const bool was_post = request_.method == "POST";
        const bool was_get = request_.method == "GET" || request_.method == "HEAD";
        if (((r.status == 301 || r.status == 302) && was_post) || (r.status == 303 && !was_get)) {
            request_.method = "GET";
            request_.has_body = false;
            request_.stream_body = false;
            drop({"content-encoding", "content-language", "content-location", "content-type"});
        }
        if (q_.drops_client_hints_on_redirect && !page_.owns(*target)) {
            drop({"device-memory", "dpr", "width", "viewport-width", "rtt", "downlink", "ect"});
        }
        if (target->origin() != current().origin()) {
            drop({"authorization"});
            left_an_origin_ = true;
        }
        urls_.push_back(*target);
    }

    [[nodiscard]] step redirect_refused(const url& target, int status) const {
        if (!target.is_http()) return step::redirect_scheme;
        if (redirects_ == redirect_limit) return step::redirect_count;
        const bool has_userinfo = !target.userinfo.empty();
        const bool cors = options_.mode == request_mode::cors;
        if (has_userinfo && cors && !page_.owns(target)) return step::redirect_credentials;
        if (has_userinfo && tainting_ == response_type::cors) return step::redirect_credentials;
        if (request_.stream_body && status != 303) return step::redirect_body;
        if (has_userinfo && q_.refuses_userinfo_in_redirects && !is_navigation()) {
            return step::network;
        }
        return step::none;
    }

    void drop(std::initializer_list<std::string_view> names) {
        std::erase_if(request_.headers,
                      [&](const header& h) { return contains(names, lower(h.name)); });
    }

    const fetch_options options_;
    const page_options& page_options_;
    const quirks& q_;
    browser_memory& memory_;
    std::int64_t now_;
    server_ref server_;

    page_identity page_{};
    prepared_request request_{};
    std::vector<url> urls_{};
    response_type tainting_ = response_type::basic;
    int redirects_ = 0;
    std::string redirect_target_{};
    bool leaves_origin_ = false;
    /// A redirect led from one origin to another.
    bool left_an_origin_ = false;
    /// Sent with unsafe headers or preflighted before; see `quirks::preflights_after_redirect`.
    bool sticky_preflight_ = false;
    bool asked_once_ = false;
    bool timing_ = true;
    bool done_ = false;
    answer out_{};
};

}  // namespace detail
}  // namespace corsac::inline v0::testing

#endif
