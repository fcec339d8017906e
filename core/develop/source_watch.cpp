// SPDX-License-Identifier: BSL-1.0
// inotify, and what of its events is a save.
#include "develop/source_watch.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::develop {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t changes =
    IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;

} // namespace

bool is_source_name(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 4> built{".so", ".o", ".a", ".d"};
    return std::ranges::none_of(built, [name](auto each) { return name.ends_with(each); }) &&
           !name.empty() && name.front() != '.' && name.front() != '#' && !name.ends_with('~') &&
           name != "4913" && name != "compile_commands.json"; // vim tries whether it may write
}

source_watch::source_watch(boost::asio::io_context& control, fs::path folder, fs::path build)
    : folder_{std::move(folder)}, build_{std::move(build)}, events_{control}, rest_{control} {
    const int opened = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (opened < 0) {
        fault_ = std::system_category().message(errno);
        return;
    }
    events_.assign(opened);
    watch_everything();
}

void source_watch::start(std::function<void(clock::time_point)> on_change) {
    on_change_ = std::move(on_change);
    if (events_.is_open()) {
        wait_for_events();
    }
}

void source_watch::stop() {
    rest_.cancel();
    events_.close();
}

// Another build folder may be there, an editor's say.
bool source_watch::is_watched_folder(const fs::path& folder) const {
    std::error_code error;
    return folder != build_ && is_source_name(folder.filename().native()) &&
           !fs::exists(folder / "CMakeCache.txt", error);
}

void source_watch::watch_everything() {
    const auto before = std::exchange(watched_, {});
    watch(folder_);
    std::error_code error;
    for (fs::recursive_directory_iterator
             entry{folder_, fs::directory_options::skip_permission_denied, error},
         end;
         !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (!entry->is_directory(ignored) || entry->is_symlink(ignored)) {
            continue;
        }
        if (is_watched_folder(entry->path())) {
            watch(entry->path());
        } else {
            entry.disable_recursion_pending();
        }
    }
    for (const auto& [number, folder] : before) {
        if (!watched_.contains(number)) {
            ::inotify_rm_watch(events_.native_handle(), number);
        }
    }
}

void source_watch::watch(const fs::path& folder) {
    const int number =
        ::inotify_add_watch(events_.native_handle(), folder.c_str(), changes | IN_ONLYDIR);
    if (number >= 0) {
        watched_[number] = folder;
    } else if (errno == ENOSPC) {
        fault_ = "fs.inotify.max_user_watches is reached";
    }
}

void source_watch::wait_for_events() {
    events_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code& error) {
                           if (error || !events_.is_open()) {
                               return;
                           }
                           if (read_events()) {
                               settle();
                           }
                           wait_for_events();
                       });
}

// Whether something of them is a save.
bool source_watch::read_events() {
    alignas(inotify_event) std::array<char, 16 * 1024> room;
    bool is_change = false;
    for (;;) {
        const ssize_t size = ::read(events_.native_handle(), room.data(), room.size());
        if (size <= 0) {
            return is_change;
        }
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            inotify_event event;
            std::memcpy(&event, room.data() + at, sizeof event);
            const char* const name = event.len != 0 ? room.data() + at + sizeof event : "";
            at += sizeof event + event.len;
            const auto folder = watched_.find(event.wd);
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                is_change = true; // anything may have changed
            } else if (folder != watched_.end() && (event.mask & IN_IGNORED) == 0) {
                is_change = is_change ||
                            ((event.mask & IN_ISDIR) != 0 ? is_watched_folder(folder->second / name)
                                                          : is_source_name(name));
            }
        }
    }
}

void source_watch::settle() {
    if (!first_) {
        first_ = clock::now();
    }
    rest_.expires_after(quiet);
    rest_.async_wait([this](const boost::system::error_code& error) {
        if (error) {
            return; // one more change came
        }
        watch_everything();
        on_change_(*std::exchange(first_, std::nullopt));
    });
}

} // namespace mortise::develop
