// SPDX-License-Identifier: MIT
#include <corsac/live/shared_origins.hpp>
#include <corsac/policy/policy.hpp>

#include "origin/set_of.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

// Matchers of the library's inside matchers of the caller's, where no policy sees them.

namespace {

using corsac::origin_if;
using corsac::policy_options;

// --- ways to hide a matcher ----------------------------------------------------------------------

template <class M>
struct wrapped {
    M hidden;
    [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
        return hidden.match(origin);
    }
};

/// Passes on whatever it is asked with, if only it were asked so.
template <class M>
struct forwarding {
    M hidden;
    template <class... Asked>
    [[nodiscard]] std::string_view match(Asked... asked) const noexcept {
        return hidden.match(asked...);
    }
};

/// Says that it was prepared, and prepares nothing.
template <class M>
struct unprepared : M {
    explicit unprepared(M hidden) : M(std::move(hidden)) {}
    template <class Report>
    void prepare_for(const policy_options&, Report&) const noexcept {}
};

template <class M>
struct derived : M {
    explicit derived(M hidden) : M(std::move(hidden)) {}
};

template <class M>
struct shared {
    std::shared_ptr<const M> hidden;
    [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
        return hidden->match(origin);
    }
};

/// Allows nobody until its policy is built.
template <class M>
struct late {
    M hidden;
    std::shared_ptr<bool> built;
    [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
        return *built ? hidden.match(origin) : std::string_view{};
    }
};

/// @param check  Called as `check(about, made, after)`, where `after` is to be called before the
///               policy is asked.
template <class M, class Check>
void hide_in_every_way(const policy_options& options, const M& m, const Check& check) {
    const auto never = origin_if{[](std::string_view) { return false; }};
    check("wrapped", make_policy(options, wrapped<M>{m}));
    check("wrapped twice", make_policy(options, wrapped<wrapped<M>>{{m}}));
    check("forwarding what it is asked", make_policy(options, forwarding<M>{m}));
    check("pretending to be prepared", make_policy(options, unprepared<M>{m}));
    check("derived", make_policy(options, derived<M>{m}));
    check("behind a pointer", make_policy(options, shared<M>{std::make_shared<const M>(m)}));
    check("named", make_policy<wrapped<M>>(options, {m}));
    check("beside another one", make_policy(options, corsac::any_of{never, wrapped<M>{m}}));
    check("with another one inside",
          make_policy(options, wrapped<corsac::any_of<M, M>>{corsac::any_of<M, M>{m, m}}));
    check("an any_of that is derived",
          make_policy(options, derived<corsac::any_of<M, M>>{corsac::any_of<M, M>{m, m}}));
    check("in a predicate", make_policy(options, origin_if{[m](std::string_view origin) {
                                            return !std::string_view{m.match(origin)}.empty();
                                        }}));
    const std::function<bool(std::string)> copies = [m](const std::string& origin) {
        return !std::string_view{m.match(origin)}.empty();
    };
    check("in a function that copies", make_policy(options, origin_if{[copies](std::string_view o) {
                                                       return copies(std::string(o));
                                                   }}));
    const auto built = std::make_shared<bool>(false);
    const auto changed = make_policy(options, late<M>{m, built});
    *built = true;
    check("allowing nobody at first", changed);
}

// --- what is hidden ------------------------------------------------------------------------------

struct row {
    const char* entry;  ///< that a policy without credentials may have
    const char* stranger;
};
constexpr row rows[] = {
    {"*", "https://evil.net"},
    {"https://*", "https://evil.net"},
    {"https://*:8444", "https://evil.net:8444"},
    {"foo://*", "foo://evil"},
    {"https://*.com", "https://evil.com"},
    {"https://*.sch.uk", "https://evil.sch.uk"},
    {"https://*.kawasaki.jp", "https://evil.kawasaki.jp"},
    {"https://mine-*.vercel.app", "https://mine-evil.vercel.app"},
    {"https://*example.com", "https://evilexample.com"},
    {"https://192.168.0.0/16", "https://192.168.7.7"},
    {"http://*.b.example", "http://a.b.example"},
    {"http://b.example", "http://b.example"},
    {"null", "null"},
};

constexpr const char* listed = "https://a.example";

corsac::origin_set anonymous_set(const char* entry) {
    return corsac::make_policy({.allow_origins = {listed, entry}})->origins();
}

TEST_CASE("a hidden matcher lets nobody in who would be refused with credentials") {
    const policy_options options{.allow_credentials = true};
    for (const row& r : rows) {
        CAPTURE(std::string(r.entry));
        const auto allows_no_stranger = [&](const char* about, const auto& made) {
            CAPTURE(std::string(about));
            if (!made) return;
            CHECK_FALSE(made->allows_origin(r.stranger));
            CHECK(made->allows_origin(listed));
        };
        const corsac::origin_set set = anonymous_set(r.entry);
        hide_in_every_way(options, set, allows_no_stranger);
        hide_in_every_way(options, support::set_of({listed, r.entry}), allows_no_stranger);

        const auto shared = corsac::make_shared_origins(
            {.allow_origins = {listed, r.entry}, .allow_credentials = false});
        hide_in_every_way(options, shared->matcher(), allows_no_stranger);

        // Taken out of a policy that has judged it for its own rules.
        const auto anonymous = corsac::make_policy({}, shared->matcher());
        CHECK(anonymous->allows_origin(r.stranger));
        hide_in_every_way(options, anonymous->origins().second, allows_no_stranger);
        hide_in_every_way(options, anonymous->origins(), allows_no_stranger);
        const auto beside = corsac::make_policy({}, corsac::any_of{set, shared->matcher()});
        hide_in_every_way(options, beside->origins().second, allows_no_stranger);
    }
}

TEST_CASE("what a dangerous option lets in stays in its own policy") {
    const auto dangerous =
        corsac::make_policy({.allow_origins = {listed, "https://*.github.io"},
                             .allow_credentials = true,
                             .dangerously_allow_public_suffixes_with_credentials = true});
    REQUIRE(dangerous->allows_origin("https://evil.github.io"));
    hide_in_every_way({.allow_credentials = true}, dangerous->origins(),
                      [](const char* about, const auto& made) {
                          CAPTURE(std::string(about));
                          if (made) CHECK_FALSE(made->allows_origin("https://evil.github.io"));
                      });
}

TEST_CASE("hiding costs nothing that is safe with credentials") {
    const auto checked = corsac::make_policy(
        {.allow_origins = {listed, "https://*.b.example", "http://localhost:*"}});
    for (const bool credentials : {false, true}) {
        hide_in_every_way({.allow_credentials = credentials}, checked->origins(),
                          [](const char* about, const auto& made) {
                              CAPTURE(std::string(about));
                              REQUIRE(made);
                              CHECK(made->allows_origin(listed));
                              CHECK(made->allows_origin("https://x.b.example"));
                              CHECK(made->allows_origin("http://localhost:3000"));
                              CHECK_FALSE(made->allows_origin("https://c.example"));
                          });
    }
}

TEST_CASE("a set that its policy sees allows all that it lists") {
    for (const row& r : rows) {
        CAPTURE(std::string(r.entry));
        const corsac::origin_set set = anonymous_set(r.entry);
        CHECK(set.match(r.stranger).empty());
        CHECK_FALSE(set.match(r.stranger, corsac::judged).empty());
        const auto never = origin_if{[](std::string_view) { return false; }};
        CHECK(corsac::make_policy({}, set)->allows_origin(r.stranger));
        CHECK(corsac::make_policy({}, corsac::any_of{never, set})->allows_origin(r.stranger));
        CHECK_FALSE(corsac::make_policy({.allow_credentials = true}, set));
        CHECK_FALSE(corsac::make_policy({.allow_credentials = true}, corsac::any_of{never, set}));
    }
}

// --- public suffixes that only the policy knows --------------------------------------------------

bool tenants_suffix(std::string_view host) noexcept { return host == "tenants.example"; }

TEST_CASE("what a policy's own public suffixes cannot be asked about is not trusted") {
    const policy_options options{.allow_credentials = true, .is_public_suffix = tenants_suffix};
    // Safe by the built-in list, which does not know tenants.example.
    const auto checked = corsac::make_policy(
        {.allow_origins = {"https://*.tenants.example"}, .allow_credentials = true});
    hide_in_every_way(options, checked->origins(), [](const char* about, const auto& made) {
        CAPTURE(std::string(about));
        REQUIRE_FALSE(made);
        CHECK(made.errors()[0].code() == corsac::config_code::credentials_with_public_suffix);
        CHECK(made.errors()[0].text() == "is_public_suffix");
    });
    CHECK_FALSE(corsac::make_policy(options, checked->origins()));

    const auto built = [](policy_options changed) {
        const auto no = [](std::string_view) { return false; };
        return static_cast<bool>(corsac::make_policy(changed, origin_if{no}));
    };
    policy_options anonymous = options;
    anonymous.allow_credentials = false;
    CHECK(built(anonymous));
    policy_options dangerous = options;
    dangerous.dangerously_allow_public_suffixes_with_credentials = true;
    CHECK(built(dangerous));
    CHECK_FALSE(built(options));
}

/// Asks the policy's predicate itself.
struct asks_itself {
    using judges_itself = asks_itself;
    [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
        return origin == listed ? origin : std::string_view{};
    }
};

TEST_CASE("a matcher that judges itself may go with a policy's own public suffixes") {
    const policy_options options{.allow_credentials = true, .is_public_suffix = tenants_suffix};
    const auto made = corsac::make_policy(options, asks_itself{});
    REQUIRE(made);
    CHECK(made->allows_origin(listed));
    const auto set = corsac::make_policy({.allow_origins = {listed}})->origins();
    CHECK(corsac::make_policy(options, set));
    CHECK(corsac::make_policy(options, corsac::no_origin{}));
}

}  // namespace
