// SPDX-License-Identifier: BSL-1.0
// Letters to the loops, and back.
#include "server/roll_call.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mortise::server {

void roll_call::ask(std::function<void(const reports&)> then) {
    asking_.push_back(std::move(then));
    if (asking_.size() > 1) {
        return;
    }
    for (std::size_t loop = 0; loop < places_.size(); ++loop) {
        places_[loop].said.reset();
        ask(loop);
    }
    end_.expires_after(patience_);
    end_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            finish();
        }
    });
}

void roll_call::ask(std::size_t loop) {
    if (std::exchange(places_[loop].is_asked, true)) {
        return;
    }
    workers_[loop]->loop().post([this, loop, &asked = *workers_[loop]] {
        const loop_report said{asked.connection_count(), asked.exchange_count()};
        boost::asio::post(control_, [this, loop, said] { on_report(loop, said); });
    });
}

void roll_call::on_report(std::size_t loop, const loop_report& said) {
    places_[loop] = {.is_asked = false, .said = said};
    if (std::ranges::all_of(places_, [](const place& each) { return each.said.has_value(); })) {
        finish();
    }
}

// Those who are told may ask again.
void roll_call::finish() {
    end_.cancel();
    reports all;
    std::ranges::transform(places_, std::back_inserter(all), &place::said);
    for (const auto& tell : std::exchange(asking_, {})) {
        tell(all);
    }
}

} // namespace mortise::server
