// SPDX-License-Identifier: BSL-1.0
// Exchanges that are used again and again.
#pragma once

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
    // Gives up on those that run on without a connection.
    void stop(const http::problem& why) noexcept;

    // How many are out: being served, or kept by a handler.
    std::size_t in_use() const noexcept { return all_.size() - free_.size(); }

private:
    std::vector<std::unique_ptr<exchange>> all_;
    std::vector<exchange*> free_;
};

} // namespace mortise::http1
