// SPDX-License-Identifier: MIT
// What a server has of corsac if it evaluates requests of one type and writes responses of one type
// with a policy that was made elsewhere.
#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/policy/policy.hpp>

#include <string_view>
#include <utility>

struct line {
    std::string_view name, value;
};

struct request {
    std::string_view verb;
    const line* first;
    const line* last;

    [[nodiscard]] std::string_view method() const noexcept { return verb; }
    template <class F>
    void visit(F&& f) const {
        for (const line* at = first; at != last; ++at) f(at->name, at->value);
    }
};

struct response {
    void set(std::string_view name, std::string_view value);
    void add(std::string_view name, std::string_view value);
    void erase(std::string_view name);
};

int serve(const corsac::policy& policy, std::string_view method, const line* first,
          const line* last, response& out) {
    const corsac::decision decided = corsac::evaluate(policy, request{method, first, last});
    corsac::apply(decided, out);
    return decided.status();
}
