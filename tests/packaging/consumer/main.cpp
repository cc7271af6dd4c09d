// SPDX-License-Identifier: MIT
// A user's first program: one policy built at run time, the same one as a constant, one preflight.
#include <corsac/corsac.hpp>

#include <cstdio>
#include <string>
#include <string_view>

namespace {

struct preflight {
    [[nodiscard]] std::string_view method() const noexcept { return "OPTIONS"; }

    template <class F>
    void visit(F&& f) const {
        f("Host", "api.example.com");
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

constexpr auto constant_policy = corsac::static_policy([] {
    return corsac::policy_options{.allow_origins = {"https://*.example.com"},
                                  .allow_methods = {"PUT"}};
});

template <class Policy>
bool grants(const Policy& policy) {
    const corsac::decision decision = corsac::evaluate(policy, preflight{});
    response answer;
    corsac::apply(decision, answer);
    std::printf("%d\n%s", static_cast<int>(decision.status()), answer.text.c_str());
    return decision.answers() && decision.status() == 204 &&
           answer.text.find("https://www.example.com") != std::string::npos;
}

}  // namespace

int main() {
    const corsac::result<corsac::policy> policy = corsac::make_policy({
        .allow_origins = {"https://*.example.com"},
        .allow_methods = {"PUT"},
    });
    if (!policy) {
        for (const corsac::config_error& error : policy.errors()) {
            std::printf("%s\n", std::string(error.message()).c_str());
        }
        return 1;
    }
    return grants(*policy) && grants(constant_policy) ? 0 : 1;
}
