// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_ENVOY_CASE_HPP
#define CORSAC_TESTS_ENVOY_CASE_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/request/header_access.hpp>

#include <map>
#include <string>
#include <string_view>

// What the programs that print cases share.

namespace interop = corsac::interop;

namespace envoy_cases {

using headers = std::map<std::string, std::string>;

struct sink {
    headers& fields;
    void set(std::string_view name, std::string_view value) { fields[std::string(name)] = value; }
    void erase(std::string_view name) { fields.erase(std::string(name)); }
    void vary(std::string_view token) {
        std::string& field = fields["vary"];
        field += (field.empty() ? "" : ", ") + std::string(token);
    }
};

inline interop::document to_map(const headers& fields) {
    interop::document map = interop::document::map();
    for (const auto& [name, value] : fields)
        map.set(name, interop::document(std::string_view(value)));
    return map;
}

struct request {
    std::string method = "GET";
    headers fields{};
    headers upstream{};  ///< what the application answers beside its own

    [[nodiscard]] corsac::request_facts facts() const {
        corsac::request_facts facts;
        facts.method = method;
        for (const auto& [name, value] : fields) facts.add(name, value);
        return facts;
    }
};

}  // namespace envoy_cases

#endif
