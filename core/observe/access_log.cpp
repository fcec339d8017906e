// SPDX-License-Identifier: BSL-1.0
// Handing buffers over, and putting them out.
#include "observe/access_log.hpp"

#include "observe/log.hpp"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>
#include <utility>

namespace mortise::observe {

access_log::access_log(access_format format, int descriptor)
    : format_{format}, descriptor_{descriptor}, thread_{[this] { run(); }} {
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

void access_log::hand_over(buffer& full) {
    const std::lock_guard lock{mutex_};
    if (waiting_.size() >= most_waiting) {
        dropped_ += full.lines;
        full.text.clear();
        full.lines = 0;
        return;
    }
    waiting_.push_back(std::exchange(full, {}));
    if (!empty_.empty()) {
        full = std::move(empty_.back());
        empty_.pop_back();
    }
    ready_.notify_one();
}

void access_log::run() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::uint64_t told = 0;
    std::unique_lock lock{mutex_};
    while (true) {
        ready_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) {
            return;
        }
        buffer next = std::move(waiting_.front());
        waiting_.pop_front();
        const auto dropped = dropped_;
        lock.unlock();
        const bool written = write_out(next.text);
        if (dropped != told) {
            log(level::warning, "access log lines were dropped",
                {{"count", std::to_string(dropped - std::exchange(told, dropped))}});
        }
        lock.lock();
        if (!written) {
            dropped_ += next.lines;
        }
        recycle(next);
    }
}

// False: nobody reads any more, or the disk is full.
bool access_log::write_out(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto size = ::write(descriptor_, text.data(), text.size());
        if (size >= 0) {
            text.remove_prefix(static_cast<std::size_t>(size));
        } else if (errno == EAGAIN) {
            pollfd until{descriptor_, POLLOUT, 0};
            ::poll(&until, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

void access_log::recycle(buffer& written) {
    written.text.clear();
    written.lines = 0;
    if (empty_.size() < 8) {
        empty_.push_back(std::move(written));
    }
}

void access_writer::write(const access_record& record) {
    line_.append(record, buffer_.text);
    ++buffer_.lines;
    if (buffer_.text.size() >= full) {
        flush();
    }
}

void access_writer::flush() {
    if (buffer_.lines != 0) {
        log_.hand_over(buffer_);
    }
}

} // namespace mortise::observe
