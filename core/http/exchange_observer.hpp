// SPDX-License-Identifier: BSL-1.0
// Who is told that an exchange is given up.
#pragma once

namespace mortise::http {

struct problem;

// Owned by the handler, which keeps it alive until the exchange is answered or another is set.
// Thread: the exchange's loop.
class exchange_observer {
public:
    // The connection has given up on an exchange that was not answered: nobody waits for the
    // answer any more. Called at most once for an exchange, and never from within a call that the
    // handler makes into one. A pending write, and then a pending read, fail after it.
    //
    // The handler still owes its answer, which goes nowhere; it may give it right here, which also
    // ends what is pending. `why.status` is 499 where the client has left, 504 or 408 where a
    // deadline has passed, and 503 where the server stops or has no memory to go on.
    virtual void on_abandoned(const problem& why) noexcept = 0;

protected:
    ~exchange_observer() = default;
};

} // namespace mortise::http
