// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_WAYS_ORIGINS_HPP
#define CORSAC_BENCH_WAYS_ORIGINS_HPP

#include <cstddef>
#include <functional>
#include <regex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

// How one would look an origin up without corsac: in a hash set, or by a regular expression.

namespace bench {

struct text_hash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>{}(text);
    }
};

using text_set = std::unordered_set<std::string, text_hash, std::equal_to<>>;

/// Exact origins, and the subdomains of others: `https://*.example.com`.
class origin_hash_set {
public:
    explicit origin_hash_set(const std::vector<std::string>& entries) {
        for (const std::string& entry : entries) {
            if (entry.starts_with("https://*.")) {
                suffixes_.insert(entry.substr(9));
            } else {
                exact_.insert(entry);
            }
        }
    }

    [[nodiscard]] bool allows(std::string_view origin) const {
        if (!exact_.empty() && exact_.contains(origin)) return true;
        if (suffixes_.empty() || !origin.starts_with("https://")) return false;
        for (std::size_t dot = origin.find('.', 9); dot != origin.npos;
             dot = origin.find('.', dot + 1)) {
            if (suffixes_.contains(origin.substr(dot))) return true;
        }
        return false;
    }

private:
    text_set exact_;
    text_set suffixes_;
};

/// One expression for all entries.
class origin_regex {
public:
    explicit origin_regex(const std::vector<std::string>& entries)
        : expression_(join(entries), std::regex::ECMAScript | std::regex::optimize) {}

    [[nodiscard]] bool allows(std::string_view origin) const {
        return std::regex_match(origin.begin(), origin.end(), expression_);
    }

private:
    [[nodiscard]] static std::string join(const std::vector<std::string>& entries) {
        const bool subdomains = entries.front().starts_with("https://*.");
        std::string all = subdomains ? R"(https://([a-z0-9-]+\.)+()" : "https://(";
        for (const std::string& entry : entries) {
            if (all.back() != '(') all += '|';
            for (const char c : std::string_view{entry}.substr(subdomains ? 10 : 8)) {
                if (c == '.') all += '\\';
                all += c;
            }
        }
        return all + ')';
    }

    std::regex expression_;
};

}  // namespace bench

#endif
