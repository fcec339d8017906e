// SPDX-License-Identifier: BSL-1.0
// What one connection may take of the host: bytes, counts and time.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>

namespace mortise::http1 {

// Sizes are in bytes. Each limit is judged as bytes arrive, not when a message is complete.
struct limits {
    std::size_t target_size = 8 * 1024;       // the request target; more: 414
    std::size_t header_size = 16 * 1024;      // the header section, CRLFs included; more: 431
    std::size_t field_count = 100;            // field lines of the header section; more: 431
    std::uint64_t content_size = 1024 * 1024; // a request's content, unless a route says; 413
    std::size_t chunk_extension_size = 256;   // extensions of one chunk, ignored; more: 400
    std::size_t trailer_size = 8 * 1024;      // the trailer section, dropped; more: 431
    std::size_t drained_content_size =
        64 * 1024; // unread content that is read past to keep a connection

    // The most that target_size and header_size may come to together: a head must fit in a loop's
    // input buffer.
    static constexpr std::size_t largest_head = 48 * 1024;
};

// Each ends one kind of waiting.
struct deadlines {
    base::milliseconds header =
        std::chrono::seconds{10}; // first byte to end of header section; 408
    base::milliseconds content = std::chrono::seconds{30};    // between two pieces of content; 408
    base::milliseconds handler = std::chrono::seconds{60};    // from the head to the answer; 504
    base::milliseconds write = std::chrono::seconds{30};      // the client takes no byte; closed
    base::milliseconds keep_alive = std::chrono::seconds{75}; // between two requests; closed
    base::milliseconds linger = std::chrono::seconds{2}; // reading on after a last answer; closed
};

} // namespace mortise::http1
