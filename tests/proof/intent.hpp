// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_PROOF_INTENT_HPP
#define CORSAC_TESTS_PROOF_INTENT_HPP

#include <corsac/policy/policy_options.hpp>
#include <corsac/testing/messages.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// What the author of a policy meant, read from the options alone. This is the judge in the proof,
// so it shares no code with the library: it splits texts into lists and compares them one by one,
// slowly and in the plainest way.

namespace proof::intent {

using corsac::policy_options;
using texts = std::vector<std::string>;

[[nodiscard]] inline std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

[[nodiscard]] inline texts split(std::string_view text, char separator) {
    texts parts(1);
    for (const char c : text) {
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

[[nodiscard]] inline std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

[[nodiscard]] inline bool consists_of(std::string_view text, std::string_view alphabet) {
    return text.find_first_not_of(alphabet) == std::string_view::npos;
}

inline constexpr std::string_view digits = "0123456789";
inline constexpr std::string_view letters_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr std::string_view label_bytes = "abcdefghijklmnopqrstuvwxyz0123456789-";
inline constexpr std::string_view token_bytes =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

[[nodiscard]] inline bool is_token(std::string_view text) {
    return !text.empty() && consists_of(text, token_bytes);
}

/// Scheme, host and port as texts. A port that a browser leaves out is left out.
struct origin_text {
    std::string scheme{};
    std::string host{};
    std::string port{};
};

[[nodiscard]] inline origin_text take_apart(std::string_view text) {
    origin_text out;
    const std::size_t colon = text.find("://");
    out.scheme = std::string(text.substr(0, colon));
    std::string_view rest = text.substr(colon + 3);
    const std::size_t port = rest.find(':', rest.starts_with("[") ? rest.find(']') : 0);
    if (port != std::string_view::npos) out.port = std::string(rest.substr(port + 1));
    out.host = std::string(rest.substr(0, port));
    const bool is_default =
        (out.scheme == "https" && out.port == "443") || (out.scheme == "http" && out.port == "80");
    if (is_default) out.port.clear();
    return out;
}

[[nodiscard]] inline bool is_number_up_to(const std::string& text, int limit) {
    if (text.empty() || text.size() > 5 || !consists_of(text, digits)) return false;
    if (text.size() > 1 && text[0] == '0') return false;
    return std::stoi(text) <= limit;
}

[[nodiscard]] inline bool is_ipv4(const texts& labels) {
    return labels.size() == 4 && std::all_of(labels.begin(), labels.end(), [](const auto& label) {
               return is_number_up_to(label, 255);
           });
}

/// No reader of IPv6: the few addresses that the tests use, as browsers write them.
[[nodiscard]] inline bool is_known_ipv6(std::string_view host) {
    return host == "[::1]" || host == "[2001:db8::1]" || host == "[fe80::1:2]";
}

/// Whether hosts of a scheme are names and addresses; others are opaque, and keep their case.
[[nodiscard]] inline bool is_special(std::string_view scheme) {
    return scheme == "https" || scheme == "http" || scheme == "wss" || scheme == "ws" ||
           scheme == "ftp";
}

/// Whether a browser would ever send this as `Origin`.
[[nodiscard]] inline bool is_sent_by_browsers(std::string_view text) {
    if (text == "null") return true;
    if (text.find("://") == std::string_view::npos) return false;
    const origin_text parts = take_apart(text);
    const std::string port = parts.port.empty() ? "" : ":" + parts.port;
    if (parts.scheme + "://" + parts.host + port != text) return false;  // a default port
    if (!port.empty() && (!is_number_up_to(parts.port, 65535) || parts.port == "0")) return false;
    if (parts.scheme.empty() || !consists_of(parts.scheme.substr(0, 1), label_bytes.substr(0, 26)))
        return false;
    if (!consists_of(parts.scheme, std::string(letters_and_digits) + "+-.")) return false;
    if (parts.host.starts_with("[")) return is_known_ipv6(parts.host);
    if (parts.host.size() > 253) return false;
    if (!is_special(parts.scheme)) {
        return std::all_of(parts.host.begin(), parts.host.end(), [](char c) {
            return c > ' ' && c < '\x7f' &&
                   std::string_view{"#/:<>?@[\\]^|"}.find(c) == std::string_view::npos;
        });
    }
    if (parts.host.empty()) return false;
    texts labels = split(parts.host, '.');
    const bool trailing_dot = labels.size() > 1 && labels.back().empty();
    if (trailing_dot) labels.pop_back();
    for (const std::string& label : labels) {
        if (label.empty() || !consists_of(label, std::string(label_bytes) + "_")) return false;
    }
    const std::string& last = labels.back();
    const bool hexadecimal =
        last.starts_with("0x") && consists_of(last.substr(2), std::string(digits) + "abcdef");
    if (hexadecimal || consists_of(last, digits)) return !trailing_dot && is_ipv4(labels);
    return true;
}

/// Whether `*` in a label stands for the rest of another label.
[[nodiscard]] inline bool label_fits(std::string_view pattern, std::string_view label) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == label;
    const std::string_view before = pattern.substr(0, star);
    const std::string_view after = pattern.substr(star + 1);
    if (label.size() <= before.size() + after.size()) return false;
    const std::string_view middle =
        label.substr(before.size(), label.size() - before.size() - after.size());
    return label.starts_with(before) && label.ends_with(after) && consists_of(middle, label_bytes);
}

[[nodiscard]] inline bool host_fits(const std::string& pattern, const std::string& host) {
    if (pattern == "*") return true;
    if (pattern.find('*') == std::string::npos) return pattern == host;
    texts wanted = split(pattern, '.');
    texts found = split(host, '.');
    if (wanted.front() == "*") {
        // One or more labels; what follows them is compared from the end.
        wanted.erase(wanted.begin());
        if (found.size() <= wanted.size()) return false;
        found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(wanted.size()));
    }
    if (wanted.size() != found.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!label_fits(wanted[i], found[i])) return false;
    }
    return true;
}

/// Whether one entry of `allow_origins` names an origin that a browser sent.
[[nodiscard]] inline bool names_origin(std::string_view written, std::string_view origin) {
    if (written == "*") return true;
    if (written == "null" || origin == "null") return written == origin;
    const std::string scheme = lower(written.substr(0, written.find("://")));
    const origin_text wanted = take_apart(
        is_special(scheme) ? lower(written) : scheme + std::string(written.substr(scheme.size())));
    const origin_text found = take_apart(origin);
    return wanted.scheme == found.scheme && (wanted.port == "*" || wanted.port == found.port) &&
           host_fits(wanted.host, found.host);
}

/// Whether `*` is sent as it is to whoever asks, so that it does not matter who that is.
[[nodiscard]] inline bool is_for_everybody(const policy_options& options) {
    if (options.allow_credentials) return false;
    for (const std::string_view entry : options.allow_origins) {
        if (entry == "*") return true;
    }
    return false;
}

[[nodiscard]] inline bool allows_origin(const policy_options& options, std::string_view origin) {
    if (is_for_everybody(options)) return true;
    if (!is_sent_by_browsers(origin)) return false;
    for (const std::string_view entry : options.allow_origins) {
        if (names_origin(entry, origin)) return true;
    }
    return false;
}

[[nodiscard]] inline bool needs_no_permission(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "POST";
}

[[nodiscard]] inline bool allows_method(const policy_options& options, std::string_view method) {
    if (needs_no_permission(method)) return true;
    for (const std::string_view listed : options.allow_methods) {
        if (listed == "*" || listed == method) return true;
    }
    return false;
}

[[nodiscard]] inline bool allows_header(const policy_options& options, std::string_view requested) {
    const std::string name = lower(requested);
    // Nobody means a header of that name, and an answer that lists it says more than that.
    if (name == "*") return false;
    for (const std::string_view written : options.allow_headers) {
        const std::string listed = lower(written);
        if (listed == name) return true;
        if (!listed.ends_with('*') || name == "authorization") continue;
        const std::string prefix = listed.substr(0, listed.size() - 1);
        if (name.starts_with(prefix) && name.size() > prefix.size()) return true;
    }
    return false;
}

/// What a script asks its browser to do, as far as a policy has a say in it.
struct wish {
    std::string_view origin{};
    /// As sent: `put` is `PUT`.
    std::string_view method{};
    /// The names that need permission.
    std::vector<std::string_view> headers{};
    bool with_credentials = false;
    /// Whether the browser asks before it sends.
    bool preflighted = false;
};

/// Whether the policy means to let a page do this.
[[nodiscard]] inline bool permits(const policy_options& options, const wish& w) {
    if (!allows_origin(options, w.origin)) return false;
    if (w.with_credentials && !options.allow_credentials) return false;
    // refuse_credentials makes no difference here: browsers hide such a response either way.
    if (!w.preflighted) return true;
    return allows_method(options, w.method) &&
           std::all_of(w.headers.begin(), w.headers.end(),
                       [&](std::string_view name) { return allows_header(options, name); });
}

/// Whether a script may read a response header.
[[nodiscard]] inline bool exposes(const policy_options& options, std::string_view response_header,
                                  bool with_credentials) {
    const std::string name = lower(response_header);
    if (name == "set-cookie") return false;
    if (name == "content-type") return true;
    for (const std::string_view listed : options.expose_headers) {
        if (lower(listed) == name || (listed == "*" && !with_credentials)) return true;
    }
    return false;
}

/// What a server that only sees one request must refuse.
enum class refusal {
    none,
    /// The origin: nothing may be shared with it.
    origin,
    /// The method or a header name that a preflight asks for.
    question,
};

[[nodiscard]] inline refusal refuses(const policy_options& options,
                                     const corsac::testing::request& r) {
    texts origins;
    texts methods;
    texts names;
    for (const corsac::testing::header& h : r.headers) {
        const std::string name = lower(h.name);
        if (name == "origin") origins.push_back(trimmed(h.value));
        if (name == "access-control-request-method") methods.push_back(trimmed(h.value));
        if (name != "access-control-request-headers") continue;
        for (const std::string& element : split(h.value, ',')) names.push_back(trimmed(element));
    }
    if (origins.empty()) return refusal::none;
    if (origins.size() > 1 || !allows_origin(options, origins[0])) return refusal::origin;
    if (r.method != "OPTIONS" || methods.empty() || methods[0].empty()) return refusal::none;
    if (methods.size() > 1 || !is_token(methods[0]) || !allows_method(options, methods[0])) {
        return refusal::question;
    }
    for (const std::string& name : names) {
        if (name.empty()) continue;
        if (!is_token(name) || !allows_header(options, name)) return refusal::question;
    }
    return refusal::none;
}

}  // namespace proof::intent

#endif
