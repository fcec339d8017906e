// SPDX-License-Identifier: BSL-1.0
// What one connection could not write yet: copied bytes and lent content, in order.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>

namespace mortise::net {

class stream;

// Content that somebody lends until release(argument) is called, exactly once.
class lent_content {
public:
    lent_content(std::string_view bytes, void (*release)(void*) noexcept, void* argument) noexcept
        : bytes_{bytes}, release_{release}, argument_{argument} {}
    lent_content(lent_content&& other) noexcept;
    lent_content& operator=(lent_content&&) = delete;
    ~lent_content();

    std::string_view bytes() const noexcept { return bytes_; }

private:
    std::string_view bytes_;
    void (*release_)(void*) noexcept;
    void* argument_;
};

// Exists only while a connection's peer reads slower than it is answered. Thread: its loop's.
class outbox {
public:
    // Copies `bytes`.
    void append(std::string_view bytes);
    // Keeps `content` until it is written; the first `written` bytes are already.
    void append(lent_content content, std::size_t written);

    // Writes what the stream takes now. True: everything is written. False: the stream is full.
    base::result<bool> write_to(stream& stream);

    std::size_t size() const noexcept { return size_; }

private:
    struct piece {
        std::string copied;
        lent_content lent;
        std::size_t written;
        std::string_view rest() const noexcept {
            return (copied.empty() ? lent.bytes() : std::string_view{copied}).substr(written);
        }
    };
    void drop(std::size_t written) noexcept;

    std::deque<piece> pieces_;
    std::size_t size_ = 0;
};

} // namespace mortise::net
