// SPDX-License-Identifier: BSL-1.0
// Which plugins have crashed this host before: what is known of it in the next process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

namespace mortise::server {

// The file "crashes" of the state directory, a line for each crash. Everything [control].
class crash_history {
public:
    // Reads what happened within `window`, and forgets the rest. What cannot be read or written is
    // a warning, and counts as nothing.
    crash_history(const std::filesystem::path& state, std::chrono::seconds window);
    crash_history(const crash_history&) = delete;
    crash_history& operator=(const crash_history&) = delete;
    ~crash_history();

    // How often a plugin crashed that was made of the bytes with this hash.
    std::size_t count(const std::string& id, std::uint64_t digest) const;

    // Where crash_report appends; -1: nowhere.
    int descriptor() const noexcept { return descriptor_; }

private:
    void read(const std::filesystem::path& file, std::int64_t oldest);

    int descriptor_ = -1;
    std::map<std::pair<std::string, std::uint64_t>, std::size_t> counts_;
    std::string kept_; // lines
};

} // namespace mortise::server
