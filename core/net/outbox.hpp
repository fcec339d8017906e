// SPDX-License-Identifier: BSL-1.0
// What one connection could not write yet: copied bytes, lent content and lent files, in order.
#pragma once

#include "base/result.hpp"
#include "net/lent_file.hpp"

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

constexpr auto file_ends_early = boost::system::errc::no_message;

// Exists only while a connection's peer reads slower than it is answered. Thread: its loop's.
class outbox {
public:
    // Copies `bytes`.
    void append(std::string_view bytes);
    // Keeps `content` until it is written; the first `written` bytes are already.
    void append(lent_content content, std::size_t written);

    // Keeps `file` until the rest of it is written.
    void append(lent_file file);

    enum class progress {
        done,    // everything is written
        blocked, // the stream is full
        paused   // much of a file was written: it is the others' turn
    };
    // Writes what the stream takes now. A file that ends before its range does is the error
    // file_ends_early.
    base::result<progress> write_to(stream& stream);

    std::size_t size() const noexcept { return size_; }

private:
    struct piece {
        std::string copied;
        lent_content lent;
        std::size_t written;
        lent_file file{};
        std::string_view rest() const noexcept {
            return (copied.empty() ? lent.bytes() : std::string_view{copied}).substr(written);
        }
        std::size_t rest_size() const noexcept {
            return file.is_there() ? static_cast<std::size_t>(file.rest()) : rest().size();
        }
        void skip(std::size_t size) noexcept {
            file.is_there() ? file.skip(size) : static_cast<void>(written += size);
        }
    };
    base::result<std::size_t> write_bytes(stream& stream);
    base::result<std::size_t> write_file(stream& stream, std::size_t most);
    void drop(std::size_t written) noexcept;

    std::deque<piece> pieces_;
    std::size_t size_ = 0;
};

} // namespace mortise::net
