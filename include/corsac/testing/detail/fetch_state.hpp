// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_FETCH_STATE_HPP
#define CORSAC_TESTING_DETAIL_FETCH_STATE_HPP

#include <corsac/testing/detail/page_identity.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/url.hpp>
#include <corsac/testing/verdict.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace corsac::inline v0_2_0::testing {

namespace detail {

/// One request on its way: what the standard keeps in its request struct.
/// Spec: https://fetch.spec.whatwg.org/#concept-request
struct fetch_state {
    fetch_options options;
    const quirks& q;

    page_identity page{};
    prepared_request request{};
    /// The URL list: where it went, the current URL last.
    std::vector<url> urls{};
    response_type tainting = response_type::basic;
    int redirects = 0;
    /// A redirect led from one origin to another.
    bool left_an_origin = false;

    [[nodiscard]] const url& current() const { return urls.back(); }
    [[nodiscard]] bool is_navigation() const { return options.initiator == initiator::form; }
    [[nodiscard]] bool is_websocket() const { return options.initiator == initiator::websocket; }

    /// Whether a redirect led from a foreign origin to yet another one.
    /// Spec: https://fetch.spec.whatwg.org/#concept-request-tainted-origin
    [[nodiscard]] bool is_redirect_tainted() const {
        for (std::size_t i = 1; i < urls.size(); ++i) {
            const url& before = urls[i - 1];
            if (urls[i].origin() != before.origin() && !page.owns(before)) return true;
        }
        return false;
    }
    [[nodiscard]] std::string request_origin() const {
        return is_redirect_tainted() ? "null" : page.origin;
    }

    [[nodiscard]] bool with_credentials() const {
        return options.credentials == credentials_mode::include ||
               (options.credentials == credentials_mode::same_origin &&
                tainting == response_type::basic);
    }

    [[nodiscard]] std::string host() const {
        return current().host + (current().port.empty() ? "" : ":" + current().port);
    }
};

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
