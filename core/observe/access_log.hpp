// SPDX-License-Identifier: BSL-1.0
// The access log: written by each loop without a lock, put out by one thread of its own.
#pragma once

#include "observe/access_line.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mortise::observe {

// Owns the thread that writes to a descriptor, which it does not own. Where the reader of the log
// is slower than the requests, whole buffers are dropped, and the lines in them are counted and
// told of in the host's log: requests never wait for a log, and the end of the host waits for it
// only so long.
//
//   access_writer (a loop each) ── full buffer ──► queue (bounded) ──► thread ──► descriptor
class access_log {
public:
    access_log(access_format format, int descriptor,
               base::milliseconds patience = std::chrono::seconds{2});
    // Writes out what was handed over, if the reader takes it: `patience` is how long one that
    // takes nothing is waited for. Every writer is gone before.
    ~access_log();
    access_log(const access_log&) = delete;
    access_log& operator=(const access_log&) = delete;

    access_format format() const noexcept { return format_; }
    // Lines that were dropped since the start. [any]
    std::uint64_t dropped() const;

private:
    friend class access_writer;
    struct buffer {
        std::string text;
        std::uint64_t lines = 0;
    };

    // Takes a full buffer and gives an empty one that has been used before, where there is one.
    void hand_over(buffer& full);
    void run();
    std::string_view write_out(std::string_view text) noexcept;
    bool has_room() noexcept;
    static void tell_dropped(std::uint64_t& told, std::uint64_t dropped) noexcept;
    void recycle(buffer& written);

    static constexpr std::size_t most_waiting = 256;

    const access_format format_;
    const int descriptor_;
    const std::size_t most_at_once_; // of a pipe that has room, such a write never blocks
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<buffer> waiting_; // guarded by mutex_, like all below
    std::vector<buffer> empty_;
    std::uint64_t dropped_ = 0;
    bool stopping_ = false;
    base::milliseconds patience_;
    std::thread thread_; // the last member: it uses the others
};

// One loop's side of the log. Thread: its loop's.
class access_writer {
public:
    explicit access_writer(access_log& log) : log_{log}, line_{log.format()} {}
    ~access_writer() { flush(); }
    access_writer(const access_writer&) = delete;
    access_writer& operator=(const access_writer&) = delete;

    void write(const access_record& record);
    // Hands over what was written; called at each tick of the loop.
    void flush();

private:
    static constexpr std::size_t full = 32 * 1024;

    access_log& log_;
    access_line line_;
    access_log::buffer buffer_;
};

} // namespace mortise::observe
