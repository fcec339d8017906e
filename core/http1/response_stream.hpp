// SPDX-License-Identifier: BSL-1.0
// A response under way piece by piece.
#pragma once

#include "http/content.hpp"
#include "http1/message_writer.hpp"
#include "net/output.hpp"

#include <cstddef>
#include <cstdint>

namespace mortise::http1 {

// Exists from begin_response() until its exchange is given back. Thread: its connection's loop.
struct response_stream {
    unsigned status;
    message_framing framing;
    bool has_content;         // false: to HEAD, or 204 or 304; pieces are counted and dropped
    std::uint64_t length = 0; // announced, with message_framing::length
    std::uint64_t size = 0;   // of the content that the handler has written

    // What was written outside of the connection's turns waits for the next one, so that many
    // small pieces leave in one send.
    net::output held{};

    http::content_write* write = nullptr; // pending
    std::size_t write_size = 0;           // of its piece
    std::size_t size_in_turn = 0;         // written since the turn began
};

} // namespace mortise::http1
