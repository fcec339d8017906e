// SPDX-License-Identifier: BSL-1.0
// What the server of the cases serves: a few plain handlers behind the real router.
#pragma once

#include "http/handler.hpp"
#include "routing/router.hpp"

#include <deque>
#include <memory>
#include <vector>

namespace mortise::conformance {

class page; // a route's handler

// README.md lists the routes. Thread: the test's.
class site final : public http::handler {
public:
    site();
    ~site();

    void handle(http::exchange& exchange) noexcept override;

    // Whether a request for /smuggled, whatever its method, came so far.
    bool was_smuggled() const noexcept { return was_smuggled_; }

    // The oldest exchange that /later keeps: answered, or its content read and sent back.
    bool answer_kept();
    bool read_kept();
    void keep(http::exchange& exchange) { kept_.push_back(&exchange); }

private:
    void add(std::string method, std::string pattern, void (*serve)(site&, http::exchange&));
    http::exchange* take_kept();

    std::vector<std::unique_ptr<page>> pages_;
    std::vector<routing::route> routes_;
    std::unique_ptr<routing::router> router_;
    std::deque<http::exchange*> kept_;
    bool was_smuggled_ = false;
};

} // namespace mortise::conformance
