// SPDX-License-Identifier: BSL-1.0
// Notes in an SQLite database.
#pragma once

#include "note.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

// Every function blocks, and may be called on several threads at once: they take turns at one
// connection. What SQLite cannot do throws std::runtime_error with its words.
class store {
public:
    // Opens the database, and makes it where it is not there yet.
    explicit store(const std::string& file);

    note add(const draft& content);
    std::optional<note> find(std::int64_t id);
    // In the order of their ids, from the one behind `after` on, at most `limit`.
    std::vector<note> list(std::int64_t after, std::int64_t limit);
    // False: there is no note with this id.
    bool replace(std::int64_t id, const draft& content);
    bool remove(std::int64_t id);

private:
    struct close {
        void operator()(sqlite3* database) const noexcept;
    };

    std::mutex turn_;
    std::unique_ptr<sqlite3, close> database_; // guarded by turn_
};
