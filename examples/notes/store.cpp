// SPDX-License-Identifier: BSL-1.0
#include "store.hpp"

#include <sqlite3.h>
#include <stdexcept>
#include <string_view>

namespace {

[[noreturn]] void fail(sqlite3* database) {
    throw std::runtime_error{std::string{"SQLite: "} + sqlite3_errmsg(database)};
}

// A statement with its values, from its preparation to its end.
class statement {
public:
    statement(sqlite3* database, std::string_view text) : database_{database} {
        if (sqlite3_prepare_v2(database, text.data(), static_cast<int>(text.size()), &prepared_,
                               nullptr) != SQLITE_OK) {
            fail(database);
        }
    }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;
    ~statement() { sqlite3_finalize(prepared_); }

    // The value of the next "?". A text stays as it is until the statement has ended.
    statement& with(std::int64_t value) {
        check(sqlite3_bind_int64(prepared_, ++bound_, value));
        return *this;
    }
    statement& with(const std::string& value) {
        check(sqlite3_bind_text(prepared_, ++bound_, value.data(), static_cast<int>(value.size()),
                                SQLITE_STATIC));
        return *this;
    }

    // The next row; false: there is none.
    bool step() {
        const int result = sqlite3_step(prepared_);
        if (result != SQLITE_ROW && result != SQLITE_DONE) {
            fail(database_);
        }
        return result == SQLITE_ROW;
    }
    std::int64_t number(int column) const { return sqlite3_column_int64(prepared_, column); }
    std::string text(int column) const {
        const auto* const bytes = sqlite3_column_text(prepared_, column);
        return {reinterpret_cast<const char*>(bytes),
                static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
    }

private:
    void check(int result) const {
        if (result != SQLITE_OK) {
            fail(database_);
        }
    }

    sqlite3* database_;
    sqlite3_stmt* prepared_ = nullptr;
    int bound_ = 0;
};

note read(const statement& row) {
    return {row.number(0), {row.text(1), row.text(2)}};
}

} // namespace

void store::close::operator()(sqlite3* database) const noexcept {
    sqlite3_close(database);
}

store::store(const std::string& file) {
    sqlite3* opened = nullptr;
    const int result =
        sqlite3_open_v2(file.c_str(), &opened,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(opened);
    if (result != SQLITE_OK) {
        throw std::runtime_error{file + " cannot be opened: " + sqlite3_errstr(result)};
    }
    statement{opened, "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY AUTOINCREMENT, "
                      "title TEXT NOT NULL, text TEXT NOT NULL)"}
        .step();
}

note store::add(const draft& content) {
    const std::lock_guard lock{turn_};
    statement{database_.get(), "INSERT INTO notes (title, text) VALUES (?, ?)"}
        .with(content.title)
        .with(content.text)
        .step();
    return {sqlite3_last_insert_rowid(database_.get()), content};
}

std::optional<note> store::find(std::int64_t id) {
    const std::lock_guard lock{turn_};
    statement asked{database_.get(), "SELECT id, title, text FROM notes WHERE id = ?"};
    return asked.with(id).step() ? std::optional{read(asked)} : std::nullopt;
}

std::vector<note> store::list(std::int64_t after, std::int64_t limit) {
    const std::lock_guard lock{turn_};
    statement asked{database_.get(),
                    "SELECT id, title, text FROM notes WHERE id > ? ORDER BY id LIMIT ?"};
    asked.with(after).with(limit);
    std::vector<note> all;
    while (asked.step()) {
        all.push_back(read(asked));
    }
    return all;
}

bool store::replace(std::int64_t id, const draft& content) {
    const std::lock_guard lock{turn_};
    statement{database_.get(), "UPDATE notes SET title = ?, text = ? WHERE id = ?"}
        .with(content.title)
        .with(content.text)
        .with(id)
        .step();
    return sqlite3_changes(database_.get()) != 0;
}

bool store::remove(std::int64_t id) {
    const std::lock_guard lock{turn_};
    statement{database_.get(), "DELETE FROM notes WHERE id = ?"}.with(id).step();
    return sqlite3_changes(database_.get()) != 0;
}
