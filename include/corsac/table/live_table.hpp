// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_LIVE_TABLE_HPP
#define CORSAC_TABLE_LIVE_TABLE_HPP

#include <corsac/error.hpp>
#include <corsac/live/live_value.hpp>
#include <corsac/table/policy_table.hpp>

#include <utility>

namespace corsac::inline v0_2_0 {

/// A `policy_table` that is replaced while requests are served; see `basic_live_policy`.
///
/// What `find` returns borrows from the table, so keep the reader as long.
class live_table {
public:
    using reader = live_value<policy_table>::reader;

    explicit live_table(policy_table first) : value_(std::move(first)) {}

    /// The table in force. Cost: that of `basic_live_policy::read`.
    [[nodiscard]] reader read() const noexcept { return value_.read(); }

    /// Puts a table in force. Whoever reads after it returns gets that one.
    void replace(policy_table next) const { value_.replace(std::move(next)); }

    /// The same with what `policy_table_builder::build` says.
    ///
    /// @return  Empty if the table is in force; otherwise its mistakes, and the old one stays.
    [[nodiscard]] config_errors replace(result<policy_table> next) const {
        if (next) value_.replace(*std::move(next));
        return next.errors();
    }

private:
    live_value<policy_table> value_;
};

}  // namespace corsac::inline v0_2_0

#endif
