// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_BROWSER_TABLE_HPP
#define CORSAC_TESTS_BROWSER_TABLE_HPP

#include "world.hpp"

#include <corsac/policy/policy_options.hpp>
#include <corsac/testing/browser.hpp>

#include <string>
#include <vector>

/// A policy under its name in URLs.
struct named_policy {
    std::string name{};
    std::string about{};
    corsac::policy_options options{};
    std::string exposes{};  ///< of the application's own headers, sorted, with spaces between
};

/// One request of a case.
struct test_step {
    corsac::testing::fetch_options fetch{};
    int wait_ms = 0;     ///< before it
    std::string page{};  ///< another page than that of the case
};

/// What a page does, and under which policy.
struct test_case {
    std::string name{};  ///< unique; part of every URL of the case
    std::string group{};
    std::string about{};
    std::string page{};     ///< the page's origin
    std::string context{};  ///< `page`, or the frame in it: `sandbox`, `data`, `srcdoc`, `blob`
    std::string policy{};   ///< the one that governs the first URL
    std::vector<test_step> steps{};
    bool websocket = false;  ///< the URL is that of a WebSocket
    std::string verdict{};   ///< where the table itself says it: `allowed` or `blocked`
    int preflights = -1;     ///< where the table says how many there are; else -1
    std::string console{};   ///< an expression that a line of the browser's console matches
};

/// @return  Policies whose names the cases use. None of them has an error.
std::vector<named_policy> make_policies(const world& w);

std::vector<test_case> make_cases(const world& w);

#endif
