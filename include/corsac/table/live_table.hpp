// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_LIVE_TABLE_HPP
#define CORSAC_TABLE_LIVE_TABLE_HPP

#include <corsac/error.hpp>
#include <corsac/live/live_reader.hpp>
#include <corsac/table/policy_table.hpp>

#include <memory>
#include <utility>

namespace corsac::inline v0 {

/// A `policy_table` that is replaced while requests are served; see `basic_live_policy`.
///
/// What `find` returns borrows from the table, so keep the reader as long.
class live_table {
public:
    using reader = live_reader<policy_table>;

    explicit live_table(policy_table first)
        : cell_(std::make_shared<detail::live_cell<policy_table>>(std::move(first))) {}

    /// The table in force. Cost: that of `basic_live_policy::read`.
    [[nodiscard]] reader read() const noexcept { return cell_->read(); }

    /// Puts a table in force. Whoever reads after it returns gets that one.
    void replace(policy_table next) const { cell_->replace(std::move(next)); }

    /// The same with what `policy_table_builder::build` says.
    ///
    /// @return  Empty if the table is in force; otherwise its mistakes, and the old one stays.
    [[nodiscard]] config_errors replace(result<policy_table> next) const {
        if (next) cell_->replace(*std::move(next));
        return next.errors();
    }

private:
    std::shared_ptr<detail::live_cell<policy_table>> cell_;
};

}  // namespace corsac::inline v0

#endif
