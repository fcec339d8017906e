// SPDX-License-Identifier: BSL-1.0
// Reading a request's content piece by piece, with back-pressure.
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

} // namespace mortise::http
