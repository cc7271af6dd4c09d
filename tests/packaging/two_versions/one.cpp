// SPDX-License-Identifier: MIT
// Compiled twice, against two releases of corsac; NAME tells the two object files apart.
#include <corsac/corsac.hpp>
#include <corsac/version.hpp>

#include <string>
#include <typeinfo>

#define CORSAC_TEST_JOIN(a, b) a##b
#define CORSAC_TEST_NAME(prefix, name) CORSAC_TEST_JOIN(prefix, name)

namespace {

struct preflight {
    std::string_view method() const noexcept { return "OPTIONS"; }
    template <class F>
    void visit(F&& f) const {
        f("Origin", "https://a.example");
        f("Access-Control-Request-Method", "PUT");
    }
};

}  // namespace

std::string CORSAC_TEST_NAME(said_by_, NAME)();

std::string CORSAC_TEST_NAME(said_by_, NAME)() {
    const auto policy =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .allow_methods = {"PUT"}});
    const corsac::decision decision = corsac::evaluate(*policy, preflight{});
    return std::to_string(CORSAC_VERSION_MINOR) + ' ' + std::to_string(decision.status()) + ' ' +
           std::string(corsac::name_of(decision.outcome())) + ' ' + typeid(corsac::policy).name();
}
