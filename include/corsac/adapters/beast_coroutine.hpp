// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_BEAST_COROUTINE_HPP
#define CORSAC_ADAPTERS_BEAST_COROUTINE_HPP

// Tested in tests/adapters/adapter_cases.test.cpp.

// Boost.Beast in coroutines of Boost.Asio, Boost 1.81 and later. Waiting takes Asio's own types, so
// this header includes Asio; where there is none it is empty.

#include <corsac/adapters/beast.hpp>
#include <corsac/adapters/detail/asked_about.hpp>
#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/live/origin_question.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#if __has_include(<boost/asio/awaitable.hpp>)
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace corsac::inline v0_2_0 {

namespace detail {

template <class>
inline constexpr bool is_awaitable = false;
template <class T, class Executor>
inline constexpr bool is_awaitable<boost::asio::awaitable<T, Executor>> = true;

/// What a function gives in the end, itself or by a coroutine.
template <class T>
struct awaited {
    using type = T;
};
template <class T, class Executor>
struct awaited<boost::asio::awaitable<T, Executor>> {
    using type = T;
};

/// A coroutine that waits for a verdict, until the answer or the end of its patience: whichever
/// comes first resumes it, in its own executor.
template <class Handler>
struct awaited_verdict {
    using executor_type = boost::asio::associated_executor_t<Handler>;

    explicit awaited_verdict(Handler&& what)
        : executor(boost::asio::get_associated_executor(what)), timer(executor),
          handler(std::move(what)) {}

    /// @return  Whether it was the first.
    bool end(origin_verdict verdict) {
        if (over.exchange(true)) return false;
        boost::asio::post(executor, [handler = std::move(handler), verdict]() mutable {
            std::move(handler)(verdict);
        });
        return true;
    }

    executor_type executor;
    boost::asio::steady_timer timer;
    Handler handler;
    std::atomic<bool> over{false};
};

struct begin_waiting {
    template <class Handler, class Asked>
    void operator()(Handler&& handler, const Asked& asked, origin_question about) const {
        using state = awaited_verdict<std::decay_t<Handler>>;
        const auto waiting = std::make_shared<state>(std::forward<Handler>(handler));
        waiting->timer.expires_after(asked.patience());
        waiting->timer.async_wait([waiting](auto) { waiting->end(origin_verdict::unknown); });
        asked.ask(about, [waiting](origin_verdict verdict) {
            if (waiting->end(verdict)) waiting->timer.cancel();
        });
    }
};

/// @param asked, about  Outlive the wait.
template <class Asked>
[[nodiscard]] auto async_ask(const Asked& asked, origin_question about) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(origin_verdict)>(
        begin_waiting{}, boost::asio::use_awaitable, asked, about);
}

}  // namespace detail

/// A `beast_handler` for coroutines: it waits for a verdict without a thread, and for a handler
/// that is a coroutine itself.
///
/// ```
/// corsac::beast_coroutine handler{corsac::asking(*policy, tenants), handle_request};
/// http::message_generator response = co_await handler(std::move(request));
/// ```
/// `next` is one of those of `beast_handler`, or one that returns a `boost::asio::awaitable` of the
/// same. It must not refer to the request that it was given once it has returned.
///
/// Whoever answers questions must be done with it before the coroutines' execution context ends.
///
/// @tparam Source  What it makes of the policy it is given; deduced.
template <class Source, class Next>
class beast_coroutine {
public:
    template <class P>
    beast_coroutine(P&& policy_or_source, Next next)
        : source_(detail::as_policy_source(std::forward<P>(policy_or_source))),
          next_(std::move(next)) {}

    /// The handler must outlive what it returns.
    ///
    /// @param request  Moved in.
    /// @return         An awaitable of what `next` gives.
    template <class Request>
    [[nodiscard]] auto operator()(Request request) {
        using pointer = decltype(detail::choose_policy(source_, std::as_const(request),
                                                       beast_request<Request>{request}));
        using finish = beast_finish<pointer>;
        if constexpr (std::is_invocable_v<Next&, Request, finish>) {
            using result = std::invoke_result_t<Next&, Request, finish>;
            return run<finish, typename detail::awaited<result>::type>(std::move(request));
        } else {
            using result = std::invoke_result_t<Next&, Request>;
            return run<finish, typename detail::awaited<result>::type>(std::move(request));
        }
    }

private:
    template <class Finish, class Result, class Request>
    boost::asio::awaitable<Result> run(Request request) {
        const beast_request<Request> view{request};
        auto chosen = detail::choose_policy(source_, std::as_const(request), view);
        std::optional<origin_verdict> verdict;
        if constexpr (detail::asks<Source>) {
            if (chosen && *chosen) {
                const auto about =
                    detail::ask_about(source_, *chosen, std::as_const(request), view);
                verdict = about.verdict;
                if (about.question) {
                    verdict = co_await detail::async_ask(detail::asking_in(source_).asked,
                                                         about.question->view());
                }
            }
        }
        const decision d = detail::decide(source_, view, chosen, verdict);
        detail::observe(source_, d, std::as_const(request), view);
        if (d.answers()) co_return Result(detail::beast_answer_as<Result>(d, request));
        Finish done{std::move(chosen), d};  // first: next may move the request away
        if constexpr (std::is_invocable_v<Next&, Request, Finish>) {
            using given = std::invoke_result_t<Next&, Request, Finish>;
            if constexpr (detail::is_awaitable<given>) {
                co_return co_await next_(std::move(request), std::move(done));
            } else {
                co_return next_(std::move(request), std::move(done));
            }
        } else if constexpr (detail::is_awaitable<std::invoke_result_t<Next&, Request>>) {
            Result response = co_await next_(std::move(request));
            co_return done(std::move(response));
        } else {
            co_return done(next_(std::move(request)));
        }
    }

    Source source_;
    Next next_;
};

template <class P, class Next>
beast_coroutine(P&&, Next) -> beast_coroutine<policy_source_of<P>, Next>;

}  // namespace corsac::inline v0_2_0
#endif

#endif
