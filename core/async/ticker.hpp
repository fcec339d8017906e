// SPDX-License-Identifier: BSL-1.0
// A loop's one periodic tick, which serves all its deadlines.
#pragma once

#include "base/clock.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace mortise::async {

class loop;

// Thread: its loop's.
class ticker {
public:
    // `on_tick` runs every `period` while the ticker is on, and says whether it is still needed.
    ticker(loop& loop, base::milliseconds period, std::function<bool()> on_tick);

    // Turns it on; idle loops stay off and sleep.
    void start();
    // `on_tick` did not return: the next tick comes all the same. Else nothing.
    void go_on();

private:
    void wait();

    boost::asio::steady_timer timer_;
    base::milliseconds period_;
    std::function<bool()> on_tick_;
    bool on_ = false;
    bool is_ticking_ = false;
};

} // namespace mortise::async
