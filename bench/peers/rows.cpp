// SPDX-License-Identifier: MIT
#include "../rows.hpp"

#include <cstdio>
#include <string>
#include <string_view>

// The rows as JSON, for the table and for the programs in other languages. No text in them needs
// escaping.

namespace {

template <class Texts, class Write>
std::string list(const Texts& texts, const Write& write) {
    std::string all;
    for (const auto& text : texts) all.append(all.empty() ? "" : ", ").append(write(text));
    return '[' + all + ']';
}

std::string quoted(std::string_view text) { return '"' + std::string{text} + '"'; }

std::string object(const bench::row& row) {
    const auto request = bench::request_of<bench::views>(row);
    const auto truth = [](bool value) { return value ? "true" : "false"; };
    return R"({"name": )" + quoted(row.name) + R"(, "about": )" + quoted(row.about) +
           R"(, "beside": )" + quoted(row.beside == nullptr ? "" : row.beside) + R"(, "common": )" +
           truth(bench::is_common(row.who)) + R"(, "entries": )" +
           list(bench::entries_of(row.who), quoted) + R"(, "granted": )" + truth(row.granted) +
           R"(, "method": )" + quoted(request.verb) + R"(, "lines": )" +
           list(request.lines,
                [](const auto& line) {
                    return '[' + quoted(line.name) + ", " + quoted(line.value) + ']';
                }) +
           "}";
}

}  // namespace

int main() {
    std::printf(R"({"methods": %s, "headers": %s, "exposed": "%s", "max_age": %s, "rows": %s})"
                "\n",
                list(bench::methods, quoted).c_str(), list(bench::headers, quoted).c_str(),
                bench::exposed.data(), bench::max_age.data(), list(bench::rows(), object).c_str());
}
