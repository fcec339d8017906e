// SPDX-License-Identifier: BSL-1.0
// The tick's timer.
#include "async/ticker.hpp"

#include "async/loop.hpp"

#include <utility>

namespace mortise::async {

ticker::ticker(loop& loop, base::milliseconds period, std::function<bool()> on_tick)
    : timer_{loop.context()}, period_{period}, on_tick_{std::move(on_tick)} {}

void ticker::start() {
    if (!std::exchange(on_, true)) {
        wait();
    }
}

void ticker::go_on() {
    if (std::exchange(is_ticking_, false)) {
        wait();
    }
}

void ticker::wait() {
    timer_.expires_after(period_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) {
            return;
        }
        is_ticking_ = true;
        on_ = on_tick_();
        is_ticking_ = false;
        if (on_) {
            wait();
        }
    });
}

} // namespace mortise::async
