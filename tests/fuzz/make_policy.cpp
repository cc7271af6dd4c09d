// SPDX-License-Identifier: MIT
#include "require.hpp"

#include <corsac/corsac.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// The input is a configuration: flags in the first line, then one entry a line, whose first
// character says which list it goes to. Whatever it is, it is refused with messages that can be
// printed, or it builds a policy that says the same again when it is read back.

namespace {

using fuzz::require;

void check(const corsac::config_errors& list, bool warnings) {
    for (const corsac::config_error& e : list) {
        require(corsac::is_warning(e.code()) == warnings, "errors and warnings are kept apart");
        require(!e.field().empty() && !e.advice().empty(), "a field and an advice");
        require(fuzz::is_one_line(e.message()), "a message is one line");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::view_of(data, size);
    const std::string_view flags = fuzz::next_line(rest);
    const auto has = [flags](char flag) { return flags.find(flag) != flags.npos; };
    corsac::policy_options options;
    options.allow_credentials = has('c');
    options.tolerate_forbidden_names = has('t');
    options.dangerously_allow_any_origin_with_credentials = has('a');
    options.dangerously_allow_insecure_origins_with_credentials = has('i');
    options.dangerously_allow_public_suffixes_with_credentials = has('p');
    options.dangerously_allow_null_origin_with_credentials = has('n');
    while (!rest.empty()) {
        const std::string_view line = fuzz::next_line(rest);
        if (line.empty()) continue;
        const std::string_view entry = line.substr(1);
        switch (line[0]) {
        case 'm': options.allow_methods.push_back(entry); break;
        case 'h': options.allow_headers.push_back(entry); break;
        case 'e': options.expose_headers.push_back(entry); break;
        default: options.allow_origins.push_back(entry);
        }
    }

    const auto built = corsac::make_policy(options);
    require(static_cast<bool>(built) == built.errors().empty(), "a policy or errors");
    check(built.errors(), false);
    check(built.warnings(), true);
    if (!built) return 0;

    const corsac::policy_options effective = built->options();
    const auto again = corsac::make_policy(effective);
    require(static_cast<bool>(again), "what is read back is sound");
    require(*again == *built, "what is read back is the same");
    require(again->options() == effective, "canonical once is canonical");
    for (const std::string_view entry : effective.allow_origins) {
        // A `*` is a wildcard, though hosts of schemes of their own may hold one.
        if (entry.find('*') != entry.npos) continue;
        require(built->origins().allows_any() ||
                    corsac::is_serialized_origin(entry) == built->allows_origin(entry),
                "an entry matches itself exactly if it is an origin");
    }
    return 0;
}
