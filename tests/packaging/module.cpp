// SPDX-License-Identifier: MIT
// A user of the module: a policy, a preflight, and no header of corsac.
#include <cstdio>
#include <string>
#include <string_view>

import corsac;

namespace {

struct preflight {
    [[nodiscard]] std::string_view method() const noexcept { return "OPTIONS"; }

    template <class F>
    void visit(F&& f) const {
        f("Origin", "https://www.example.com");
        f("Access-Control-Request-Method", "PUT");
    }
};

struct response {
    std::string text;

    void add(std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\n");
    }
};

}  // namespace

int main() {
    const corsac::result<corsac::policy> policy = corsac::make_policy({
        .allow_origins = {"https://*.example.com"},
        .allow_methods = {"PUT"},
    });
    if (!policy) return 1;
    const corsac::decision decision = corsac::evaluate(*policy, preflight{});
    response answer;
    corsac::apply(decision, answer);
    std::printf("%d\n%s", static_cast<int>(decision.status()), answer.text.c_str());
    return decision.outcome() == corsac::outcome::allowed &&
                   answer.text.find("https://www.example.com") != std::string::npos
               ? 0
               : 1;
}
