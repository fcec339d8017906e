// SPDX-License-Identifier: BSL-1.0
// inotify, and what of its events is about plugins.
#include "server/directory_watch.hpp"

#include "observe/log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <list>
#include <sys/inotify.h>
#include <system_error>
#include <unistd.h>

namespace mortise::server {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view every_plugin = "*.so";
constexpr std::uint32_t changes = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE |
                                  IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t of_the_folder = IN_DELETE_SELF | IN_MOVE_SELF;
constexpr int most_links = 40; // on one way, as the kernel has it

} // namespace

directory_watch::directory_watch(boost::asio::io_context& control, fs::path directory)
    : directory_{std::move(directory)}, events_{control}, rest_{control} {
    const int opened = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (opened < 0) {
        report(directory_, errno);
        return;
    }
    events_.assign(opened);
    watch_everything();
}

void directory_watch::start(std::function<void()> on_change) {
    on_change_ = std::move(on_change);
    if (events_.is_open()) {
        wait_for_events();
    }
}

// Links may lead somewhere else after each change, so the ways are walked anew.
void directory_watch::watch_everything() {
    const auto before = std::exchange(watched_, {});
    watch(directory_, std::string{every_plugin});
    watch_way(fs::absolute(directory_));
    std::error_code error;
    for (fs::directory_iterator entry{directory_, error}, end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".so" && entry->is_symlink(error)) {
            watch_way(fs::absolute(entry->path()));
        }
    }
    for (const auto& [number, of_folder] : before) {
        if (!watched_.contains(number)) {
            ::inotify_rm_watch(events_.native_handle(), number);
        }
    }
}

// Watches each link on the way, and what is at its end.
void directory_watch::watch_way(const fs::path& way) {
    int links = 0;
    fs::path walked = "/";
    std::list<fs::path> rest;
    const auto walk_first = [&rest](const fs::path& part) {
        const auto relative = part.relative_path();
        rest.insert(rest.begin(), relative.begin(), relative.end());
        rest.remove(fs::path{}); // behind a slash at the end
    };
    walk_first(way);
    while (!rest.empty()) {
        const fs::path name = rest.front();
        rest.pop_front();
        std::error_code error;
        const fs::path target = fs::read_symlink(walked / name, error);
        if (!error || rest.empty()) {
            watch(walked, name);
        }
        if (error) {
            walked /= name;
            continue;
        }
        if (++links > most_links) {
            return;
        }
        walk_first(target);
        walked = target.is_absolute() ? fs::path{"/"} : walked;
    }
}

void directory_watch::watch(const fs::path& folder, std::string name) {
    const int number =
        ::inotify_add_watch(events_.native_handle(), folder.c_str(), changes | IN_ONLYDIR);
    if (number >= 0) {
        watched_[number].insert(std::move(name));
    } else if (errno != ENOENT && errno != ENOTDIR) { // who looks there says that it is missing
        report(folder, errno);
    }
}

void directory_watch::report(const fs::path& folder, int error) {
    if (std::exchange(is_reported_, true)) {
        return;
    }
    const std::string why = std::system_category().message(error);
    observe::log(observe::level::warning,
                 "changes are not seen: send HUP after one, or raise fs.inotify's limits",
                 {{"folder", folder.native()}, {"error", why}});
}

void directory_watch::wait_for_events() {
    events_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code& error) {
                           if (!error) {
                               read_events();
                               wait_for_events();
                           }
                       });
}

void directory_watch::read_events() {
    alignas(inotify_event) std::array<char, 16 * 1024> room;
    bool is_change = false;
    for (;;) {
        const ssize_t size = ::read(events_.native_handle(), room.data(), room.size());
        if (size <= 0) {
            break;
        }
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            inotify_event event;
            std::memcpy(&event, room.data() + at, sizeof event);
            const char* const name = room.data() + at + sizeof event;
            is_change = note_event(event.wd, event.mask, event.len != 0 ? name : "") || is_change;
            at += sizeof event + event.len;
        }
    }
    if (is_change) {
        settle();
    }
}

// Whether it may change what is to serve.
bool directory_watch::note_event(int folder, std::uint32_t mask, const std::string& name) {
    if ((mask & IN_Q_OVERFLOW) != 0) {
        return true; // anything may have changed
    }
    const auto found = watched_.find(folder);
    if (found == watched_.end() || (mask & IN_IGNORED) != 0) {
        return false;
    }
    const auto& watched = found->second;
    const bool is_plugin = watched.contains(every_plugin) && fs::path{name}.extension() == ".so";
    if ((mask & of_the_folder) == 0 && !is_plugin && !watched.contains(name)) {
        return false;
    }
    if ((mask & IN_MODIFY) != 0) {
        half_written_.emplace(folder, name);
    } else if ((mask & (IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)) != 0) {
        half_written_.erase({folder, name});
    }
    return true;
}

void directory_watch::settle() {
    if (!first_change_) {
        first_change_ = std::chrono::steady_clock::now();
    }
    const auto last = *first_change_ + longest_wait;
    const auto end = std::chrono::steady_clock::now() + quiet;
    rest_.expires_at(half_written_.empty() ? std::min(end, last) : last);
    rest_.async_wait([this](const boost::system::error_code& error) {
        if (error) {
            return; // one more change came
        }
        half_written_.clear();
        first_change_.reset();
        watch_everything();
        on_change_();
    });
}

} // namespace mortise::server
