// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_MICROHTTPD_HPP
#define CORSAC_ADAPTERS_MICROHTTPD_HPP

// Tested in tests/adapters/adapter_cases.test.cpp.

// GNU libmicrohttpd 0.9.71 and later. Its C interface leaves nothing to templates, so this header
// includes <microhttpd.h>; where there is none it is empty.

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/header_map.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/request/header_access.hpp>

#if __has_include(<microhttpd.h>)
#include <microhttpd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace corsac::inline v0_2_0 {

/// A request of libmicrohttpd as a `request_view`.
struct mhd_request {
    MHD_Connection* connection;
    const char* url;
    const char* verb;

    [[nodiscard]] std::string_view method() const noexcept { return verb; }
    template <class F>
    void visit(F&& f) const {
        using function = std::remove_reference_t<F>;
        const auto each = [](void* self, MHD_ValueKind, const char* name, std::size_t name_size,
                             const char* value, std::size_t value_size) {
            const std::string_view text =
                value == nullptr ? std::string_view{} : std::string_view{value, value_size};
            (*static_cast<function*>(self))(std::string_view{name, name_size}, text);
            return MHD_YES;
        };
        MHD_get_connection_values_n(connection, MHD_HEADER_KIND, each, std::addressof(f));
    }
    /// What handlers get: percent-decoded, without the query.
    [[nodiscard]] std::string_view path() const noexcept { return url; }
};

/// A response of libmicrohttpd as a `response_sink`.
///
/// It must belong to one request alone. A response that several connections share, which
/// libmicrohttpd allows, has one set of headers for all of them: whichever origin came last.
struct mhd_response {
    MHD_Response* response;

    void add(std::string_view name, std::string_view value) {
        MHD_add_response_header(response, name.data(), std::string{value}.c_str());
    }
    void erase_prefix(std::string_view prefix) {
        struct search {
            std::string_view prefix;
            std::string name;
            std::string value;
        } wanted{prefix, {}, {}};
        const auto each = [](void* self, MHD_ValueKind, const char* name, const char* value) {
            auto& state = *static_cast<search*>(self);
            if (value == nullptr || !detail::field_begins_with(name, state.prefix)) return MHD_YES;
            state.name = name;
            state.value = value;
            return MHD_NO;
        };
        for (;;) {
            // One at a time, since deleting ends the iteration; it wants the name as it was
            // written.
            wanted.name.clear();
            MHD_get_response_headers(response, each, &wanted);
            if (wanted.name.empty()) return;
            if (MHD_del_response_header(response, wanted.name.c_str(), wanted.value.c_str()) !=
                MHD_YES) {
                return;
            }
        }
    }
    void vary(std::string_view token) {
        struct search {
            std::string_view token;
            bool found;
        } wanted{token, false};
        const auto each = [](void* self, MHD_ValueKind, const char* name, const char* value) {
            auto& state = *static_cast<search*>(self);
            if (value != nullptr && detail::equals_ignore_case(name, field::vary)) {
                state.found = state.found || vary_covers(value, state.token);
            }
            return MHD_YES;
        };
        MHD_get_response_headers(response, each, &wanted);
        if (!wanted.found) add(field::vary, token);
    }
};

/// Queues a response with the headers of a decision. Use it for every response, errors too.
///
/// @param response  Made for this request; see `mhd_response`. Still the caller's to destroy.
[[nodiscard]] inline MHD_Result mhd_queue(MHD_Connection* connection, unsigned status,
                                          MHD_Response* response, const decision& d) {
    corsac::apply(d, mhd_response{response});
    return MHD_queue_response(connection, status, response);
}

/// Answers a request that the policy answers itself.
///
/// @param d  A decision that `answers()`.
[[nodiscard]] inline MHD_Result mhd_answer(MHD_Connection* connection, const decision& d) {
    std::string text{answer_body(d).view()};
    MHD_Response* const response =
        MHD_create_response_from_buffer(text.size(), text.data(), MHD_RESPMEM_MUST_COPY);
    if (response == nullptr) return MHD_NO;
    if (!text.empty()) MHD_add_response_header(response, "content-type", "text/plain");
    const MHD_Result queued = mhd_queue(connection, static_cast<unsigned>(d.status()), response, d);
    MHD_destroy_response(response);
    return queued;
}

/// An access handler that answers preflights and hands every other request to `next`, with the
/// decision that `mhd_queue` needs.
///
/// ```
/// corsac::mhd_access site{policy, [](const corsac::mhd_request& request, const char* upload,
///                                    std::size_t* upload_size, void** context,
///                                    const corsac::decision& cors) { … }};
/// MHD_start_daemon(flags, port, nullptr, nullptr, site.callback, &site, MHD_OPTION_END);
/// ```
/// Each call for one request asks for its policy anew: the decision that comes with the call in
/// which `next` responds is the one for the response. `next` leaves something in `*context` in its
/// first call, as libmicrohttpd has it, unless it responds in it.
///
/// What remains: responses that libmicrohttpd makes on its own (400, 413, 431) are without a
/// policy, and `next` must not throw into C.
///
/// @tparam Source  What it makes of the policy it is given; a callable gets a `const mhd_request&`.
template <class Source, class Next>
class mhd_access {
public:
    template <class P>
    mhd_access(P&& policy_or_source, Next next)
        : source_(detail::as_policy_source(std::forward<P>(policy_or_source))),
          next_(std::move(next)) {}

    /// For `MHD_start_daemon`, with the address of this object as its argument.
    static MHD_Result callback(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char*, const char* upload,
                               std::size_t* upload_size, void** context) {
        auto& site = *static_cast<mhd_access*>(self);
        const mhd_request request{connection, url, method};
        const auto governed = detail::govern(site.source_, request, request);
        const decision& d = governed.decision;
        // libmicrohttpd calls this again for every piece of a body. By then `next` has begun, and a
        // policy that was replaced meanwhile rejects nothing any more.
        if (*context == nullptr) {
            detail::observe(site.source_, d, request, request);
            if (d.answers()) return mhd_answer(connection, d);
        }
        return site.next_(request, upload, upload_size, context, d);
    }

private:
    Source source_;
    Next next_;
};

template <class P, class Next>
mhd_access(P&&, Next) -> mhd_access<policy_source_of<P>, Next>;

}  // namespace corsac::inline v0_2_0

#endif  // __has_include(<microhttpd.h>)

#endif
