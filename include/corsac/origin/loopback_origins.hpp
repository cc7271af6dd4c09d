// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_LOOPBACK_ORIGINS_HPP
#define CORSAC_ORIGIN_LOOPBACK_ORIGINS_HPP

#include <string_view>

namespace corsac::inline v0 {

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
    "http://localhost:*",  "https://localhost:*",  "http://*.localhost:*", "https://*.localhost:*",
    "http://localhost.:*", "https://localhost.:*", "http://127.0.0.0/8:*", "https://127.0.0.0/8:*",
    "http://[::1]:*",      "https://[::1]:*",
};

}  // namespace corsac::inline v0

#endif
