// SPDX-License-Identifier: BSL-1.0
// Content piece by piece, with back-pressure: a request's is read, a response's is written.
#pragma once

#include "http/problem.hpp"

#include <cstddef>

namespace mortise::http {

// One outstanding read, owned by the reader, which keeps it alive until complete() was called.
// complete() or fail() runs on the exchange's loop, exactly once for each read that was left
// pending; or neither, where the exchange is answered before, which ends the read.
class content_read {
public:
    // `size` bytes were put in the reader's room; 0 is the end of the content.
    virtual void complete(std::size_t size) = 0;
    // No more content will come: framing broke, a limit was passed, or the client left. The
    // exchange is still the handler's to answer; an answer to a client that left goes nowhere.
    virtual void fail(const problem& why) = 0;

protected:
    ~content_read() = default;
};

// What a read came to at once.
struct read_progress {
    enum class state { done, pending, failed };
    state now;
    std::size_t size = 0; // with done; 0 is the end of the content
    problem why{};        // with failed
};

// One outstanding write, owned by the writer, which keeps it and the piece alive until complete()
// or fail() was called. One of them runs on the exchange's loop, in the connection's own turn,
// exactly once for each write that was left pending; or neither, where the handler ends the
// exchange before, by abort_response() or while its observer is told. Then the piece is not touched
// after that call.
class content_write {
public:
    // The piece was taken: the next one may be written.
    virtual void complete() = 0;
    // Nobody will take it, nor what comes behind it. The exchange is still the handler's to end.
    virtual void fail(const problem& why) = 0;

protected:
    ~content_write() = default;
};

// What a write came to at once.
struct write_progress {
    enum class state {
        done,    // copied or sent
        pending, // the client reads slower: the piece is borrowed, not copied
        failed   // the client has left, or the write broke a rule
    };
    state now;
    problem why{}; // with failed
};

} // namespace mortise::http
