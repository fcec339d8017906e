// SPDX-License-Identifier: BSL-1.0
// When somebody has saved a file of a project.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mortise::develop {

// Watches by inotify a folder and all below it, folders that come later too; but not those that
// CMake builds in, nor what is hidden, nor what editors write beside a file. Folders are watched
// rather than files: most editors save by renaming. Symbolic links are not followed. Everything
// [control].
class source_watch {
public:
    using clock = std::chrono::steady_clock;

    // Not below `build`, whether it is there or not.
    source_watch(boost::asio::io_context& control, std::filesystem::path folder,
                 std::filesystem::path build);

    // Why nothing is seen; empty: it is.
    std::string fault() const { return fault_; }

    // Calls `on_change` once nothing has changed for a moment, with the time of the first change.
    void start(std::function<void(clock::time_point first)> on_change);
    void stop();

    static constexpr std::chrono::milliseconds quiet{200};

private:
    void watch_everything();
    void watch(const std::filesystem::path& folder);
    bool is_watched_folder(const std::filesystem::path& folder) const;
    void wait_for_events();
    bool read_events();
    void settle();

    const std::filesystem::path folder_;
    const std::filesystem::path build_;
    boost::asio::posix::stream_descriptor events_;
    boost::asio::steady_timer rest_;
    std::function<void(clock::time_point)> on_change_;
    std::map<int, std::filesystem::path> watched_; // by inotify's number
    std::optional<clock::time_point> first_;       // of the changes that are not told yet
    std::string fault_;
};

// Whether a file of that name is somebody's work: not hidden, no backup and no copy of an
// editor's, and nothing that was built of it.
bool is_source_name(std::string_view name) noexcept;

} // namespace mortise::develop
