// SPDX-License-Identifier: MIT
#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/live/asked_origins.hpp>
#include <corsac/live/shared_origins.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>

// Counts every use of the heap in this program; the tests look at differences.

namespace {
std::atomic<std::size_t> allocations{0};
}

// GCC does not see that the pair of them goes together.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

void* operator new(std::size_t size) {
    ++allocations;
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) std::abort();
    return memory;
}
// Sanitizers bring arrays of their own.
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

/// A response that only looks at what it is given.
struct counting_sink {
    std::size_t bytes = 0;
    void add(std::string_view name, std::string_view value) { bytes += name.size() + value.size(); }
    void set(std::string_view name, std::string_view value) { bytes += name.size() + value.size(); }
    void erase(std::string_view) {}
};

TEST_CASE("no request path allocates") {
    const auto built = corsac::make_policy({
        .allow_origins = {"https://example.com", "https://*.example.org", "http://localhost:*",
                          "https://app-*-team.example.net"},
        .allow_methods = {"PUT"},
        .allow_headers = {"X-A", "X-Custom-*"},
        .allow_credentials = true,
        .max_age = 600,
    });
    const auto open = corsac::make_policy({.allow_origins = {"*"}, .allow_headers = {"*"}});
    const std::string huge = "https://" + std::string(64 * 1024, 'a');

    counting_sink sink;
    std::size_t sentences = 0;
    const std::size_t before = allocations;
    for (const std::string_view origin :
         {std::string_view{"https://example.com"}, std::string_view{"https://a.b.example.org"},
          std::string_view{"http://localhost:3000"},
          std::string_view{"https://app-1-team.example.net"},
          std::string_view{"https://evil.example"}, std::string_view{"null"}, std::string_view{},
          std::string_view{huge}}) {
        for (const char* verb : {"GET", "OPTIONS"}) {
            for (const char* headers : {"", "x-a,x-custom-1,x-a", "X-B ,, nonsense here"}) {
                const support::request request{verb,
                                               {{{"Origin", origin},
                                                 {"Access-Control-Request-Method", "PUT"},
                                                 {"Access-Control-Request-Headers", headers}}}};
                for (const corsac::policy* p : {&*built, &*open}) {
                    const corsac::decision d = corsac::evaluate(*p, request);
                    corsac::apply(d, sink);
                    corsac::apply(corsac::kept_decision{d}.get(), sink);
                    sentences += corsac::explain(d).view().size();
                }
            }
        }
    }
    CHECK(allocations - before == 0);
    CHECK(sink.bytes > 0);
    CHECK(sentences > 0);
}

TEST_CASE("nor does an answer that is remembered") {
    const corsac::asked_origins origins{[](const corsac::origin_question& q) {
        return q.origin == "https://tenant.example" ? corsac::origin_verdict::allowed
                                                    : corsac::origin_verdict::refused;
    }};
    const auto built = corsac::make_policy({.allow_credentials = true}, corsac::no_origin{});
    const auto source = corsac::detail::as_policy_source(corsac::asking(
        *built, origins, [](const support::request&) { return std::string_view{"acme"}; }));
    for (const std::string_view origin : {"https://tenant.example", "https://evil.example"}) {
        const support::request request{"GET", {{{"Origin", origin}}}};
        const auto ask = [&] { return corsac::detail::govern(source, request, request).decision; };
        const bool allowed = ask().allows();
        CHECK(allowed == (origin == "https://tenant.example"));
        const std::size_t before = allocations;
        const bool again = ask().allows();
        CHECK(allocations - before == 0);
        CHECK(again == allowed);
    }
}

TEST_CASE("nor does a table's policy with a matcher") {
    auto shared = corsac::make_shared_origins({.allow_origins = {"https://*.example.org"}});
    corsac::policy_table_builder builder;
    const auto route = builder.add_route({.name = "site"});
    builder.add_match(builder.add_rule(route, ""), {.path = "/"});
    builder.attach(
        route,
        *corsac::make_policy({.allow_origins = {"https://example.com"}, .allow_credentials = true},
                             shared->matcher()),
        {});
    const auto table = std::move(builder).build();
    REQUIRE(table);
    counting_sink sink;
    std::size_t allowed = 0;
    const auto ask = [&](std::string_view origin) {
        const support::request request{"GET", {{{"Host", "h"}, {"Origin", origin}}}};
        const corsac::decision d = corsac::evaluate(table->find(request, "/"), request);
        corsac::apply(d, sink);
        allowed += d.allows() ? 1U : 0U;
    };
    ask("https://example.com");  // a thread's first look into a shared set makes its place there
    ask("https://evil.example");
    const std::size_t before = allocations;
    for (const char* origin :
         {"https://example.com", "https://a.example.org", "https://evil.example", "null"}) {
        ask(origin);
    }
    CHECK(allocations - before == 0);
    CHECK(allowed == 3);
}

TEST_CASE("the counter counts") {
    const std::size_t before = allocations;
    const auto built = corsac::make_policy({.allow_origins = {"https://example.com"}});
    CHECK(built);
    CHECK(allocations > before);
}

}  // namespace
