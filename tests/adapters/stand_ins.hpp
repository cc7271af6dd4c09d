// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_ADAPTERS_STAND_INS_HPP
#define CORSAC_TESTS_ADAPTERS_STAND_INS_HPP

#include <corsac/corsac.hpp>

#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The adapters of the frameworks that no distribution packages, and of one that is newer than the
// packages, are tested on stand-ins that have the same members and the same habits. They keep the
// adapters compiling, without exceptions and RTTI too, where the real ones are absent, and show
// what needs a request that no client can send; the rest is shown by adapter_cases on the real
// ones. Here is what the tests of all of them need.

namespace stand_ins {

using fields = std::vector<std::pair<std::string, std::string>>;

inline const corsac::policy& policy() {
    static const auto built =
        corsac::make_policy({.allow_origins = {"https://app.example", "https://*.team.example"},
                             .allow_methods = {"PUT"},
                             .allow_headers = {"X-Custom-*"},
                             .allow_credentials = true});
    return *built;
}

inline const fields from_app{{"Origin", "https://app.example"}};
inline const fields from_team{{"Origin", "https://blue.team.example"}};
inline const fields from_evil{{"Origin", "https://evil.example"}};
inline const fields preflight{{"Origin", "https://app.example"},
                              {"Access-Control-Request-Method", "PUT"},
                              {"Access-Control-Request-Headers", "x-custom-a"}};

inline std::string lower(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return folded;
}

/// All values of one name, joined by `|`.
template <class Lines>
std::string values(const Lines& lines, std::string_view name) {
    std::string all;
    for (const auto& [n, v] : lines) {
        if (lower(n) == name) all.append(all.empty() ? "" : "|").append(v);
    }
    return all;
}

}  // namespace stand_ins

#endif
