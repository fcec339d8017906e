// SPDX-License-Identifier: BSL-1.0
// The access log: written by each loop without a lock, put out by one thread of its own.
#pragma once

#include "observe/access_file.hpp"
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

// Owns the thread that writes, and the file where it has one of its own. Where the reader of the
// log is slower than the requests, whole buffers are dropped, and the lines in them are counted and
// told of in the host's log: requests never wait for a log, and the end of the host waits for it
// only so long.
//
//   access_writer (a loop each) ── full buffer ──► queue (bounded) ──► thread ──► file
class access_log {
public:
    // One of `sample` requests has a line, and each that failed here does (5xx).
    access_log(access_format format, access_file to, std::uint32_t sample = 1,
               base::milliseconds patience = std::chrono::seconds{2});
    // Writes out what was handed over, if the reader takes it: `patience` is how long one that
    // takes nothing is waited for. Every writer is gone before.
    ~access_log();
    access_log(const access_log&) = delete;
    access_log& operator=(const access_log&) = delete;

    access_format format() const noexcept { return format_; }
    std::uint32_t sample() const noexcept { return sample_; }
    // Has the file opened anew by its path, between two buffers; what is handed over from now on
    // goes there, and all else to one of the two. [any]
    void reopen();
    // Lines that were dropped since the start. [any]
    std::uint64_t dropped() const;

private:
    friend class access_writer;
    struct buffer {
        std::string room;     // of which the first `size` bytes are lines
        std::size_t size = 0; // the rest is not cleared, which would cost more than the lines
        std::uint64_t lines = 0;
        std::uint64_t lost = 0; // that there was no memory for

        std::string_view text() const noexcept { return {room.data(), size}; }
        void clear() noexcept { size = lines = 0; }
    };

    // Takes a full buffer and gives an empty one that has been used before, where there is one.
    void hand_over(buffer& full);
    void run();
    void open_anew() noexcept;
    std::string_view write_out(std::string_view text) noexcept;
    std::string_view write_pieces(std::string_view text) noexcept;
    bool has_room() noexcept;
    static void tell_dropped(std::uint64_t& told, std::uint64_t dropped) noexcept;
    void recycle(buffer& written);

    static constexpr std::size_t most_waiting = 256;

    const access_format format_;
    const std::uint32_t sample_;
    // The thread's alone, once it runs.
    access_file to_;
    std::size_t most_at_once_;    // of a pipe that has room, such a write never blocks
    bool is_within_line_ = false; // the rest of a line could not be written
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<buffer> waiting_; // guarded by mutex_, like all below
    std::vector<buffer> empty_;
    std::uint64_t dropped_ = 0;
    bool stopping_ = false;
    bool reopening_ = false;
    base::milliseconds patience_;
    std::thread thread_; // the last member: it uses the others
};

// One loop's side of the log. Thread: its loop's.
class access_writer {
public:
    explicit access_writer(access_log& log)
        : log_{log}, line_{log.format()}, sample_{log.sample()} {}
    ~access_writer() { flush(); }
    access_writer(const access_writer&) = delete;
    access_writer& operator=(const access_writer&) = delete;

    // Whether lines tell by what requests are known.
    bool tells_identity() const noexcept { return log_.format() == access_format::json; }
    // Whether the next request, which came to `status`, is to have a line; asked once for each.
    bool wants(unsigned status) noexcept {
        if (--until_next_ != 0) {
            return status >= 500;
        }
        until_next_ = sample_;
        return true;
    }
    // Where there is no memory for it, the line counts as dropped.
    void write(const access_record& record) noexcept;
    // Hands over what was written; called at each tick of the loop.
    void flush() noexcept;

private:
    static constexpr std::size_t full = 32 * 1024;
    static constexpr std::size_t usual_line = 4 * 1024; // with every byte escaped

    access_log& log_;
    access_line line_;
    const std::uint32_t sample_;
    std::uint32_t until_next_ = 1; // request that has a line in any case
    access_log::buffer buffer_;
};

} // namespace mortise::observe
