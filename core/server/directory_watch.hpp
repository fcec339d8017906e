// SPDX-License-Identifier: BSL-1.0
// When the plugin directory has changed, and is at rest again.
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
#include <set>
#include <string>
#include <utility>

namespace mortise::server {

// Watches by inotify the `*.so` of a directory, the directory itself, and every symbolic link on
// the way to either. Changes from the construction on count. Where the kernel refuses, the log says
// so, and what it could not watch goes unseen. Everything [control].
class directory_watch {
public:
    directory_watch(boost::asio::io_context& control, std::filesystem::path directory);

    // Calls `on_change` after each burst of changes: once nothing has changed for a moment and no
    // file is half-written, or after `longest_wait`.
    void start(std::function<void()> on_change);

    static constexpr std::chrono::milliseconds quiet{200};
    static constexpr std::chrono::seconds longest_wait{10};

private:
    using names = std::set<std::string, std::less<>>;

    void watch_everything();
    void watch_way(const std::filesystem::path& way);
    void watch(const std::filesystem::path& folder, std::string name);
    void report(const std::filesystem::path& folder, int error);
    void wait_for_events();
    void read_events();
    bool note_event(int folder, std::uint32_t mask, const std::string& name);
    void settle();

    const std::filesystem::path directory_;
    boost::asio::posix::stream_descriptor events_;
    boost::asio::steady_timer rest_;
    std::function<void()> on_change_;
    std::map<int, names> watched_; // by inotify's number of the folder; "*.so" stands for these all
    std::set<std::pair<int, std::string>> half_written_;
    std::optional<std::chrono::steady_clock::time_point> first_change_; // of this burst
    bool is_reported_ = false;
};

} // namespace mortise::server
