// SPDX-License-Identifier: BSL-1.0
// Taking and giving back.
#include "http1/exchange_pool.hpp"

#include "http1/exchange.hpp"

namespace mortise::http1 {

exchange_pool::exchange_pool() = default;
exchange_pool::~exchange_pool() = default;

exchange& exchange_pool::take(workspace& workspace) {
    if (free_.empty()) {
        free_.reserve(all_.size() + 1);
        all_.push_back(std::make_unique<exchange>(workspace));
        return *all_.back();
    }
    exchange& taken = *free_.back();
    free_.pop_back();
    return taken;
}

[[gnu::hot]] void exchange_pool::give_back(exchange& used) noexcept {
    used.reset();
    free_.push_back(&used);
}

void exchange_pool::stop(const http::problem& why) noexcept {
    for (const auto& each : all_) {
        each->stop(why);
    }
}

} // namespace mortise::http1
