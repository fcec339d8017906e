// SPDX-License-Identifier: BSL-1.0
// What the server of the cases serves: a few plain handlers behind the real router.
#pragma once

#include "http/exchange.hpp"
#include "http/handler.hpp"
#include "routing/router.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::conformance {

class page; // a route's handler
class ignored_write;

// README.md lists the routes. Thread: the test's.
class site final : public http::handler {
public:
    site();
    ~site();

    void handle(http::exchange& exchange) noexcept override;

    // Whether a request for /smuggled, whatever its method, came so far.
    bool was_smuggled() const noexcept { return was_smuggled_; }

    // The exchange whose response has begun, or the oldest that /later keeps, is answered, or has
    // its content read and sent back, as a piece where the response has begun.
    bool answer_kept();
    bool read_kept();
    void keep(http::exchange& exchange) { kept_.push_back(&exchange); }

    // The oldest exchange that /later keeps begins a response in pieces; then the one that has
    // begun goes on. `piece` lives as long as the site. False: there is none.
    bool begin_kept(std::optional<std::uint64_t> length);
    bool write_stream(std::string_view piece);
    bool end_stream();
    bool break_stream_off();

private:
    void add(std::string method, std::string pattern, void (*serve)(site&, http::exchange&));
    http::exchange* take_kept();

    std::vector<std::unique_ptr<page>> pages_;
    std::vector<routing::route> routes_;
    std::unique_ptr<routing::router> router_;
    std::deque<http::exchange*> kept_;
    http::exchange* streamed_ = nullptr;
    std::unique_ptr<ignored_write> write_;
    bool was_smuggled_ = false;
};

} // namespace mortise::conformance
