// SPDX-License-Identifier: BSL-1.0
// Exchanges that are used again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mortise::http {
struct problem;
}

namespace mortise::http1 {

class exchange;
struct workspace;

// Owns every exchange of a loop, those that a handler has kept among them. Thread: its loop's.
class exchange_pool {
public:
    exchange_pool();
    ~exchange_pool();

    // A clean exchange; it comes back by give_back().
    exchange& take(workspace& workspace);
    void give_back(exchange& used) noexcept;
    // The same while a handler runs, which may still use its memory: that stays until recycle().
    // True: it is the first one since, and somebody shall see to that.
    bool retire(exchange& used) noexcept;
    // While no handler runs.
    void recycle() noexcept;
    // Gives up on those that run on without a connection.
    void stop(const http::problem& why) noexcept;

    // Whether one is out that began in this cohort. Looks at every exchange.
    bool has_of(std::uint32_t cohort) const noexcept;

    // How many are out: being served, or kept by a handler.
    std::size_t in_use() const noexcept { return all_.size() - free_count_; }

private:
    std::vector<std::unique_ptr<exchange>> all_;
    exchange* free_ = nullptr;    // the first of a list
    exchange* retired_ = nullptr; // likewise
    std::size_t free_count_ = 0;  // in both
};

} // namespace mortise::http1
