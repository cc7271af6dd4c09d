// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_ORIGIN_QUESTION_HPP
#define CORSAC_LIVE_ORIGIN_QUESTION_HPP

// Tested in tests/live/asked_origins.test.cpp.

#include <corsac/decision/evaluate.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

/// Bytes of a scope, which strangers may choose. A request with a longer one is refused unasked.
inline constexpr std::size_t max_scope_length = 128;

/// What somebody is asked: whether an origin is allowed.
struct origin_question {
    /// A serialised origin as a browser sends it, never `null`. Chosen by strangers: bind it as a
    /// parameter, never paste it into SQL.
    std::string_view origin{};
    /// What the answer depends on besides, such as a tenant's name; mostly empty.
    std::string_view scope{};
};

template <class Clock>
class basic_asked_origins;

namespace detail {

/// A question on its way. Whoever owns it last answers it, if nobody did.
struct question_base {
    void (*answer)(question_base&, origin_verdict) noexcept;
};

}  // namespace detail

/// Where the answer to a question goes, once, from any thread: `reply(origin_verdict::allowed)`.
///
/// Copies answer the same question, and only the first answer counts. If the last copy is gone and
/// nobody has answered, the answer is `unknown`: an exception in a query refuses a request, and
/// leaves none hanging.
class origin_reply {
public:
    /// The requests that wait for it go on, in this thread or where their servers want it.
    void operator()(origin_verdict verdict) const noexcept {
        if (question_) question_->answer(*question_, verdict);
    }

private:
    template <class Clock>
    friend class basic_asked_origins;

    explicit origin_reply(std::shared_ptr<detail::question_base> to) noexcept
        : question_(std::move(to)) {}

    std::shared_ptr<detail::question_base> question_;
};

}  // namespace corsac::inline v0_2_0

#endif
