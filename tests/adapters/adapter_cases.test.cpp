// SPDX-License-Identifier: MIT

// Starts every server it is given, runs the table of cases.hpp against each, then prints the table
// of cases by frameworks and one line that says which frameworks ran and which were absent.
//
//   adapter_cases --server=NAME=PROGRAM[,VARIANT] … --absent=NAME … [--report=FILE]
//   adapter_cases --example=NAME=PROGRAM …

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "cases.hpp"
#include "framework_limits.hpp"
#include "server_process.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace adapter_tests;

struct server {
    std::string name;
    std::string program;
    std::vector<std::string> arguments;
};

struct settings {
    std::vector<server> servers{};
    std::vector<server> examples{};
    std::vector<std::string> absent{};
    std::string report{};
} given;

/// Runs the steps on one connection and returns the first complaint; empty if all is well.
std::string run(const std::vector<step>& steps, server_process& process) {
    try {
        http_client client(process.port());
        for (const step& s : steps) {
            const std::string wrong = complaint(s.gets, client.send(s.asks));
            if (!wrong.empty()) return s.asks.verb + ' ' + s.asks.path + ": " + wrong;
        }
        return {};
    } catch (const std::exception& e) {
        return std::string(e.what()) + (process.alive() ? "" : " (the server has died)");
    }
}

struct column {
    std::string name;
    std::vector<std::string> verdicts;
    std::size_t passed = 0;
    std::size_t limited = 0;
    std::size_t failed = 0;
};

void print_table(std::ostream& out, const std::vector<row>& rows,
                 const std::vector<column>& columns) {
    std::size_t width = 0;
    for (const row& r : rows) width = std::max(width, r.about.size());
    out << "\nCases by frameworks: ok = as a right server answers; a letter = the framework "
           "cannot, see"
           " below\n\n";
    out << std::string(width + 2, ' ');
    for (const column& c : columns) out << c.name << "  ";
    out << '\n';
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out << rows[i].about << std::string(width + 2 - rows[i].about.size(), ' ');
        for (const column& c : columns) {
            out << c.verdicts[i] << std::string(c.name.size() + 2 - c.verdicts[i].size(), ' ');
        }
        out << '\n';
    }
    out << '\n';
    char letter = 'a';
    for (const framework_limit& limit : framework_limits()) {
        out << letter++ << "  " << limit.framework << ": " << limit.why << '\n';
    }
}

TEST_CASE("every server answers every case as a right server does") {
    if (given.servers.empty()) return;
    const std::vector<row> rows = all_rows();
    std::vector<column> columns;
    for (const server& s : given.servers) {
        column& c = columns.emplace_back();
        c.name = s.name;
        INFO("server: ", s.name);
        server_process process(s.program, s.arguments);
        REQUIRE_MESSAGE(http_client(process.port()).reachable(std::chrono::seconds(10)), s.name,
                        " accepts no connection");
        for (const row& r : rows) {
            const std::string wrong = run(r.steps, process);
            const char limit = limit_letter(s.name, r.about);
            if (limit != '\0') {
                // The day a framework learns it, this fails: the entry and the README must go.
                CHECK_MESSAGE(!wrong.empty(), s.name, ": '", r.about, "' works by now");
                ++c.limited;
                c.verdicts.emplace_back(1, limit);
                continue;
            }
            CHECK_MESSAGE(wrong.empty(), s.name, ": ", r.about, ": ", wrong);
            ++(wrong.empty() ? c.passed : c.failed);
            c.verdicts.emplace_back(wrong.empty() ? "ok" : "FAIL");
        }
        CHECK_MESSAGE(process.alive(), s.name, " has died");
    }

    std::ostringstream out;
    print_table(out, rows, columns);
    out << "\nadapters: ran";
    for (const column& c : columns) {
        out << ' ' << c.name << " (" << c.passed << " ok, " << c.limited << " limits, " << c.failed
            << " failed)";
    }
    if (columns.empty()) out << " none";
    out << "; absent";
    for (const std::string& name : given.absent) out << ' ' << name;
    if (given.absent.empty()) out << " none";
    out << '\n';
    std::cout << out.str() << std::flush;
    if (!given.report.empty()) std::ofstream(given.report) << out.str();
}

/// The reply, if there is one: a server may hang up on what it cannot read.
std::optional<reply> try_to_ask(const server_process& process, const request& asks) {
    try {
        return http_client(process.port()).send(asks);
    } catch (const std::exception&) { return std::nullopt; }
}

void check_rows(const server& s, server_process& process) {
    for (const row& r : all_rows()) {
        if (limit_letter(s.name, r.about) != '\0') continue;
        CHECK_MESSAGE(run(r.steps, process).empty(), s.name, ": ", r.about);
    }
}

TEST_CASE("a table that is replaced all the time answers like one that is not") {
    for (const server& s : given.servers) {
        if (!s.arguments.empty()) continue;
        INFO("server: ", s.name);
        server_process process(s.program, {"live"});
        REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
        check_rows(s, process);
    }
}

TEST_CASE("a table governs as the router routes, however a path is spelt") {
    for (const server& s : given.servers) {
        if (!s.arguments.empty()) continue;
        INFO("server: ", s.name);
        server_process process(s.program, {"table"});
        REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
        check_rows(s, process);
        std::size_t reached = 0;
        for (const std::string& path : spellings("/admin")) {
            const auto got = try_to_ask(process, actual("GET", path, app_origin));
            if (!got || got->body != "admin") continue;
            ++reached;
            CHECK_MESSAGE(got->value("access-control-allow-origin") == "", s.name, ": ", path);
        }
        CHECK(reached > 0);
        MESSAGE(s.name, ": ", reached, " of ", spellings("/admin").size(), " spellings led to it");
        CHECK_MESSAGE(process.alive(), s.name, " has died");
    }
}

TEST_CASE("a server that asks a database about every origin answers like one that lists them") {
    for (const server& s : given.servers) {
        if (!s.arguments.empty()) continue;
        INFO("server: ", s.name);
        server_process process(s.program, {"asking"});
        REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
        check_rows(s, process);
        // One that says nothing, and one that breaks down: refused, and nobody hangs.
        for (const char* origin : {"https://silent.example", "https://broken.example"}) {
            INFO("origin: ", origin);
            CHECK(run({{actual("GET", "/get", origin), {.body = "get"}},
                       {preflight("/get", origin, "PUT"), denied()},
                       {actual("GET", "/get", app_origin), {.allow_origin = app_origin}}},
                      process) == "");
        }
        CHECK_MESSAGE(process.alive(), s.name, " has died");
    }
}

TEST_CASE(
    "where the choice of a policy throws, the answer is 500 without CORS, and the server lives") {
    for (const server& s : given.servers) {
        INFO("server: ", s.name);
        server_process process(s.program, s.arguments);
        REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
        const expectation failed{.status = {500}, .vary = {}};
        for (int twice = 0; twice < 2; ++twice) {
            for (const char* verb : {"GET", "POST"}) {
                CHECK(run({{actual(verb, "/throwing-policy", app_origin), failed}}, process) == "");
            }
            CHECK(run({{preflight("/throwing-policy", app_origin, "PUT"), failed}}, process) == "");
        }
        CHECK(run({{actual("GET", "/get", app_origin), {.allow_origin = app_origin}}}, process) ==
              "");
    }
}

TEST_CASE("for developers, a refused preflight of an allowed origin says why in its body") {
    for (const server& s : given.servers) {
        if (!s.arguments.empty()) continue;
        INFO("server: ", s.name);
        server_process process(s.program, {"debugging"});
        http_client client(process.port());
        REQUIRE(client.reachable(std::chrono::seconds(10)));
        const auto refused = client.send(preflight("/get", app_origin, "PATCH"));
        CHECK(refused.status == 200);
        CHECK(refused.value("access-control-allow-methods") == "GET, PUT, DELETE");
        CHECK(refused.value("x-cors-explanation").find("PATCH") != std::string::npos);
        // Oat++ has no name for a body that would not cost a header of its own.
        CHECK(refused.body == (s.name == "oatpp" ? "" : refused.value("x-cors-explanation")));
        CHECK(run({{preflight("/get", evil_origin, "PATCH"), denied()},
                   {preflight("/get", app_origin, "PUT"), granted()}},
                  process) == "");
    }
}

TEST_CASE("a request sees one policy from beginning to end, though the next one sees another") {
    for (const server& s : given.servers) {
        if (!s.arguments.empty() || !asks_once(s.name)) continue;
        INFO("server: ", s.name);
        server_process process(s.program, {"changing"});
        REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
        std::size_t open = 0, closed = 0;
        for (int i = 0; i < 30; ++i) {
            // In an order that shows both policies to both, however often a hook asks.
            const bool asks_before = i % 3 == 0 || i % 7 == 0;
            const auto asks = asks_before ? preflight("/get", app_origin, "PUT")
                                          : actual("GET", "/get", app_origin);
            const reply got = http_client(process.port()).send(asks);
            const expectation granting =
                asks_before ? granted() : expectation{.allow_origin = app_origin, .body = "get"};
            const std::string wrong = complaint(granting, got);
            const std::string not_refused = complaint(denied(), got);
            CHECK_MESSAGE((wrong.empty() || not_refused.empty()), wrong, " / ", not_refused);
            ++(wrong.empty() ? open : closed);
        }
        CHECK(open > 0);
        CHECK(closed > 0);
    }
}

std::vector<std::string> lines_of(const std::string& path) {
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

TEST_CASE("an observer sees every governed request once, and may throw") {
    const std::string name = "corsac_observed." + std::to_string(::getpid());
    const std::string path = (std::filesystem::temp_directory_path() / name).string();
    ::setenv("CORSAC_TEST_OBSERVED", path.c_str(), 1);
    for (const server& s : given.servers) {
        if (!s.arguments.empty()) continue;
        INFO("server: ", s.name);
        std::remove(path.c_str());
        server_process process(s.program, {"observed"});
        REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
        for (const row& r : all_rows()) {
            if (limit_letter(s.name, r.about) != '\0') continue;
            const std::size_t before = lines_of(path).size();
            CHECK_MESSAGE(run(r.steps, process).empty(), s.name, ": ", r.about);
            std::size_t governed = 0;
            for (const step& one : r.steps) {
                if (one.asks.path != "/ungoverned" && is_seen(s.name, one.asks)) ++governed;
            }
            CHECK_MESSAGE(lines_of(path).size() - before == governed, s.name, ": ", r.about);
        }
        CHECK_MESSAGE(process.alive(), s.name, " has died");
    }
    std::remove(path.c_str());
    ::unsetenv("CORSAC_TEST_OBSERVED");
}

void check_for_leaks(const std::vector<std::string>& variant) {
    for (const server& s : given.servers) {
        if (!variant.empty() && !s.arguments.empty()) continue;
        INFO("server: ", s.name);
        server_process process(s.program, variant.empty() ? s.arguments : variant);
        REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
        std::vector<std::string> wrong(4);
        std::vector<std::thread> browsers;
        for (std::size_t i = 0; i < wrong.size(); ++i) {
            browsers.emplace_back([&, i] {
                std::vector<step> steps;
                for (std::size_t n = 0; n < 40; ++n) {
                    const char* const origin = (n + i) % 3 == 0   ? app_origin
                                               : (n + i) % 3 == 1 ? team_origin
                                                                  : evil_origin;
                    const char* const path = n % 2 == 0 ? "/get" : "/cached";
                    expectation e;
                    if (origin != evil_origin) e.allow_origin = origin;
                    steps.push_back({actual("GET", path, origin), e});
                }
                wrong[i] = run(steps, process);
            });
        }
        for (std::thread& browser : browsers) browser.join();
        for (const std::string& complaint : wrong) CHECK(complaint == "");
    }
}

TEST_CASE("no origin leaks into another one's response, however many ask at once") {
    check_for_leaks({});
    check_for_leaks({"asking"});
}

TEST_CASE("a policy with mistakes keeps a server from listening") {
    ::setenv("CORSAC_TEST_BAD_POLICY", "1", 1);
    for (const server& s : given.servers) {
        INFO("server: ", s.name);
        CHECK_THROWS(server_process(s.program, s.arguments));
    }
    ::unsetenv("CORSAC_TEST_BAD_POLICY");
}

TEST_CASE("every example answers as a right server does") {
    for (const server& s : given.examples) {
        INFO("example: ", s.name);
        server_process process(s.program, s.arguments);
        REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
        for (const row& r : example_rows()) CHECK(run(r.steps, process) == "");
    }
}

TEST_CASE("traps: the framework does what the adapter's documentation warns of") {
    for (const trap& t : traps()) {
        for (const server& s : given.servers) {
            if (s.name != t.framework || !s.arguments.empty()) continue;
            INFO(s.name, " ", t.variant, ": ", t.about);
            try {
                server_process process(s.program, {t.variant});
                REQUIRE(http_client(process.port()).reachable(std::chrono::seconds(10)));
                CHECK(run(t.steps, process) == "");
            } catch (const server_process::variant_absent& absence) {
                MESSAGE(std::string(absence.what()));
            }
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    const auto value = [](std::string_view argument, std::string_view name) {
        return argument.starts_with(name) ? argument.substr(name.size()) : std::string_view{};
    };
    const auto parse = [](std::string_view text) {
        const std::size_t equals = text.find('=');
        const std::size_t comma = std::min(text.find(',', equals), text.size());
        server s{std::string(text.substr(0, equals)),
                 std::string(text.substr(equals + 1, comma - equals - 1)),
                 {}};
        if (comma != text.size()) s.arguments.emplace_back(text.substr(comma + 1));
        return s;
    };
    for (int i = 1; i < argc; ++i) {
        if (const auto text = value(argv[i], "--server="); !text.empty()) {
            given.servers.push_back(parse(text));
        } else if (const auto example = value(argv[i], "--example="); !example.empty()) {
            given.examples.push_back(parse(example));
        } else if (const auto name = value(argv[i], "--absent="); !name.empty()) {
            given.absent.emplace_back(name);
        } else if (const auto file = value(argv[i], "--report="); !file.empty()) {
            given.report = file;
        }
    }
    if (given.servers.empty() && given.examples.empty()) {
        std::cerr << "nothing to test: name a --server or an --example\n";
        return 2;
    }
    doctest::Context context(argc, argv);
    return context.run();
}
