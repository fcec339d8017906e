// SPDX-License-Identifier: BSL-1.0
// Handing buffers over, and putting them out.
#include "observe/access_log.hpp"

#include "base/host_thread.hpp"
#include "observe/log.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <new>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mortise::observe {

namespace {

bool is_file(int descriptor) noexcept {
    struct stat about {};
    return ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

std::size_t most_at_once(const access_file& to) noexcept {
    return is_file(to.descriptor()) ? SIZE_MAX : PIPE_BUF;
}

} // namespace

access_log::access_log(access_format format, access_file to, std::uint32_t sample,
                       base::milliseconds patience)
    : format_{format},
      sample_{sample},
      to_{std::move(to)},
      most_at_once_{most_at_once(to_)},
      patience_{patience},
      thread_{[this] { run(); }} {
    ::pthread_setname_np(thread_.native_handle(), "access-log");
}

access_log::~access_log() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    ready_.notify_one();
    thread_.join();
}

std::uint64_t access_log::dropped() const {
    const std::lock_guard lock{mutex_};
    return dropped_;
}

void access_log::reopen() {
    {
        const std::lock_guard lock{mutex_};
        reopening_ = true;
    }
    ready_.notify_one();
}

void access_log::hand_over(buffer& full) {
    const std::lock_guard lock{mutex_};
    dropped_ += std::exchange(full.lost, 0);
    if (full.lines == 0) {
        return;
    }
    if (waiting_.size() >= most_waiting) {
        dropped_ += full.lines;
        full.clear();
        return;
    }
    waiting_.emplace_back(); // which may throw; then `full` keeps its lines
    waiting_.back() = std::exchange(full, {});
    if (!empty_.empty()) {
        full = std::move(empty_.back());
        empty_.pop_back();
    }
    ready_.notify_one();
}

void access_log::run() {
    const base::host_thread here;
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::uint64_t told = 0;
    std::unique_lock lock{mutex_};
    while (true) {
        ready_.wait(lock, [this] { return stopping_ || reopening_ || !waiting_.empty(); });
        if (std::exchange(reopening_, false)) {
            lock.unlock();
            open_anew();
            lock.lock();
            continue;
        }
        if (waiting_.empty()) {
            return tell_dropped(told, dropped_);
        }
        buffer next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const auto unwritten = write_out(next.text());
        lock.lock();
        dropped_ += static_cast<std::uint64_t>(std::ranges::count(unwritten, '\n'));
        recycle(next);
        const auto dropped = dropped_;
        lock.unlock();
        tell_dropped(told, dropped);
        lock.lock();
    }
}

void access_log::tell_dropped(std::uint64_t& told, std::uint64_t dropped) noexcept {
    if (dropped != told) {
        log(level::warning, "access log lines were dropped",
            {{"count", std::to_string(dropped - std::exchange(told, dropped))}});
    }
}

void access_log::open_anew() noexcept {
    try {
        to_.reopen();
        most_at_once_ = most_at_once(to_);
        is_within_line_ = false; // the file has seen to that
    } catch (const std::bad_alloc&) {
        log(level::error, "access log: there is no memory to open it anew");
    }
}

// Gives what could not be written: nobody reads any more, or the disk is full. A line of which only
// the beginning could be is ended before the next one.
std::string_view access_log::write_out(std::string_view text) noexcept {
    if (is_within_line_ && !write_pieces("\n").empty()) {
        return text;
    }
    const auto rest = write_pieces(text);
    const auto written = text.substr(0, text.size() - rest.size());
    is_within_line_ = !written.empty() && written.back() != '\n';
    return rest;
}

// The same, whatever the text is.
std::string_view access_log::write_pieces(std::string_view text) noexcept {
    while (!text.empty() && has_room()) {
        const auto size =
            ::write(to_.descriptor(), text.data(), std::min(text.size(), most_at_once_));
        if (size >= 0) {
            text.remove_prefix(static_cast<std::size_t>(size));
        } else if (errno != EINTR && errno != EAGAIN) {
            break;
        }
    }
    return text;
}

// Waits until a write would not block, or would fail. False: the host is stopping, and its reader
// has taken nothing for too long.
bool access_log::has_room() noexcept {
    constexpr base::milliseconds look{50};
    pollfd until{to_.descriptor(), POLLOUT, 0};
    while (most_at_once_ != SIZE_MAX && ::poll(&until, 1, static_cast<int>(look.count())) <= 0) {
        const std::lock_guard lock{mutex_};
        if (!stopping_) {
            continue;
        }
        patience_ -= look;
        if (patience_ <= base::milliseconds{0}) {
            return false;
        }
    }
    return true;
}

void access_log::recycle(buffer& written) {
    written.clear();
    if (empty_.size() < 8) {
        empty_.push_back(std::move(written));
    }
}

[[gnu::hot]] void access_writer::write(const access_record& record) noexcept {
    const auto needed = buffer_.size + access_line::most_room(record);
    if (buffer_.room.size() < needed) [[unlikely]] {
        try {
            buffer_.room.resize(std::max(needed, full + usual_line));
        } catch (const std::bad_alloc&) {
            ++buffer_.lost;
            return;
        }
    }
    char* const at = buffer_.room.data() + buffer_.size;
    buffer_.size += static_cast<std::size_t>(line_.write(record, at) - at);
    ++buffer_.lines;
    if (buffer_.size >= full) {
        flush();
    }
}

void access_writer::flush() noexcept {
    if (buffer_.lines == 0 && buffer_.lost == 0) {
        return;
    }
    try {
        log_.hand_over(buffer_);
    } catch (const std::bad_alloc&) { // the next flush hands it over
    }
}

} // namespace mortise::observe
