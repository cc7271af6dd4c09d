// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_BROWSER_HPP
#define CORSAC_TESTING_BROWSER_HPP

#include <corsac/testing/answer.hpp>
#include <corsac/testing/detail/fetch_run.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/http_cache.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/page_options.hpp>
#include <corsac/testing/policy_server.hpp>
#include <corsac/testing/preflight_cache.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/server_ref.hpp>
#include <corsac/testing/verdict.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace corsac::inline v0_2_0::testing {

/// The browser's side of CORS, for unit tests: would a browser let a page do this?
///
/// ```
/// browser b{"https://app.example"};
/// answer a = b.fetch({.url = "https://api.example/x", .method = "PUT"}, server);
/// CHECK_MESSAGE(a, a.sentence());
/// ```
///
/// `server` is any callable from `request` to `response`; it is called once for each request that
/// would be sent, preflights included. The preflight cache and the HTTP cache live as long as the
/// browser, on a clock that only `wait` moves: an answer that lacks `Vary: Origin` fails for the
/// second page that asks (`visit`).
///
/// Out of scope: mixed content, Content Security Policy, HSTS, blocked ports, service workers,
/// Local Network Access, Opaque Response Blocking, HTTP authentication. Hosts are ASCII.
///
/// Errors: none of its own; whatever `server` throws passes through.
/// Spec:   https://fetch.spec.whatwg.org/#fetching
class browser {
public:
    /// @param page  The URL or the origin of the page whose script makes the requests, or `null`
    ///              for an opaque origin.
    explicit browser(std::string_view page) : browser(page, quirks::standard) {}

    browser(std::string_view page, const quirks& q) {
        options_.quirks = q;
        visit(page);
    }

    explicit browser(page_options options) : options_(std::move(options)) {}

    /// Makes a request and returns what the script would see.
    template <class S>
        requires answers_requests<std::remove_reference_t<S>>
    answer fetch(const fetch_options& options, S&& server) {
        // A function has no address that fits an object pointer; a lambda that refers to it does.
        auto call = [&server](const request& r) -> response { return server(r); };
        return detail::fetch_run(options, options_, memory_, now_, detail::server_ref(call)).run();
    }

    /// The same against a policy, a `policy_table` or whatever else `governs_requests`, with an
    /// application behind it that answers 200; see `governed_by` for one of your own. The answer
    /// carries what was decided about each request.
    template <governs_requests S>
        requires(!answers_requests<std::remove_reference_t<S>>)
    answer fetch(const fetch_options& options, S&& source) {
        return fetch(options, governed_by(std::forward<S>(source)));
    }

    /// Goes to another page, of the origin that its URL says; what is cached stays.
    void visit(std::string_view page) {
        const bool opaque = page == "null";
        options_.url = opaque ? "data:," : std::string(page);
        options_.origin.clear();
        options_.context = opaque ? page_context::opaque : page_context::document;
    }

    /// Lets time pass for the caches.
    void wait(std::int64_t milliseconds) { now_ += std::max<std::int64_t>(milliseconds, 0); }

    [[nodiscard]] std::int64_t now() const { return now_; }
    [[nodiscard]] preflight_cache& cache() { return memory_.preflights; }
    [[nodiscard]] testing::http_cache& http_cache() { return memory_.answers; }

private:
    page_options options_{};
    detail::browser_memory memory_{};
    std::int64_t now_ = 0;
};

}  // namespace corsac::inline v0_2_0::testing

#endif
