// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_ROUTE_MATCH_HPP
#define CORSAC_TABLE_ROUTE_MATCH_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/request/classify.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace corsac::inline v0_2_0 {

/// How a match compares the path.
enum class path_kind : std::uint8_t {
    exact,       ///< the whole path, byte for byte
    expression,  ///< what the match's `guard` accepts; `path` is for people, the longest tried
                 ///< first
    prefix,      ///< whole elements: `/foo` covers `/foo`, `/foo/` and `/foo/bar`, not `/foobar`
};

/// The listener of requests for which it does not matter.
inline constexpr std::uint32_t any_listener = static_cast<std::uint32_t>(-1);

/// What a rule is chosen by.
///
/// The path is compared as it stands: pass the one that the server itself routes by, after what
/// decoding and normalising it does, or a policy can be dodged by spelling a path differently.
struct route_request {
    std::string_view host{};                ///< the `Host` field; a port counts for nothing
    std::string_view path{};                ///< without query
    std::string_view query{};               ///< without `?`
    std::string_view method{};              ///< for a preflight the method that it asks for
    std::uint32_t listener = any_listener;  ///< `listener_id` as a number
    bool several_hosts = false;             ///< there are more `Host` fields, so nobody knows
};

/// Reads the fields of a request by name, whatever holds them. Borrows that.
class field_reader {
public:
    /// @param fields  See `policy_table::find`.
    template <class Fields>
    explicit constexpr field_reader(const Fields& fields) noexcept
        : fields_(&fields), read_([](const void* from, std::string_view name) noexcept {
              return std::string_view((*static_cast<const Fields*>(from))(name));
          }) {}

    /// The first value; a null view if there is none.
    [[nodiscard]] std::string_view operator()(std::string_view name) const noexcept {
        return read_(fields_, name);
    }

private:
    const void* fields_;
    std::string_view (*read_)(const void*, std::string_view) noexcept;
};

/// What a match asks of a request beyond texts that are equal: regular expressions, as a rule.
/// Copies share it.
class match_guard {
public:
    match_guard() = default;
    /// @param accepts  Called as `accepts(const route_request&, field_reader)` by any number of
    ///                 threads; must not throw.
    template <class F>
        requires std::is_invocable_r_v<bool, const F&, const route_request&, field_reader>
    explicit match_guard(F accepts)
        : state_(std::make_shared<const F>(std::move(accepts))),
          accepts_([](const void* state, const route_request& request,
                      field_reader fields) noexcept -> bool {
              return (*static_cast<const F*>(state))(request, fields);
          }) {}

    [[nodiscard]] explicit operator bool() const noexcept { return accepts_ != nullptr; }
    [[nodiscard]] bool operator()(const route_request& request,
                                  field_reader fields) const noexcept {
        return accepts_(state_.get(), request, fields);
    }

private:
    std::shared_ptr<const void> state_;
    bool (*accepts_)(const void*, const route_request&, field_reader) noexcept = nullptr;
};

/// One condition under which a rule applies; a rule with several applies if one of them holds.
///
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch
struct route_match {
    path_kind kind = path_kind::prefix;
    std::string_view path = "/";
    std::string_view method{};  ///< empty: every method
    text_list headers{};        ///< all of them must be there: `X-Tenant: a`
    text_list query{};          ///< all of them must be there: `version=2`
    match_guard guard{};        ///< what is asked beyond that; always, of `path_kind::expression`
    std::uint32_t guarded_headers = 0;  ///< headers that it looks at: they count for precedence
    std::uint32_t guarded_query = 0;    ///< query parameters, likewise
};

namespace detail {

/// The host of a `Host` field: no port, no trailing dot.
[[nodiscard]] constexpr std::string_view host_of(std::string_view field) noexcept {
    std::size_t end = field.size();
    if (!field.empty() && field.front() == '[') {
        const std::size_t bracket = field.find(']');
        if (bracket != field.npos) end = bracket + 1;
    } else if (const std::size_t colon = field.find(':'); colon != field.npos) {
        end = colon;
    }
    if (end > 1 && field[end - 1] == '.') --end;
    return field.substr(0, end);
}

/// The first value of a query parameter, as it stands; a null view if it is not there.
[[nodiscard]] constexpr std::string_view query_value(std::string_view query,
                                                     std::string_view name) noexcept {
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query = end == query.npos ? std::string_view{} : query.substr(end + 1);
        const std::size_t equals = pair.find('=');
        if (pair.substr(0, equals) != name) continue;
        return equals == pair.npos ? pair.substr(pair.size()) : pair.substr(equals + 1);
    }
    return {};
}

/// The look-up of requests whose headers are unknown: none is there.
struct no_fields {
    [[nodiscard]] constexpr std::string_view operator()(std::string_view) const noexcept {
        return {};
    }
};

/// The first value of a field of a request; a null view if it is not there.
template <request_view R>
struct field_lookup {
    const R& request;

    [[nodiscard]] constexpr std::string_view operator()(std::string_view name) const {
        if constexpr (visits_fields<R>) {
            std::string_view found;
            request.visit([&](std::string_view candidate, std::string_view value) {
                if (found.data() != nullptr || !equals_ignore_case(candidate, name)) return;
                found = value.data() == nullptr ? std::string_view{""} : value;
            });
            return found;
        } else {
            return request.first(name);
        }
    }
};

}  // namespace detail

/// What a rule is chosen by, from what `read_facts` read: a preflight counts as a request of the
/// method that it asks for, so rules need not list OPTIONS.
///
/// @param target  The request target, in origin form (`/path?query`) or absolute form.
[[nodiscard]] constexpr route_request make_route_request(const request_facts& facts,
                                                         std::string_view target) noexcept {
    route_request request{
        .host = facts.host, .method = facts.method, .several_hosts = facts.several_hosts};
    if (classify(facts) == request_kind::preflight) request.method = facts.requested_method;
    if (const std::size_t scheme = target.find("://");
        !target.empty() && target.front() != '/' && scheme != target.npos) {
        // RFC 9112, 3.2.2: the host of an absolute form counts, not that of the Host field.
        const std::string_view rest = target.substr(scheme + 3);
        const std::size_t end = rest.find_first_of("/?#");
        request.host = rest.substr(0, end);
        target = end == rest.npos ? std::string_view{"/"} : rest.substr(end);
    }
    target = target.substr(0, target.find('#'));
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    if (question != target.npos) request.query = target.substr(question + 1);
    return request;
}

}  // namespace corsac::inline v0_2_0

#endif
