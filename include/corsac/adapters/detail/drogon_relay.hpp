// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_DROGON_RELAY_HPP
#define CORSAC_ADAPTERS_DETAIL_DROGON_RELAY_HPP

#include <corsac/adapters/detail/asked_about.hpp>
#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/detail/visit_policy.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

// What Drogon's advices about one request tell each other.

namespace corsac::inline v0_2_0 {

namespace detail {

/// Carries a request's policy and decision from the first advice to the last, in the attributes of
/// the request, where another question could get another answer. Elsewhere it asks again: that is
/// cheaper than what Drogon takes to keep a value.
template <class Source, class Request, class View>
struct drogon_relay {
    using governed_type =
        decltype(govern(std::declval<const Source&>(), std::declval<const Request&>(),
                        std::declval<const View&>()));

    static constexpr const char* key = "corsac";

    [[nodiscard]] static decision decide_at_once(const Source& source, Request& request) {
        if constexpr (may_change<Source>) {
            auto kept = std::make_shared<const governed_type>(ask(source, request));
            request.attributes()->insert(key, kept);
            return kept->decision;
        } else {
            // Nothing but a preflight, or a request of a policy that rejects, is answered here.
            const View view{request};
            const auto p = ask_source(source, std::as_const(request), view);
            if (!p) return {};
            return visit_policy(p, [&](const auto& chosen) {
                const bool answers = view.method() == "OPTIONS" || chosen.rules().asks_where_from();
                return answers ? corsac::evaluate(chosen, view) : decision{};
            });
        }
    }
    /// @return  Points to it.
    [[nodiscard]] static auto decided(const Source& source, Request& request) {
        if constexpr (may_change<Source>) {
            using kept = std::shared_ptr<const governed_type>;
            if (request.attributes()->find(key)) {
                return request.attributes()->template get<kept>(key);
            }
            return std::make_shared<const governed_type>(ask(source, request));
        } else {
            std::optional<governed_type> asked;
            asked.emplace(made_by{[&] { return ask(source, request); }});
            return asked;
        }
    }

private:
    [[nodiscard]] static governed_type ask(const Source& source, const Request& request) {
        return govern(source, request, View{request});
    }
};

/// The same of a source that asks: what is decided once a verdict has come. Between the first
/// advice, which knows what is remembered, and the last there is one that may wait.
template <class Source, class Request, class View>
struct asking_drogon_relay {
    using governed_type =
        decltype(govern(std::declval<const Source&>(), std::declval<const Request&>(),
                        std::declval<const View&>()));
    using about_type = decltype(ask_about(
        std::declval<const Source&>(), *std::declval<const governed_type&>().policy,
        std::declval<const Request&>(), std::declval<const View&>()));

    struct state {
        governed_type governed{};
        about_type about{};  ///< with a question as long as nothing is decided
    };
    using kept = std::shared_ptr<state>;

    static constexpr const char* key = "corsac";

    /// Decides, unless somebody has to be asked.
    [[nodiscard]] static kept begin(const Source& source, Request& request) {
        const auto begun = std::make_shared<state>();
        const View view{request};
        begun->governed.policy = choose_policy(source, std::as_const(request), view);
        const auto& policy = begun->governed.policy;
        if (policy && *policy) {
            begun->about = ask_about(source, *policy, std::as_const(request), view);
        }
        if (!begun->about.question) end(source, request, *begun, begun->about.verdict);
        request.attributes()->insert(key, begun);
        return begun;
    }
    static void end(const Source& source, Request& request, state& begun,
                    std::optional<origin_verdict> verdict) noexcept {
        begun.governed.decision = decide(source, View{request}, begun.governed.policy, verdict);
        begun.about.question.reset();
    }
    [[nodiscard]] static kept find(Request& request) {
        if (!request.attributes()->find(key)) return nullptr;
        return request.attributes()->template get<kept>(key);
    }

    [[nodiscard]] static decision decide_at_once(const Source& source, Request& request) {
        return begin(source, request)->governed.decision;
    }
    /// What Drogon answers before it calls the advice that waits keeps a question open.
    [[nodiscard]] static const governed_type* decided(const Source& source, Request& request) {
        kept begun = find(request);
        if (!begun) begun = begin(source, request);
        if (begun->about.question) end(source, request, *begun, origin_verdict::unknown);
        return &begun->governed;  // the request keeps it
    }
};

/// Waits for the verdict on one request, or for the end of its patience: whichever comes first goes
/// on with the request, in its loop.
template <class Loop, class Source, class State, class Done>
void wait_for_verdict(Loop* loop, const Source& source, const State& begun, Done done) {
    struct waiting {
        Done done;
        bool over = false;

        explicit waiting(Done&& what) : done(std::move(what)) {}
        void end(origin_verdict verdict) {
            if (!std::exchange(over, true)) done(verdict);
        }
    };
    const auto& asked = asking_in(source).asked;
    const auto shared = std::make_shared<waiting>(std::move(done));
    const std::chrono::duration<double> patience = asked.patience();
    const auto timer =
        loop->runAfter(patience.count(), [shared] { shared->end(origin_verdict::unknown); });
    asked.ask(begun.about.question->view(), [shared, loop, timer](origin_verdict verdict) {
        loop->runInLoop([shared, loop, timer, verdict] {
            loop->invalidateTimer(timer);
            shared->end(verdict);
        });
    });
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0

#endif
