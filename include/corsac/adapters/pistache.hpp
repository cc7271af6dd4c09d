// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_PISTACHE_HPP
#define CORSAC_ADAPTERS_PISTACHE_HPP

// Tested in tests/adapters/adapter_cases.test.cpp.

// Pistache 0.0.5 and later. Includes no header of it.

#include <corsac/adapters/detail/collapsed_path.hpp>
#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/header_map.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/request/header_access.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace Pistache {
namespace Tcp {
class Handler;
}
namespace Http {
class Handler;
struct HttpError;
class Request;
class ResponseWriter;
namespace Header {
class Header;
}
}  // namespace Http
}  // namespace Pistache

namespace corsac::inline v0_2_0 {

/// Pistache's classes, in a form that depends on a template parameter, so that they may be
/// incomplete until an adapter is used.
template <class>
struct pistache_types {
    using tcp_handler = Pistache::Tcp::Handler;
    using handler = Pistache::Http::Handler;
    using error = Pistache::Http::HttpError;
    using request = Pistache::Http::Request;
    using writer = Pistache::Http::ResponseWriter;
    using header = Pistache::Http::Header::Header;
};

namespace detail {

/// A response header. Pistache sends only headers that have a class; those added raw are lost.
template <class Types>
class pistache_header : public Types::header {
public:
    pistache_header(std::string_view name, std::string_view value) : name_(name), value_(value) {}

    const char* name() const override { return name_.c_str(); }
    void write(std::ostream& stream) const override { stream << value_; }
    std::uint64_t hash() const override { return 0; }  // only for casts between header classes
    /// Changes the name that is sent; the slot in Pistache's collection stays that of the old one.
    void rename(std::string_view name) { name_ = name; }

private:
    std::string name_;
    std::string value_;
};

}  // namespace detail

/// `Pistache::Http::Request` as a `request_view`. It holds copies, for Pistache hands out no views.
///
/// Pistache keeps the first of several lines of one name and drops the others, so a second `Origin`
/// cannot be seen.
template <class Request>
class pistache_request {
public:
    explicit pistache_request(const Request& request)
        : request_(&request), method_(methodString(request.method())),
          origin_(get(request, field::origin)),
          requested_method_(get(request, field::request_method)),
          requested_headers_(get(request, field::request_headers)),
          private_network_(get(request, field::request_private_network)),
          host_(get(request, field::host)), fetch_site_(get(request, field::fetch_site)),
          fetch_mode_(get(request, field::fetch_mode)) {}

    [[nodiscard]] std::string_view method() const noexcept { return method_; }
    template <class F>
    void visit(F&& f) const {
        const auto line = [&f](std::string_view name, const std::string& value) {
            if (!value.empty()) f(name, std::string_view{value});
        };
        line(field::origin, origin_);
        line(field::request_method, requested_method_);
        line(field::request_headers, requested_headers_);
        line(field::request_private_network, private_network_);
        line(field::host, host_);
        line(field::fetch_site, fetch_site_);
        line(field::fetch_mode, fetch_mode_);
    }
    /// What Pistache's router looks up: as it was sent, not decoded, with repeated slashes as one
    /// and without the last; without the query.
    [[nodiscard]] std::string path() const { return detail::collapsed_path(request_->resource()); }
    /// Pistache takes `Cookie` out of the headers.
    [[nodiscard]] bool carries_credentials() const {
        const auto& cookies = request_->cookies();
        return cookies.begin() != cookies.end() ||
               request_->headers().tryGetRaw(std::string{field::authorization});
    }

private:
    static std::string get(const Request& request, std::string_view name) {
        const auto line = request.headers().tryGetRaw(std::string{name});
        return line ? line->value() : std::string{};
    }

    const Request* request_;
    const char* method_;
    std::string origin_;
    std::string requested_method_;
    std::string requested_headers_;
    std::string private_network_;
    std::string host_;
    std::string fetch_site_;
    std::string fetch_mode_;
};

/// `Pistache::Http::ResponseWriter` as a `response_sink`: one value per name.
///
/// Pistache gives no chance to look at a response once its handler has made it, and of several
/// headers of one name the first stays. So these are put in before the handler runs.
template <class Types>
struct pistache_response {
    typename Types::writer& writer;

    void set(std::string_view name, std::string_view value) { put(name, name, value); }

    /// For `Vary`, use `pistache_apply` in front of a handler.
    void vary(std::string_view token) {
        std::ostringstream present;
        if (const auto header = writer.headers().tryGet(std::string{field::vary})) {
            header->write(present);
        }
        std::string merged = present.str();
        if (vary_covers(merged, token)) return;
        if (!merged.empty()) merged += ", ";
        put(field::vary, field::vary, merged.append(token));
    }

    /// Puts a header into the slot of another name, which keeps a handler from using that one.
    void put(std::string_view slot, std::string_view name, std::string_view value) {
        const std::string key{slot};
        while (writer.headers().remove(key)) {}  // once for each of the two kinds of headers
        const auto header = std::make_shared<detail::pistache_header<Types>>(slot, value);
        writer.headers().add(header);
        header->rename(name);
    }
};

namespace detail {

/// Writes a decision in front of the handler.
///
/// `Vary` goes into a slot that the decision leaves free, for two reasons: the handler's own `Vary`
/// is then sent as well, as a line beside ours, and the handler cannot use that slot. Of a refused
/// request it is the slot of Access-Control-Allow-Origin.
template <class Types>
void pistache_apply(const decision& d, typename Types::writer& writer) {
    pistache_response<Types> sink{writer};
    d.visit([&sink](std::string_view name, std::string_view value) { sink.set(name, value); });
    if (d.explains()) write_explanation(d, sink);
    std::string line;
    d.visit_vary(
        [&line](std::string_view token) { line.append(line.empty() ? "" : ", ").append(token); });
    if (line.empty()) return;
    const decision_fields& fields = d.fields();
    sink.put(fields.allow_origin.empty() ? field::allow_origin
             : !fields.allow_credentials ? field::allow_credentials
                                         : field::allow_private_network,
             field::vary, line);
}

}  // namespace detail

/// A handler that answers preflights, and puts the policy's headers on every response of the
/// handler behind it: of a router, also on its 404 and 405 and on those made from exceptions.
///
/// ```
/// endpoint.setHandler(corsac::pistache_wrap(policy, router.handler()));
/// ```
/// Not a middleware of the router: what that one writes is lost on 404 and 405 and when a handler
/// throws.
///
/// What remains: a handler that sets `Access-Control-Allow-Origin` by itself cannot have it, but
/// any other `Access-Control-*` header that it sets and the policy does not is sent; a second
/// `Origin` line is not seen; and a request that Pistache cannot parse is answered without a
/// policy.
///
/// @tparam Source  What it makes of the policy it is given; a callable gets a
///                 `const Pistache::Http::Request&`.
template <class Source = single_policy<policy>, class Types = pistache_types<Source>>
class pistache_handler : public Types::handler {
public:
    /// @param policy_or_source  See `policy_source.hpp`.
    template <class P>
    pistache_handler(P&& policy_or_source, std::shared_ptr<typename Types::handler> next)
        : source_(detail::as_declared_source<Source>(std::forward<P>(policy_or_source))),
          next_(std::move(next)) {}

    /// Pistache clones its handler for every worker thread.
    std::shared_ptr<typename Types::tcp_handler> clone() const override {
        const auto next = std::static_pointer_cast<typename Types::handler>(next_->clone());
        return std::make_shared<pistache_handler>(source_, next);
    }

    void onRequest(const typename Types::request& request, typename Types::writer writer) override {
        const pistache_request<typename Types::request> view{request};
        const auto governed = detail::govern(source_, request, view);
        const decision& d = governed.decision;
        detail::observe(source_, d, request, view);
        detail::pistache_apply<Types>(d, writer);
        if (d.answers()) {
            writer.send(status(writer, d.status()), std::string{answer_body(d).view()});
            return;
        }
#if defined(__cpp_exceptions)
        typename Types::writer spare = writer.clone();
        try {
            next_->onRequest(request, std::move(writer));
        } catch (const typename Types::error& e) {  // as Pistache does, but with the headers
            spare.send(status(spare, e.code()), e.reason());
        } catch (const std::exception& e) { spare.send(status(spare, 500), std::string{e.what()}); }
#else
        next_->onRequest(request, std::move(writer));
#endif
    }

    void onTimeout(const typename Types::request& request, typename Types::writer writer) override {
        next_->onTimeout(request, std::move(writer));
    }

private:
    template <class Writer>
    static auto status(const Writer& writer, int code) {
        return static_cast<decltype(writer.getResponseCode())>(code);
    }

    Source source_;
    std::shared_ptr<typename Types::handler> next_;
};

/// Puts a policy in front of a handler, such as that of a router.
///
/// @param policy_or_source  See `policy_source.hpp`; a callable gets a
///                          `const Pistache::Http::Request&`.
template <class P, class Handler>
[[nodiscard]] auto pistache_wrap(P&& policy_or_source, std::shared_ptr<Handler> next) {
    return std::make_shared<pistache_handler<policy_source_of<P>>>(
        std::forward<P>(policy_or_source), std::move(next));
}

}  // namespace corsac::inline v0_2_0

#endif
