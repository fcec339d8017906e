// SPDX-License-Identifier: BSL-1.0
// What one thread puts into another loop's mailbox.
#pragma once

#include <boost/intrusive/slist.hpp>

namespace mortise::async {

// Posting it allocates nothing. It stands in at most one mailbox at a time, and stays at its
// address until deliver() is entered, which may destroy it.
class letter : public boost::intrusive::slist_base_hook<> {
public:
    letter(const letter&) = delete;
    letter& operator=(const letter&) = delete;

    // Once, on the thread of the loop that it was posted to.
    virtual void deliver() noexcept = 0;
    // Instead, where the loop is destroyed before it has delivered.
    virtual void discard() noexcept {}

protected:
    letter() = default;
    ~letter() = default;
};

} // namespace mortise::async
