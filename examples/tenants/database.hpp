// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_TENANTS_DATABASE_HPP
#define CORSAC_EXAMPLES_TENANTS_DATABASE_HPP

#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tenants {

/// The origins of tenants in a file of SQLite's. Each call opens the file, so that one that is
/// moved away or locked is a database that is down; answers are remembered elsewhere.
class database {
public:
    explicit database(std::string path) : path_(std::move(path)) {
        run(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
            "create table if not exists tenants (origin text primary key not null)", {});
    }

    /// What waits for nobody must not be called in a thread that serves.
    [[nodiscard]] bool has(std::string_view origin) const {
        return run(SQLITE_OPEN_READONLY, "select 1 from tenants where origin = ?1", origin);
    }
    void add(std::string_view origin) const {
        run(SQLITE_OPEN_READWRITE, "insert or ignore into tenants values (?1)", origin);
    }
    void remove(std::string_view origin) const {
        run(SQLITE_OPEN_READWRITE, "delete from tenants where origin = ?1", origin);
    }

private:
    struct closes {
        void operator()(sqlite3* open) const noexcept { sqlite3_close(open); }
        void operator()(sqlite3_stmt* open) const noexcept { sqlite3_finalize(open); }
    };

    /// @return  Whether there is a row.
    bool run(int flags, const char* sql, std::string_view origin) const {
        sqlite3* opened = nullptr;
        const int failed = sqlite3_open_v2(path_.c_str(), &opened, flags, nullptr);
        const std::unique_ptr<sqlite3, closes> connection{opened};
        const auto demand = [&](bool holds) {
            if (!holds) throw std::runtime_error(sqlite3_errmsg(connection.get()));
        };
        demand(failed == SQLITE_OK);
        sqlite3_busy_timeout(connection.get(), 200);  // milliseconds
        sqlite3_stmt* prepared = nullptr;
        demand(sqlite3_prepare_v2(connection.get(), sql, -1, &prepared, nullptr) == SQLITE_OK);
        const std::unique_ptr<sqlite3_stmt, closes> statement{prepared};
        if (sqlite3_bind_parameter_count(statement.get()) != 0) {
            // Bound, never pasted: whoever asks chooses this text.
            demand(sqlite3_bind_text(statement.get(), 1, origin.data(),
                                     static_cast<int>(origin.size()),
                                     SQLITE_TRANSIENT) == SQLITE_OK);
        }
        const int got = sqlite3_step(statement.get());
        demand(got == SQLITE_ROW || got == SQLITE_DONE);
        return got == SQLITE_ROW;
    }

    std::string path_;
};

}  // namespace tenants

#endif
