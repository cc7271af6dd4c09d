// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_ANSWER_HPP
#define CORSAC_TESTING_ANSWER_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/testing/made_decision.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/safelist.hpp>
#include <corsac/testing/verdict.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// One request as the server saw it.
struct wire_request {
    wire_kind kind = wire_kind::actual;
    std::string method{};
    std::string url{};
    std::optional<std::string> origin{};
    /// `Access-Control-Request-Method`
    std::optional<std::string> acrm{};
    /// `Access-Control-Request-Headers`
    std::optional<std::string> acrh{};
    bool credentials = false;
    /// What corsac decided about it, where the server tells.
    std::optional<made_decision> decided{};

    [[nodiscard]] bool is_preflight() const { return kind == wire_kind::preflight; }
};

/// What came of a request.
struct answer {
    testing::verdict verdict = testing::verdict::allowed;
    /// `none` where the verdict is `allowed`.
    step blocked_at = step::none;
    response_type type = response_type::error;
    /// As the script sees it: 0 for an opaque response.
    int status = 0;
    /// The response headers that the script can read.
    header_list headers{};
    /// Whether the last response came out of the HTTP cache, perhaps after a 304.
    bool from_cache = false;
    /// Everything sent, in order.
    std::vector<wire_request> requests{};
    /// What the console shows, in the words of the chosen browser. A browser that says nothing
    /// says nothing here.
    std::vector<std::string> console{};
    /// What the promise is rejected with; empty where it is not.
    std::string error{};
    /// What to change so that the request would pass; empty where nothing is known to help.
    std::string advice{};
    /// The names of all headers of the final response, lower case, hidden ones included.
    std::vector<std::string> sent{};
    /// Whether Resource Timing shows the details.
    /// Spec: https://fetch.spec.whatwg.org/#concept-tao-check
    bool timing_allowed = false;

    [[nodiscard]] bool allowed() const { return verdict == testing::verdict::allowed; }
    [[nodiscard]] explicit operator bool() const { return allowed(); }

    /// The names a script can read: lower case, sorted, each once.
    [[nodiscard]] std::vector<std::string> exposed() const {
        std::vector<std::string> names;
        for (const header& h : headers) names.push_back(detail::lower(h.name));
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        return names;
    }

    [[nodiscard]] bool exposes(std::string_view name) const {
        return detail::count(headers, name) != 0;
    }

    [[nodiscard]] std::size_t preflights() const {
        std::size_t n = 0;
        for (const wire_request& r : requests) n += r.is_preflight() ? 1U : 0U;
        return n;
    }

    /// What corsac decided about the last request of which the server told; null if none.
    [[nodiscard]] const made_decision* decided() const {
        for (auto r = requests.rbegin(); r != requests.rend(); ++r) {
            if (r->decided) return &*r->decided;
        }
        return nullptr;
    }
    /// Its outcome, to assert on; `no_policy` if there is none.
    [[nodiscard]] corsac::outcome outcome() const {
        return decided() != nullptr ? decided()->outcome : corsac::outcome::no_policy;
    }

    /// One sentence for a test report: the first line of the console, or the error; then why the
    /// server answered so, if a policy decided; then what to change.
    [[nodiscard]] std::string sentence() const {
        if (allowed()) return "allowed";
        std::string out = console.empty() ? error : console.front();
        while (out.ends_with('.') || out.ends_with('\n')) out.pop_back();
        const made_decision* const why = reason();
        const bool refused = why != nullptr && !why->allows;
        if (refused) out.append(", because ").append(why->explanation);
        if (why != nullptr && !refused) out.append(", although: ").append(why->explanation);
        // A refusal's explanation ends with advice of its own.
        if (!advice.empty() && !refused) out.append("; ").append(advice);
        return out;
    }

    /// The same about one response header: whether a script can read it, and if not, why not.
    [[nodiscard]] std::string sentence_about(std::string_view name) const {
        const std::string shown(name);
        if (!allowed()) return sentence();
        if (exposes(name)) return shown + " is readable";
        if (!detail::contains(sent, detail::lower(name))) { return "the response has no " + shown; }
        if (type == response_type::opaque || type == response_type::opaque_redirect) {
            return shown + " is hidden, as everything in a response of type " +
                   std::string(to_string(type));
        }
        if (is_forbidden_response_header(name)) return shown + " is never shown to scripts";
        return shown + " is hidden from scripts; add it to " +
               (decided() != nullptr ? "expose_headers" : "Access-Control-Expose-Headers");
    }

private:
    /// The decision that the browser's verdict rests on.
    [[nodiscard]] const made_decision* reason() const {
        const std::string_view at = to_string(blocked_at);
        if (from_cache) return nullptr;
        if (!at.starts_with("preflight:") && !at.starts_with("actual:")) return nullptr;
        return requests.empty() || !requests.back().decided ? nullptr : &*requests.back().decided;
    }
};

}  // namespace corsac::inline v0_2_0::testing

#endif
