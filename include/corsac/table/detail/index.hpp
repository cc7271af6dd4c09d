// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_DETAIL_INDEX_HPP
#define CORSAC_TABLE_DETAIL_INDEX_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/detail/hash_index.hpp>
#include <corsac/detail/keyed_index.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::detail {

inline constexpr std::uint32_t nothing = static_cast<std::uint32_t>(-1);

/// A hostname that requests are looked up by: `a.example`, `.example` for `*.example`, or empty.
struct indexed_host {
    text_position name;
    std::uint32_t longest_exact = 0;
    std::uint32_t longest_prefix = 0;
    bool has_expressions = false;
};

/// What governs the requests of a rule under one listener, or of one of its backends.
struct governance {
    route_state state = route_state::ungoverned;
    std::uint32_t policy_index = nothing;  ///< of `split`: what all backends allow
    std::uint32_t winner = nothing;        ///< attachment; of `split`: of the rule itself
};

/// One match of one rule under one hostname of one listener.
struct indexed_entry {
    std::uint32_t host = 0;
    text_position path;  ///< of a prefix without its trailing `/`
    path_kind kind = path_kind::prefix;
    bool last = true;    ///< of those with the same host, kind and path, in order of precedence
    bool always = true;  ///< the match asks for nothing beyond them
    std::uint32_t listener = 0;
    std::uint32_t match = 0;
    std::uint32_t binding = 0;
    governance governed{};  ///< here, so that most look-ups end without reading the binding
};

/// The hash of a path under a host, by its number.
[[nodiscard]] inline std::uint32_t hash_path(std::uint32_t host, path_kind kind,
                                             std::string_view path, std::uint64_t key) noexcept {
    const std::uint64_t where = std::uint64_t{host} << 2 | static_cast<std::uint64_t>(kind);
    return unfinished_hash{begin_hash(path, key).to_state(key), where}.finish(key);
}

/// Finds the entry of a request: one look-up per hostname that could match, and under each of them
/// one per path element.
class route_index {
public:
    [[nodiscard]] std::string_view text(text_position at) const noexcept {
        return view_of(texts_.data() + at.at, at.size);
    }
    [[nodiscard]] text_position add_text(std::string_view added) {
        return append_plain(texts_, added);
    }
    /// Of all texts; what is over 4 GiB has positions that are wrong.
    [[nodiscard]] std::size_t text_size() const noexcept { return texts_.size(); }

    /// @param name  In lower case, and not there yet.
    std::uint32_t add_host(std::string_view name) {
        if (!name.empty() && name.front() == '.' && name.size() > longest_wildcard_) {
            longest_wildcard_ = name.size();
        }
        hosts_.push_back({add_text(name)});
        return static_cast<std::uint32_t>(hosts_.size() - 1);
    }

    /// Takes all entries over, in the order of precedence and those of equal host, kind and path
    /// next to each other.
    void set_entries(buffer<indexed_entry> entries) {
        entries_ = std::move(entries);
        buffer<std::uint32_t> first;  // of those of equal host, kind and path
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            indexed_entry& entry = entries_[i];
            if (i != 0 && same_key(entries_[i - 1], entry)) {
                entries_[i - 1].last = false;
                continue;
            }
            indexed_host& host = hosts_[entry.host];
            host.has_expressions |= entry.kind == path_kind::expression;
            std::uint32_t& longest =
                entry.kind == path_kind::prefix ? host.longest_prefix : host.longest_exact;
            if (entry.path.size > longest) longest = entry.path.size;
            first.push_back(static_cast<std::uint32_t>(i));
        }
        const auto never = [](std::uint32_t, std::uint32_t) { return false; };
        const auto ignore = [](std::uint32_t, std::uint32_t) {};
        host_index_ = index_items(
            hosts_.size(),
            [this](std::uint32_t i, std::uint64_t key) {
                return hash_text(text(hosts_[i].name), key);
            },
            never, ignore);
        path_index_ = index_items(
            first.size(),
            [&](std::uint32_t i, std::uint64_t key) {
                const indexed_entry& entry = entries_[first[i]];
                return hash_path(entry.host, entry.kind, key_of(entry), key);
            },
            never, ignore);
        renumber(path_index_.cells.data(), path_index_.capacity,
                 [&](std::uint32_t item) { return first[item] + 1; });
    }

    [[nodiscard]] const indexed_entry& entry(std::uint32_t index) const noexcept {
        return entries_[index];
    }
    [[nodiscard]] const buffer<indexed_entry>& entries() const noexcept { return entries_; }
    [[nodiscard]] std::string_view host(std::uint32_t index) const noexcept {
        return text(hosts_[index].name);
    }

    /// @param accepts  Called with entries of the right host and path, in order of precedence.
    /// @return         The first one that it accepts, or `nothing`.
    template <class Accepts>
    [[nodiscard]] std::uint32_t find(std::string_view host_field, std::string_view path,
                                     const Accepts& accepts) const noexcept {
        if (hosts_.empty() || path.empty() || path.front() != '/') return nothing;
        const std::string_view received = host_of(host_field);
        if (!received.empty() && received.size() <= max_host_length && received.front() != '.') {
            char lower[max_host_length];
            copy_lower(received, lower);
            const std::string_view host{lower, received.size()};
            const std::uint32_t exact = find_under(find_host(host), path, accepts);
            if (exact != nothing) return exact;
            std::size_t dot = longest_wildcard_ == 0 ? host.npos : host.find('.', 1);
            for (; dot != host.npos; dot = host.find('.', dot + 1)) {
                if (host.size() - dot > longest_wildcard_) continue;
                const std::uint32_t found = find_under(find_host(host.substr(dot)), path, accepts);
                if (found != nothing) return found;
            }
        }
        return find_under(find_host({}), path, accepts);
    }

private:
    [[nodiscard]] bool same_key(const indexed_entry& a, const indexed_entry& b) const noexcept {
        return a.host == b.host && a.kind == b.kind && key_of(a) == key_of(b);
    }
    /// All expressions of a host are tried, one after the other.
    [[nodiscard]] std::string_view key_of(const indexed_entry& entry) const noexcept {
        return entry.kind == path_kind::expression ? std::string_view{} : text(entry.path);
    }

    [[nodiscard]] std::uint32_t find_host(std::string_view name) const noexcept {
        const std::uint32_t number =
            find_number(host_index_.cells.data(), host_index_.capacity,
                        hash_text(name, host_index_.key), [&](std::uint32_t host) noexcept {
                            return equal_bytes(text(hosts_[host - 1].name), name);
                        });
        return number - 1;  // `nothing` if it is not there
    }

    template <class Accepts>
    [[nodiscard]] std::uint32_t find_under(std::uint32_t host, std::string_view path,
                                           const Accepts& accepts) const noexcept {
        if (host == nothing) return nothing;
        const indexed_host& under = hosts_[host];
        if (path.size() <= under.longest_exact) {
            const std::uint32_t found = find_path(host, path_kind::exact, path, accepts);
            if (found != nothing) return found;
        }
        if (under.has_expressions) {
            const std::uint32_t found = find_path(host, path_kind::expression, {}, accepts);
            if (found != nothing) return found;
        }
        // Nothing is longer than the longest prefix, whatever a client sends.
        std::size_t end = path.size() <= under.longest_prefix
                              ? path.size()
                              : path.rfind('/', under.longest_prefix);
        while (true) {
            const std::uint32_t found =
                find_path(host, path_kind::prefix, path.substr(0, end), accepts);
            if (found != nothing || end == 0) return found;
            end = path.rfind('/', end - 1);
        }
    }

    template <class Accepts>
    [[nodiscard]] std::uint32_t find_path(std::uint32_t host, path_kind kind, std::string_view path,
                                          const Accepts& accepts) const noexcept {
        const std::uint32_t number = find_number(
            path_index_.cells.data(), path_index_.capacity,
            hash_path(host, kind, path, path_index_.key), [&](std::uint32_t candidate) noexcept {
                const indexed_entry& first = entries_[candidate - 1];
                return first.host == host && first.kind == kind && equal_bytes(key_of(first), path);
            });
        std::uint32_t index = number - 1;  // `nothing` if it is not there
        for (; index != nothing; ++index) {
            if (accepts(entries_[index])) return index;
            if (entries_[index].last) return nothing;
        }
        return nothing;
    }

    buffer<char> texts_;
    buffer<indexed_host> hosts_;
    keyed_index host_index_;
    buffer<indexed_entry> entries_;
    keyed_index path_index_;
    std::size_t longest_wildcard_ = 0;
};

}  // namespace corsac::inline v0_2_0::detail

#endif
