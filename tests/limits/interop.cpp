// SPDX-License-Identifier: MIT

// As core.cpp, for manifests and their matchers.

#include <corsac/interop/document/document_reader.hpp>
#include <corsac/interop/document/nlohmann_json.hpp>
#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/filter_policy.hpp>
#include <corsac/interop/matchers/expression_proof.hpp>
#include <corsac/interop/matchers/string_matcher_set.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace interop = corsac::interop;
using nlohmann::ordered_json;

static_assert(interop::max_document_depth < 64, "the headers as they are, not those of shrink.py");

/// What one document may have so much of, and how what has more is refused.
struct document_row {
    const char* about;
    std::size_t bound;
    ordered_json (*made)(std::size_t size);
    std::string_view refusal;
};

const document_row document_rows[] = {
    {"lists in lists", interop::max_document_depth,
     [](std::size_t depth) {
         ordered_json made = ordered_json::array();
         for (std::size_t i = 1; i < depth; ++i) made = ordered_json::array({made});
         return made;
     },
     "lists and maps"},
    {"values", interop::max_document_nodes,
     [](std::size_t count) {
         ordered_json made = ordered_json::array();
         for (std::size_t i = 1; i < count; ++i) made.push_back(1);
         return made;
     },
     "the input has more"},
    {"keys of a map", interop::max_document_keys,
     [](std::size_t count) {
         ordered_json made;
         for (std::size_t i = 0; i < count; ++i) made["k" + std::to_string(i)] = 1;
         return made;
     },
     "a map has more"},
    {"bytes of keys and values", interop::max_document_bytes,
     [](std::size_t size) { return ordered_json{{"key", std::string(size - 3, 'a')}}; },
     "the input's keys"},
};

TEST_CASE("a document may reach its bounds, and one more is refused") {
    for (const document_row& r : document_rows) {
        CAPTURE(r.about);
        const auto refusal_of = [&](std::size_t size) {
            interop::manifest_problems problems;
            interop::document_reader reader(problems);
            (void)reader.read(interop::json_node{r.made(size)});
            return problems.empty() ? std::string{} : problems.begin()->message;
        };
        CHECK(refusal_of(r.bound).empty());
        CHECK(refusal_of(r.bound + 1).starts_with(r.refusal));
    }
}

TEST_CASE("an input may reach its size") {
    interop::manifest_problems problems;
    CHECK(interop::accepts_size(interop::max_manifest_size, problems));
    CHECK(problems.empty());
    CHECK_FALSE(interop::accepts_size(interop::max_manifest_size + 1, problems));
    CHECK(problems.errors() == 1);
}

TEST_CASE("problems are kept up to their bound, and shown up to theirs") {
    interop::manifest_problems problems;
    const std::string fits(interop::max_problem_text, 'a');
    for (std::size_t i = 0; i < interop::max_manifest_problems; ++i) {
        problems.error("o", "p", i == 0 ? fits : fits + "a");
    }
    CHECK(problems.omitted() == 0);
    CHECK(problems.begin()->message == fits);
    CHECK((problems.begin() + 1)->message == fits + "…");
    problems.error("o", "p", "one more");
    CHECK(problems.omitted() == 1);
    CHECK(problems.errors() == interop::max_manifest_problems + 1);
}

TEST_CASE("matchers may be as many and as long as their bounds") {
    const auto codes_of = [](std::size_t count, std::size_t size) {
        std::vector<interop::string_matcher> matchers;
        for (std::size_t i = 0; i < count; ++i) {
            matchers.push_back(
                {interop::string_matcher::form::exact, std::string(size, 'a'), false, {}});
        }
        std::vector<corsac::config_code> codes;
        const auto made = interop::make_string_matcher_set(std::move(matchers));
        for (const corsac::config_error& e : made.errors()) codes.push_back(e.code());
        return codes;
    };
    using enum corsac::config_code;
    using codes = std::vector<corsac::config_code>;
    CHECK(codes_of(interop::max_string_matchers, 1).empty());
    CHECK(codes_of(interop::max_string_matchers + 1, 1) == codes{matchers_too_many});
    CHECK(codes_of(1, interop::max_matcher_length).empty());
    CHECK(codes_of(1, interop::max_matcher_length + 1) == codes{matcher_malformed});

    const auto engine = [](std::string_view) { return interop::compiled_regex{}; };
    const auto error_of = [&](std::size_t size) {
        return interop::make_regex_matcher(std::string(size, 'a'), engine).regex.error;
    };
    CHECK(error_of(interop::max_matcher_length).empty());
    CHECK(error_of(interop::max_matcher_length + 1).starts_with("is longer than"));
}

TEST_CASE("groups of an expression may be nested up to their bound") {
    const auto is_proved = [](std::size_t depth) {
        const std::string expression = std::string(depth, '(') + "null" + std::string(depth, ')');
        return interop::prove_expression(expression).gap == interop::proof_gap::none;
    };
    CHECK(is_proved(interop::detail::max_expression_depth));
    CHECK_FALSE(is_proved(interop::detail::max_expression_depth + 1));
}

TEST_CASE("a filter may list names up to their bound") {
    const auto errors_of = [](std::size_t count) {
        interop::cors_filter filter{.allow_origins = {"https://a.example"}};
        filter.allow_methods = {"PUT"};
        filter.expose_headers = {"X-B"};
        while (filter.allow_headers.size() + 2 < count) {
            filter.allow_headers.push_back("X-" + std::to_string(filter.allow_headers.size()));
        }
        interop::manifest_problems problems;
        (void)interop::make_filter_policy(filter, interop::gateway_profile::gateway_api, "o", "p",
                                          problems);
        return problems.errors();
    };
    CHECK(errors_of(interop::detail::max_filter_names) == 0);
    CHECK(errors_of(interop::detail::max_filter_names + 1) == 1);
}

}  // namespace
