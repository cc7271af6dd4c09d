// SPDX-License-Identifier: MIT
#include <corsac/live/asked_origins.hpp>

#include <corsac/corsac.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using corsac::origin_question;
using corsac::origin_reply;
using corsac::origin_verdict;
using enum corsac::origin_verdict;
using namespace std::chrono_literals;

/// Stands until somebody moves it.
struct test_clock {
    using rep = std::int64_t;
    using period = std::milli;
    using duration = std::chrono::milliseconds;
    using time_point = std::chrono::time_point<test_clock>;

    static inline duration since_start{1};
    static time_point now() noexcept { return time_point{since_start}; }
};

using asked_origins = corsac::basic_asked_origins<test_clock>;

constexpr std::string_view tenant = "https://tenant.example";

/// Answers when it is told to; knows what it was asked.
struct database {
    std::map<std::string, origin_verdict, std::less<>> rows{{std::string(tenant), allowed}};
    bool up = true;
    std::vector<std::string> asked{};

    auto answering() {
        return [this](const origin_question& q) {
            asked.push_back(std::string(q.scope) + std::string(q.origin));
            if (!up) return unknown;
            const auto found = rows.find(asked.back());
            return found == rows.end() ? refused : found->second;
        };
    }
};

/// What is said at once; nothing if somebody has to be waited for.
std::optional<origin_verdict> ask(const asked_origins& origins, const origin_question& about) {
    // Where it is said later, this is gone.
    const auto said = std::make_shared<std::optional<origin_verdict>>();
    origins.ask(about, [said](origin_verdict verdict) { *said = verdict; });
    return *said;
}

TEST_CASE("answers of each kind are remembered, each for its time") {
    struct row {
        const char* about;
        std::string_view origin;
        bool up;
        origin_verdict expected;
        std::chrono::milliseconds remembered;
    };
    const row rows[] = {
        {"allowed", tenant, true, allowed, 60s},
        {"refused", "https://stranger.example", true, refused, 10s},
        {"unknown", tenant, false, unknown, 1s},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        database db;
        db.up = r.up;
        const asked_origins origins{db.answering()};
        CHECK_FALSE(origins.find({r.origin}));
        CHECK(ask(origins, {r.origin}) == r.expected);
        CHECK(origins.find({r.origin}) == r.expected);
        test_clock::since_start += r.remembered - 1ms;
        CHECK(origins.find({r.origin}) == r.expected);
        CHECK(ask(origins, {r.origin}) == r.expected);
        CHECK(origins.wait({r.origin}) == r.expected);
        CHECK(db.asked.size() == 1);
        test_clock::since_start += 1ms;
        CHECK_FALSE(origins.find({r.origin}));
        CHECK(ask(origins, {r.origin}) == r.expected);
        CHECK(db.asked.size() == 2);
    }
}

TEST_CASE(
    "a tenant that was revoked or added counts as soon as an answer is too old, or forgotten") {
    for (const bool forgets : {false, true}) {
        database db;
        const asked_origins origins{db.answering()};
        const auto later = [&](std::chrono::milliseconds end) {
            forgets ? origins.forget(tenant) : void(test_clock::since_start += end);
        };
        CHECK(origins.wait({tenant}) == allowed);
        db.rows.clear();
        CHECK(origins.wait({tenant}) == allowed);
        later(60s);
        CHECK(origins.wait({tenant}) == refused);
        db.rows[std::string(tenant)] = allowed;
        CHECK(origins.wait({tenant}) == refused);
        later(10s);
        CHECK(origins.wait({tenant}) == allowed);
        CHECK(origins.counts().allowed == 1);
        CHECK(origins.counts().refused == 0);  // what was said before is not kept beside it
    }
}

TEST_CASE("forgetting an origin forgets it in every scope, and no other") {
    database db;
    const asked_origins origins{db.answering()};
    for (const std::string_view scope : {"", "a", "b"}) {
        (void)ask(origins, {tenant, scope});
        (void)ask(origins, {"https://other.example", scope});
    }
    origins.forget(tenant);
    for (const std::string_view scope : {"", "a", "b"}) {
        CHECK_FALSE(origins.find({tenant, scope}));
        CHECK(origins.find({"https://other.example", scope}));
    }
    origins.forget_all();
    CHECK_FALSE(origins.find({"https://other.example"}));
}

TEST_CASE("a scope is a part of the question, and none runs into the origin") {
    database db;
    db.rows = {{"acme" + std::string(tenant), allowed}};
    const asked_origins origins{db.answering()};
    CHECK(ask(origins, {tenant, "acme"}) == allowed);
    CHECK(ask(origins, {tenant, "other"}) == refused);
    CHECK(ask(origins, {tenant}) == refused);
    CHECK(ask(origins, {"https://tenant.exampl", "e"}) == refused);
    CHECK(db.asked.size() == 4);
    const std::string longest(corsac::max_scope_length, 's');
    CHECK(ask(origins, {tenant, longest}) == refused);
    CHECK(ask(origins, {tenant, longest + "s"}) == unknown);
    CHECK(db.asked.size() == 5);
    CHECK(origins.counts().turned_away == 1);
    CHECK(ask(origins, {tenant, "after that"}) == refused);  // it took nobody's place
    CHECK(db.asked.size() == 6);
}

TEST_CASE("while nobody answers, an allowed origin stays allowed only if that was asked for") {
    for (const auto stale_for : {0ms, 30'000ms}) {
        CAPTURE(stale_for.count());
        database db;
        const asked_origins origins{db.answering(), {.stale_for = stale_for}};
        CHECK(origins.wait({tenant}) == allowed);
        db.up = false;
        test_clock::since_start += 60s;
        const origin_verdict meanwhile = stale_for == 0ms ? unknown : allowed;
        CHECK(origins.wait({tenant}) == meanwhile);
        CHECK(db.asked.size() == 2);
        CHECK(origins.wait({tenant}) == meanwhile);
        CHECK(db.asked.size() == 2);  // not asked again at once
        CHECK(origins.wait({"https://never-asked.example"}) == unknown);
        test_clock::since_start += 30s;
        CHECK(origins.wait({tenant}) == unknown);
        CHECK(origins.counts().served_stale == (stale_for == 0ms ? 0 : 1));
        db.up = true;
        db.rows.clear();
        test_clock::since_start += 1s;
        CHECK(origins.wait({tenant}) == refused);
        db.up = false;
        test_clock::since_start += 10s;
        CHECK(origins.wait({tenant}) == unknown);  // a refusal ends that
    }
}

TEST_CASE("nobody is asked about what is no origin") {
    database db;
    const asked_origins origins{db.answering()};
    for (const std::string_view origin :
         {"", "null", "https://tenant.example/", "HTTPS://tenant.example", "tenant.example",
          "https://tenant.example:443", "https://tenant.example' or 1=1"}) {
        CAPTURE(origin);
        CHECK(origins.wait({origin}) == refused);
    }
    CHECK(db.asked.empty());
}

// --- answers that come later
// -----------------------------------------------------------------------

struct later {
    std::vector<origin_reply> replies{};
    auto asking() {
        return [this](const origin_question&, origin_reply reply) {
            replies.push_back(std::move(reply));
        };
    }
};

TEST_CASE("one question is on its way, however many wait for its answer") {
    later db;
    const asked_origins origins{db.asking()};
    std::vector<origin_verdict> got;
    for (int i = 0; i < 100; ++i) {
        origins.ask({tenant}, [&](origin_verdict verdict) { got.push_back(verdict); });
    }
    origins.ask({tenant, "a"}, [&](origin_verdict) {});  // another question
    CHECK(db.replies.size() == 2);
    CHECK(got.empty());
    db.replies.front()(allowed);
    CHECK(got == std::vector<origin_verdict>(100, allowed));
    db.replies.front()(refused);  // the first answer counts
    CHECK(origins.find({tenant}) == allowed);
    CHECK(got.size() == 100);
    CHECK(origins.counts().asked == 2);
}

TEST_CASE("a reply that is dropped, and a question that throws, are no answer") {
    later db;
    const asked_origins origins{db.asking()};
    std::optional<origin_verdict> got;
    origins.ask({tenant}, [&](origin_verdict verdict) { got = verdict; });
    auto copy = db.replies.front();
    db.replies.clear();
    CHECK_FALSE(got);  // somebody may still answer
    { const auto last = std::move(copy); }
    CHECK(got == unknown);
    CHECK(origins.counts().failed == 1);
#if defined(__cpp_exceptions)
    const asked_origins throwing{[](const origin_question&) -> origin_verdict { throw 1; }};
    CHECK(throwing.wait({tenant}) == unknown);
    const asked_origins throwing_later{[](const origin_question&, origin_reply) { throw 1; }};
    CHECK(throwing_later.wait({tenant}) == unknown);
#endif
}

TEST_CASE(
    "what was asked before something was forgotten is told to those who asked, and not kept") {
    later db;
    const asked_origins origins{db.asking()};
    std::vector<origin_verdict> before, after;
    origins.ask({tenant}, [&](origin_verdict verdict) { before.push_back(verdict); });
    origins.forget(tenant);  // revoked, while the old answer is on its way
    origins.ask({tenant}, [&](origin_verdict verdict) { after.push_back(verdict); });
    REQUIRE(db.replies.size() == 2);
    db.replies[0](allowed);
    CHECK(before == std::vector{allowed});
    CHECK(after.empty());
    CHECK_FALSE(origins.find({tenant}));
    db.replies[1](refused);
    CHECK(after == std::vector{refused});
    CHECK(origins.find({tenant}) == refused);
}

TEST_CASE("so many questions at once, and a place is free again when one is answered") {
    later db;
    const asked_origins origins{db.asking(), {.max_questions = 2}};
    CHECK_FALSE(ask(origins, {"https://a.example"}));
    CHECK_FALSE(ask(origins, {"https://b.example"}));
    CHECK(ask(origins, {"https://c.example"}) == unknown);
    CHECK_FALSE(ask(origins, {"https://a.example"}));  // waits with the first
    CHECK(origins.counts().turned_away == 1);
    CHECK_FALSE(origins.find({"https://c.example"}));  // nobody was asked, so nothing is known
    db.replies.front()(refused);
    CHECK_FALSE(ask(origins, {"https://c.example"}));
    db.replies.clear();
    CHECK(origins.counts().failed == 2);
}

TEST_CASE("where nothing is said, 64 questions are asked at once, and no old answer is used") {
    later db;
    const asked_origins origins{db.asking()};
    CHECK(origins.patience() == 5s);
    for (int i = 0; i < 64; ++i) {
        CHECK_FALSE(ask(origins, {"https://" + std::to_string(i) + ".example"}));
    }
    CHECK(ask(origins, {"https://one.more.example"}) == unknown);
    CHECK(origins.counts().asked == 64);
    db.replies.clear();

    database data;
    const asked_origins fresh{data.answering()};
    CHECK(fresh.wait({tenant}) == allowed);
    data.up = false;
    test_clock::since_start += 60s;
    CHECK(fresh.wait({tenant}) == unknown);
}

TEST_CASE("an answer may come when everybody else is gone") {
    later db;
    std::optional<origin_verdict> got;
    {
        const asked_origins origins{db.asking()};
        origins.ask({tenant}, [&](origin_verdict verdict) { got = verdict; });
    }
    db.replies.front()(allowed);
    CHECK(got == allowed);
}

TEST_CASE("an answer may lead to the next question") {
    later db;
    const asked_origins origins{db.asking()};
    int answers = 0;
    origins.ask({tenant}, [&](origin_verdict) {
        ++answers;
        origins.forget(tenant);
        origins.ask({tenant}, [&](origin_verdict) { ++answers; });
    });
    db.replies[0](allowed);
    REQUIRE(db.replies.size() == 2);
    db.replies[1](allowed);
    CHECK(answers == 2);
}

TEST_CASE("a thread waits for an answer as long as its patience lasts") {
    later db;
    const asked_origins origins{db.asking(), {.patience = 20ms}};
    CHECK(origins.wait({tenant}) == unknown);
    db.replies.front()(allowed);  // still counts for those who come later
    CHECK(origins.wait({tenant}) == allowed);

    const asked_origins patient{db.asking(), {.patience = 60s}};
    std::thread answering{[&] {
        while (patient.counts().asked == 0) std::this_thread::yield();
        std::this_thread::sleep_for(5ms);
        db.replies.back()(allowed);
    }};
    CHECK(patient.wait({tenant}) == allowed);
    answering.join();
}

// --- bounds --------------------------------------------------------------------------------------

TEST_CASE("strangers fill their own places, and push out no tenant") {
    database db;
    const asked_origins origins{db.answering(), {.max_allowed = 256, .max_refused = 256}};
    CHECK(origins.wait({tenant}) == allowed);
    for (int i = 0; i < 20'000; ++i) {
        (void)origins.wait({"https://" + std::to_string(i) + ".stranger.example"});
    }
    CHECK(origins.find({tenant}) == allowed);
    CHECK(origins.counts().allowed == 1);
    CHECK(origins.counts().refused == 256);
}

TEST_CASE("bounds of every size hold, and the newest answer is always kept") {
    for (const std::size_t bound : {0U, 1U, 2U, 7U, 8U, 9U, 100U, 127U, 128U, 1000U}) {
        CAPTURE(bound);
        database db;
        for (int i = 0; i < 3000; ++i)
            db.rows["https://" + std::to_string(i) + ".example"] = allowed;
        const asked_origins origins{db.answering(), {.max_allowed = bound, .max_refused = bound}};
        for (const auto& row : db.rows) {
            (void)origins.wait({row.first});
            CHECK(origins.find({row.first}) == row.second);
        }
        CHECK(origins.counts().allowed <= std::max<std::size_t>(bound, 1));
        CHECK(origins.counts().allowed * 2 > bound);  // and most of the room is used
    }
}

TEST_CASE("most of what fits is remembered") {
    database db;
    const asked_origins origins{db.answering(), {.max_refused = 4096}};
    const auto origin = [](int i) { return "https://" + std::to_string(i) + ".example"; };
    for (int i = 0; i < 2048; ++i) (void)origins.wait({origin(i)});
    int known = 0;
    for (int i = 0; i < 2048; ++i) known += origins.find({origin(i)}) ? 1 : 0;
    CHECK(known > 2000);
}

}  // namespace
