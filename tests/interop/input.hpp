// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_INTEROP_INPUT_HPP
#define CORSAC_TESTS_INTEROP_INPUT_HPP

#include <corsac/interop/document/document_view.hpp>

#include "interop/manifests.hpp"

#include <string>
#include <string_view>
#include <vector>

/// A document and what was said about it.
struct input {
    explicit input(const std::string& yaml) : documents(manifests::parse_yaml(yaml, problems)) {}

    [[nodiscard]] interop::document_view view() {
        return {&documents.at(0), "", "source", problems};
    }
    [[nodiscard]] bool says(std::string_view text) const {
        return said().find(text) != std::string::npos;
    }
    /// Every problem, one a line.
    [[nodiscard]] std::string said() const {
        std::string lines;
        for (const interop::manifest_problem& problem : problems) lines += problem.text() + '\n';
        return lines;
    }

    interop::manifest_problems problems;
    std::vector<interop::document> documents;
};

#endif
