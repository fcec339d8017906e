// SPDX-License-Identifier: BSL-1.0
// Handlers that stream their responses, and what a client must receive of them.
#pragma once

#include "unit/http1/observing.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mortise::http1::test {

using writing = http::write_progress::state;

// More than a connection writes at once.
inline const std::string large(100'000, 'x');

// An observed connection with a handler whose writes are noted, too.
struct streaming : observed {
    struct noting_write final : http::content_write {
        explicit noting_write(noting_observer& to) : observer{to} {}
        noting_observer& observer;
        std::function<void()> when_complete = [] {};
        void complete() override {
            observer.notes.push_back("written");
            when_complete();
        }
        void fail(const http::problem& why) override {
            observer.notes.push_back("write failed " + std::to_string(why.status));
        }
    };
    noting_write write{observer};

    bool begin(std::optional<std::uint64_t> length = std::nullopt) {
        return kept->begin_response({}, length);
    }
    writing put(std::string_view piece) { return kept->write_content(piece, write).now; }
    // Begins within the handler's call, and is asked.
    std::string ask_begun(std::optional<std::uint64_t> length = std::nullopt) {
        prepare = [this, length](http::exchange&) { begin(length); };
        return ask();
    }
    // Lets the client take `step` bytes again and again until it receives no more.
    std::string take_all(std::size_t step) {
        std::string received;
        std::size_t before = 1;
        while (before != received.size()) {
            before = received.size();
            client.limit_room(0);
            client.give_room(step);
            received += receive();
        }
        return received;
    }
};

inline const std::string chunked_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
inline const std::string last_chunk_text = "0\r\n\r\n";

inline std::string chunk(std::string_view piece) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx", piece.size());
    return std::string{size} + "\r\n" + std::string{piece} + "\r\n";
}

} // namespace mortise::http1::test
