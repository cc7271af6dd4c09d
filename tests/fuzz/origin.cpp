// SPDX-License-Identifier: MIT
#include "require.hpp"

#include "decision/oracle.hpp"

#include <corsac/origin/origin.hpp>

#include <ada.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The input is a text. It is a serialised origin exactly if a naive reading of the URL and Fetch
// standards says so; and Ada, the URL parser of Node, gives it back as it is.

namespace {

using fuzz::require;

/// What is decided here and not in the URL standard: hosts that are no names of DNS, which no page
/// has, and Punycode, which is taken as it stands.
bool is_beyond_dns(std::string_view host) {
    if (host.size() > corsac::max_host_length) return true;
    if (host.front() == '[') return false;
    if (host.front() == '.' || host.find("..") != host.npos) return true;
    constexpr std::string_view names = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    return host.find_first_not_of(names) != host.npos || host.find("xn--") != host.npos;
}

/// Whether a text is an origin of `http`, `https`, `ws`, `wss` or `ftp`, as Ada writes it.
/// Spec: https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin
bool is_serialized_by_ada(std::string_view text) {
    const auto url = ada::parse<ada::url_aggregator>(text);
    return url && url->get_origin() == text;
}

/// Whether a text is a URL of another scheme with nothing but a host and a port. The standard has
/// no origins of those; browsers send what they would be.
bool is_written_alike_by_ada(std::string_view text) {
    const auto url = ada::parse<ada::url_aggregator>(text);
    return url && url->get_href() == text && url->get_pathname().empty();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::view_of(data, size);
    const corsac::origin_parts parts = corsac::parse_serialized_origin(text);
    const std::optional<oracle::tuple_origin> expected = oracle::read_origin(std::string(text));
    require(static_cast<bool>(parts) == (expected && size <= corsac::max_origin_length),
            "an origin exactly if the oracle reads one");
    require(corsac::is_serialized_origin(text) == (parts || text == "null"), "or null");

    const std::string scheme(text.substr(0, text.find("://")));
    const bool special = !oracle::default_port(scheme).empty();
    if (!parts) {
        if (!special || !is_serialized_by_ada(text)) return 0;
        const auto url = ada::parse<ada::url_aggregator>(text);
        // Nobody listens on port 0.
        require(is_beyond_dns(url->get_hostname()) || url->get_port() == "0",
                "what Ada gives back is an origin");
        return 0;
    }
    const std::string_view host = text.substr(parts.host_begin, parts.host_end - parts.host_begin);
    const std::string_view port = text.substr(parts.host_end);
    require(scheme.size() + 3 == parts.host_begin && host == expected->host, "the host");
    require(port == (expected->port.empty() ? "" : ':' + expected->port), "the port");
    if (special) {
        require(is_beyond_dns(host) || is_serialized_by_ada(text), "Ada gives an origin back");
    } else if (scheme != "file") {
        require(is_written_alike_by_ada(text), "Ada reads a host of another scheme alike");
    }

    std::string name(host);
    if (!name.empty() && name.back() == '.') name.pop_back();
    const bool loopback = name == "localhost" || oracle::has_suffix(name, ".localhost") ||
                          name == "[::1]" ||
                          (oracle::has_prefix(name, "127.") && oracle::is_ipv4(name));
    require(corsac::is_loopback_host(host) == (loopback && name != ".localhost"), "this machine");
    const bool plain = scheme == "http" || scheme == "ws" || scheme == "ftp";
    require(corsac::is_insecure_origin(text) == (plain && !corsac::is_loopback_host(host)),
            "whether somebody on the way can rewrite it");
    return 0;
}
