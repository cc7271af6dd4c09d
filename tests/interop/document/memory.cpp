// SPDX-License-Identifier: MIT
// Reads texts of some megabytes, and texts that are made to take memory, and counts it: none may
// take more than 20 times its size, or than that of the longest text that is read.
#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/yaml_events.hpp>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <new>
#include <string>
#include <string_view>

#include <malloc.h>

namespace {

std::size_t in_use = 0, peak = 0;

void* take(std::size_t size) {
    void* const at = std::malloc(size);
    if (at == nullptr) std::abort();
    in_use += malloc_usable_size(at);
    peak = std::max(peak, in_use);
    return at;
}

std::string repeated(std::string_view one, std::size_t size) {
    std::string text;
    while (text.size() < size) text += one;
    return text;
}

}  // namespace

void* operator new(std::size_t size) { return take(size); }
void operator delete(void* at) noexcept {
    in_use -= malloc_usable_size(at);
    std::free(at);
}
void operator delete(void* at, std::size_t) noexcept { operator delete(at); }

int main() {
    constexpr std::size_t size = std::size_t{6} << 20;
    constexpr std::string_view route =
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r0, "
        "namespace: n}\nspec:\n  hostnames: [h0.example]\n  rules:\n  - matches: [{path: {value: "
        "/p0}}]\n    filters: [{type: CORS, cors: {allowOrigins: [https://a0.example], "
        "allowCredentials: true}}]\n    backendRefs: [{name: s, port: 80}]\n";
    std::string deep_anchors, laughs = "a0: &a0 [x, x, x, x, x, x, x, x]\n";
    for (int i = 0; i < 60; ++i) deep_anchors += "&a" + std::to_string(i) + " [";
    deep_anchors = "a: " + deep_anchors + repeated("1,", 400000);
    deep_anchors += std::string(60, ']') + "\n";
    for (int i = 1; i < 10; ++i) {
        const std::string inner = "*a" + std::to_string(i - 1);
        laughs += 'a' + std::to_string(i) + ": &a" + std::to_string(i) + " [" + inner;
        for (int k = 1; k < 8; ++k) laughs += ", " + inner;
        laughs += "]\n";
    }
    const struct {
        const char* about;
        std::string text;
        std::size_t limit;  ///< bytes of memory
    } rows[] = {
        {"routes of one rule", repeated(route, 3 << 20), 20 * (std::size_t{3} << 20)},
        {"more of them than are read", repeated(route, size), 20 * size},
        {"one list in brackets", '[' + repeated("1,", size) + ']', 20 * size},
        {"one in lines", repeated("- 1\n", size), 20 * size},
        {"a document each line", repeated("--- 1\n", size), 20 * size},
        {"empty lists", '[' + repeated("[],", size) + ']', 20 * size},
        {"one text", "a: \"" + repeated("x", size) + '"', 20 * size},
        {"a long list in brackets that is short enough", '[' + repeated("1,", 500000) + ']',
         20 * corsac::interop::max_manifest_size},
        {"anchors in each other", deep_anchors, 20 * corsac::interop::max_manifest_size},
        {"aliases of aliases", laughs, 20 * corsac::interop::max_manifest_size},
    };
    int wrong = 0;
    for (const auto& row : rows) {
        const std::size_t before = in_use;
        peak = in_use;
        corsac::interop::manifest_problems problems;
        try {
            (void)corsac::interop::read_yaml<YAML::Parser, YAML::EventHandler>(row.text, problems);
        } catch (const YAML::Exception&) { /* ends in the middle, as it was refused */
        }
        const std::size_t taken = peak - before;
        std::cout << row.about << ": " << (row.text.size() >> 10) << " KiB take " << (taken >> 10)
                  << " KiB" << (problems.errors() == 0 ? "" : ", refused") << '\n';
        if (taken > row.limit) {
            ++wrong;
            std::cout << "WRONG: more than " << (row.limit >> 10) << " KiB\n";
        }
    }
    return wrong == 0 ? 0 : 1;
}
