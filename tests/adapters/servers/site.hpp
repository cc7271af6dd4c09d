// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_ADAPTERS_SERVERS_SITE_HPP
#define CORSAC_TESTS_ADAPTERS_SERVERS_SITE_HPP

#include <corsac/adapters/policy_source.hpp>
#include <corsac/corsac.hpp>
#include <corsac/live/asked_origins.hpp>
#include <corsac/live/debug_switch.hpp>
#include <corsac/table/live_table.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

// What all test servers have in common: their policies, and which path has which. cases.hpp says
// what they serve.
namespace site {

inline const corsac::policy& checked(const char* name,
                                     const corsac::result<corsac::policy>& policy) {
    if (policy) return *policy;
    for (const corsac::config_error& e : policy.errors()) {
        std::cerr << name << ": " << e.message() << '\n';
    }
    std::exit(1);
}

inline corsac::policy_options main_options() {
    return {
        .allow_origins = {"https://app.example", "https://*.team.example"},
        .allow_methods = {"GET", "PUT", "DELETE"},
        .allow_headers = {"Authorization", "Content-Type", "X-Custom-*"},
        .expose_headers = {"X-Request-Id"},
        .allow_credentials = true,
        .max_age = 600,
    };
}

inline const corsac::policy& main_policy() {
    static const auto built = [] {
        corsac::policy_options options = main_options();
        if (std::getenv("CORSAC_TEST_BAD_POLICY") != nullptr) options.allow_origins = {"*"};
        return corsac::make_policy(options);
    }();
    return checked("main policy", built);
}

inline const corsac::policy& other_policy() {
    static const auto built =
        corsac::make_policy({.allow_origins = {"*"}, .allow_methods = {"GET"}});
    return checked("other policy", built);
}

inline corsac::policy_options rejecting_options() {
    return {.allow_origins = {"https://app.example"},
            .reject_disallowed = true,
            .refuse_credentials = true};
}

/// For `reject_disallowed`, which some test variants use, and `refuse_credentials`.
inline const corsac::policy& rejecting_policy() {
    static const auto built = corsac::make_policy(rejecting_options());
    return checked("rejecting policy", built);
}

/// Set where policies list no origins: see `tenants`.
inline bool all_origins_are_asked_about = false;

/// Nobody may, and whoever asks is rejected.
inline const corsac::policy& closed_policy() {
    static const corsac::policy closed = corsac::make_closed_policy({.reject_disallowed = true});
    return closed;
}

/// The policy of a path; null where none governs it.
inline const corsac::policy* policy_of(std::string_view path) {
    if (path.starts_with("/throwing-policy")) throw std::runtime_error("no policy");
    if (path.starts_with("/ungoverned")) return nullptr;
    if (path.starts_with("/other/")) return &other_policy();
    if (all_origins_are_asked_about) {
        static const corsac::policy main = corsac::make_closed_policy(main_options());
        static const corsac::policy rejecting = corsac::make_closed_policy(rejecting_options());
        return path.starts_with("/rejecting/") ? &rejecting : &main;
    }
    if (path.starts_with("/rejecting/")) return &rejecting_policy();
    return &main_policy();
}

/// The same as a table, which goes by the path that the router goes by; and `/admin`, which is for
/// nobody.
inline const corsac::policy_table& table() {
    static const auto built = [] {
        corsac::policy_table_builder builder;
        const auto route = builder.add_route({.name = "site"});
        const auto rule_of = [&](std::string_view path) {
            const auto rule = builder.add_rule(route, path);
            builder.add_match(rule, {.path = path});
            return corsac::attachment_target{rule, corsac::attachment_level::rule};
        };
        builder.attach(rule_of("/"), main_policy(), {});
        builder.attach(rule_of("/other"), other_policy(), {});
        builder.attach(rule_of("/rejecting"), rejecting_policy(), {});
        builder.attach(rule_of("/admin"), builder.add_closed_policy(), {});
        (void)rule_of("/ungoverned");
        return std::move(builder).build();
    }();
    if (built) return *built;
    for (const corsac::config_error& e : built.errors()) std::cerr << e.message() << '\n';
    std::exit(1);
}

/// The table, replaced a thousand times a second by its like.
inline corsac::live_table restless_table() {
    corsac::live_table live{table()};
    std::thread([live] {
        for (;;) {
            live.replace(table());
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }).detach();
    return live;
}

/// The same origins as a database knows them, which answers in a thread of its own, after a while.
/// About `https://silent.example` it says nothing at all, and it breaks down on
/// `https://broken.example`.
inline const corsac::asked_origins& tenants() {
    static const corsac::asked_origins asked{
        [](const corsac::origin_question& q, corsac::origin_reply reply) {
            std::thread([origin = std::string(q.origin), reply = std::move(reply)] {
                std::this_thread::sleep_for(std::chrono::milliseconds(3));
                if (origin == "https://broken.example") return;
                if (origin == "https://silent.example") {
                    std::this_thread::sleep_for(std::chrono::hours(1));
                }
                const bool known = main_policy().allows_origin(origin);
                reply(known ? corsac::origin_verdict::allowed : corsac::origin_verdict::refused);
            }).detach();
        },
        // Short, so that answers come and go while the table is asked.
        {.allowed_for = std::chrono::milliseconds(20),
         .refused_for = std::chrono::milliseconds(20),
         .unknown_for = std::chrono::milliseconds(20),
         .patience = std::chrono::milliseconds(300)}};
    return asked;
}

/// What a handler does that no adapter sees.
template <class View>
corsac::decision decide_by_hand(const corsac::policy& p, const View& view) {
    const std::string_view open = corsac::origin_to_ask_about(p, view);
    if (!all_origins_are_asked_about || open.empty()) return corsac::evaluate(p, view);
    return corsac::evaluate(p, view, tenants().wait({open}));
}

/// An observer that writes a line into the file that the environment names, and then throws.
inline void write_down(const corsac::decision& d) {
    static std::FILE* const file = std::fopen(std::getenv("CORSAC_TEST_OBSERVED"), "a");
    std::fprintf(file, "%s\n", std::string(corsac::name_of(d.outcome())).c_str());
    std::fflush(file);
    throw std::runtime_error("an observer");
}

/// Calls `serve` with what a variant wants adapters to take: `policy_of` in the framework's form,
/// the table, a live one, one that says something else at each question, answers for developers, or
/// `policy_of` with a database or an observer.
template <class PolicyOf, class Serve>
int with_source(std::string_view variant, const PolicyOf& policy_of, const Serve& serve) {
    if (variant == "table") return serve(table());
    if (variant == "live") return serve(restless_table());
    if (variant == "debugging") {
        const corsac::debug_switch on;
        on.set(true);
        return serve(corsac::debuggable(policy_of, on));
    }
    if (variant == "changing") {
        return serve([](const auto&) {
            static std::atomic<unsigned> asked{0};
            return ++asked % 2 == 1 ? &main_policy() : &closed_policy();
        });
    }
    if (variant == "observed") return serve(corsac::observed(policy_of, write_down));
    if (variant == "asking") {
        all_origins_are_asked_about = true;
        return serve(corsac::asking(policy_of, tenants()));
    }
    return serve(policy_of);
}

inline unsigned short port(int argc, char** argv) {
    return static_cast<unsigned short>(argc > 1 ? std::atoi(argv[1]) : 8080);
}
/// The name of a deliberately different set-up that a trap test asks for; mostly empty.
inline std::string_view variant(int argc, char** argv) { return argc > 2 ? argv[2] : ""; }

/// Ends the program where a framework has not what a variant is about.
[[noreturn]] inline void end_as_absent(const char* why) {
    std::cout << "absent: " << why << std::endl;
    std::exit(0);
}

/// The last thing before serving: a policy with mistakes ends the program here.
inline void announce(unsigned short on) {
    for (const char* path : {"/get", "/other/get", "/rejecting/get"}) (void)policy_of(path);
    std::cout << "listening on http://127.0.0.1:" << on << std::endl;
}

inline bool authorized(std::string_view authorization) { return authorization == "Bearer letmein"; }

/// The directory that holds the one file served, `static.txt`.
inline std::string file_root() { return CORSAC_TEST_FILES; }
inline std::string file_path() { return file_root() + "/static.txt"; }
inline std::string read_file() {
    std::ifstream file(file_path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace site

#endif
