// SPDX-License-Identifier: BSL-1.0
// Taking and giving back.
#include "http1/exchange_pool.hpp"

#include "http1/exchange.hpp"

#include <algorithm>
#include <utility>

namespace mortise::http1 {

exchange_pool::exchange_pool() = default;
exchange_pool::~exchange_pool() = default;

exchange& exchange_pool::take(workspace& workspace) {
    if (free_ == nullptr) {
        all_.push_back(std::make_unique<exchange>(workspace));
        return *all_.back();
    }
    --free_count_;
    return *std::exchange(free_, free_->next_free);
}

[[gnu::hot]] void exchange_pool::give_back(exchange& used) noexcept {
    used.reset();
    used.memory().release();
    used.next_free = std::exchange(free_, &used);
    ++free_count_;
}

bool exchange_pool::retire(exchange& used) noexcept {
    used.reset();
    used.next_free = std::exchange(retired_, &used);
    ++free_count_;
    return used.next_free == nullptr;
}

void exchange_pool::recycle() noexcept {
    while (retired_ != nullptr) {
        exchange& used = *std::exchange(retired_, retired_->next_free);
        used.memory().release();
        used.next_free = std::exchange(free_, &used);
    }
}

bool exchange_pool::has_of(std::uint32_t cohort) const noexcept {
    return std::ranges::any_of(all_, [&](const auto& each) { return each->cohort() == cohort; });
}

void exchange_pool::stop(const http::problem& why) noexcept {
    for (const auto& each : all_) {
        each->stop(why);
    }
}

} // namespace mortise::http1
