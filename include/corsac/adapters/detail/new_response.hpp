// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_NEW_RESPONSE_HPP
#define CORSAC_ADAPTERS_DETAIL_NEW_RESPONSE_HPP

#include <corsac/request/header_access.hpp>

#include <string_view>

namespace corsac::inline v0_2_0::detail {

/// The phrase of a status that a decision may have.
[[nodiscard]] constexpr std::string_view reason_phrase(int status) noexcept {
    switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 403: return "Forbidden";
    default: return status < 300 ? "Success" : "Error";
    }
}

/// A response that the adapter has just made: nothing to replace in it, no `Vary` to merge with.
template <class Sink>
struct new_response {
    Sink sink;

    void add(std::string_view name, std::string_view value) {
        if constexpr (adds_fields<Sink>) {
            sink.add(name, value);
        } else {
            sink.set(name, value);
        }
    }
};

template <class Sink>
new_response(Sink) -> new_response<Sink>;

}  // namespace corsac::inline v0_2_0::detail

#endif
