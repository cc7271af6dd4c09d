// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_LOOPBACK_ORIGINS_HPP
#define CORSAC_ORIGIN_LOOPBACK_ORIGINS_HPP

#include <string_view>

namespace corsac::inline v0_2_0 {

using std::string_view_literals::operator""sv;

/// Pages that run on the user's own machine, whatever they call it, on any port.
///
/// ```
/// if (development) options.allow_origins.append(corsac::loopback_origins);
/// ```
/// For development only: in production this trusts every program on the machine of every user. A
/// machine of the local network is an entry of its own: `http://192.168.0.0/16:*`.
///
/// Spec: https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
inline constexpr std::string_view loopback_origins[] = {
    "http://localhost:*"sv,    "https://localhost:*"sv,   "http://*.localhost:*"sv,
    "https://*.localhost:*"sv, "http://localhost.:*"sv,   "https://localhost.:*"sv,
    "http://127.0.0.0/8:*"sv,  "https://127.0.0.0/8:*"sv, "http://[::1]:*"sv,
    "https://[::1]:*"sv,
};

}  // namespace corsac::inline v0_2_0

#endif
