// SPDX-License-Identifier: BSL-1.0
// A handler's side of an exchange that may be given up.
#pragma once

#include "http/exchange.hpp"
#include "unit/http1/served.hpp"

#include <functional>
#include <string>
#include <vector>

namespace mortise::http1::test {

// Writes down what it is told, and in which order. Outlives the exchange.
class noting_observer final : public http::exchange_observer, public http::content_read {
public:
    std::vector<std::string> notes;
    std::function<void()> when_abandoned = [] {};

    void on_abandoned(const http::problem& why) noexcept override {
        notes.push_back("abandoned " + std::to_string(why.status));
        when_abandoned();
    }
    void complete(std::size_t size) override { notes.push_back("read " + std::to_string(size)); }
    void fail(const http::problem& why) override {
        notes.push_back("read failed " + std::to_string(why.status));
    }
};

using notes = std::vector<std::string>;

// A connection whose handler keeps each exchange and observes it.
struct observed : served {
    noting_observer observer;
    http::exchange* kept = nullptr;
    std::function<void(http::exchange&)> prepare = [](http::exchange&) {};

    observed() {
        handler.on_request = [this](http::exchange& exchange) {
            kept = &exchange;
            exchange.observe(&observer);
            prepare(exchange);
        };
    }
    std::string ask() {
        open();
        return send(get("/a"));
    }
    std::string answer(std::string_view content) {
        kept->respond({.content = content});
        return receive();
    }
};

} // namespace mortise::http1::test
