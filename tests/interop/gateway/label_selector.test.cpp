// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/label_selector.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using interop::label_operator;
using interop::label_selector;
using interop::object_labels;

struct row {
    const char* about;
    const char* selector;
    object_labels labels;
    bool expected;
};

const object_labels web{{"app", "web"}, {"tier", "front"}};

}  // namespace

TEST_CASE("a selector means the objects that meet all of its requirements") {
    const row rows[] = {
        {"nothing is asked", "{}", web, true},
        {"nothing is asked, and there is nothing", "{}", {}, true},
        {"a label and its value", "{matchLabels: {app: web}}", web, true},
        {"another value", "{matchLabels: {app: api}}", web, false},
        {"a label that is not there", "{matchLabels: {zone: a}}", web, false},
        {"a value in another case", "{matchLabels: {app: Web}}", web, false},
        {"two labels", "{matchLabels: {app: web, tier: front}}", web, true},
        {"two labels, one of them another", "{matchLabels: {app: web, tier: back}}", web, false},
        {"one value of several",
         "{matchExpressions: [{key: app, operator: In, values: [api, web]}]}", web, true},
        {"none of several values", "{matchExpressions: [{key: app, operator: In, values: [a, b]}]}",
         web, false},
        {"in, without the label", "{matchExpressions: [{key: zone, operator: In, values: [a]}]}",
         web, false},
        {"not one of several", "{matchExpressions: [{key: app, operator: NotIn, values: [a, b]}]}",
         web, true},
        {"one of those that may not be",
         "{matchExpressions: [{key: app, operator: NotIn, values: [a, web]}]}", web, false},
        {"not in, without the label",
         "{matchExpressions: [{key: zone, operator: NotIn, values: [a]}]}", web, true},
        {"there", "{matchExpressions: [{key: app, operator: Exists}]}", web, true},
        {"there, which it is not", "{matchExpressions: [{key: zone, operator: Exists}]}", web,
         false},
        {"not there", "{matchExpressions: [{key: zone, operator: DoesNotExist}]}", web, true},
        {"not there, which it is", "{matchExpressions: [{key: app, operator: DoesNotExist}]}", web,
         false},
        {"labels and expressions together",
         "{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: DoesNotExist}]}", web,
         false},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        input in(r.selector);
        const label_selector selector = interop::detail::read_label_selector(in.view());
        CHECK(in.said().empty());
        CHECK(selector.matches(r.labels) == r.expected);
    }
}

struct mistake_row {
    const char* about;
    const char* expression;
    const char* said;
};

TEST_CASE("what is wrong with an expression is told") {
    const mistake_row rows[] = {
        {"an operator that is not there", "{key: a, operator: Is, values: [b]}",
         "error: source, matchExpressions[0].operator: must be In, NotIn, Exists or "
         "DoesNotExist\n"},
        {"In without values", "{key: a, operator: In}",
         "error: source, matchExpressions[0].values: must not be empty\n"},
        {"NotIn without values", "{key: a, operator: NotIn, values: []}",
         "error: source, matchExpressions[0].values: must not be empty\n"},
        {"Exists with values", "{key: a, operator: Exists, values: [b]}",
         "error: source, matchExpressions[0].values: must be empty\n"},
        {"DoesNotExist with values", "{key: a, operator: DoesNotExist, values: [b]}",
         "error: source, matchExpressions[0].values: must be empty\n"},
        {"a field that is not known", "{key: a, operator: Exists, value: b}",
         "warning: source, matchExpressions[0].value: is no field that is known here; it has no "
         "effect\n"},
        {"no map", "a", "error: source, matchExpressions[0]: must be a map, not a string (a)\n"},
    };
    for (const mistake_row& r : rows) {
        CAPTURE(r.about);
        input in("{matchExpressions: [" + std::string(r.expression) + "]}");
        (void)interop::detail::read_label_selector(in.view());
        CHECK(in.said() == r.said);
    }
}

TEST_CASE("labels are read as they are written") {
    input in("{app: web, version: 2, empty: ''}");
    CHECK(interop::detail::read_labels(in.view()) ==
          object_labels{{"app", "web"}, {"version", "2"}, {"empty", ""}});
    input none("[a]");
    CHECK(interop::detail::read_labels(none.view()).empty());
    CHECK(interop::detail::read_labels(none.view()["labels"]).empty());
}
