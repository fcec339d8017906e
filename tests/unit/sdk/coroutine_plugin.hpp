// SPDX-License-Identifier: BSL-1.0
// A plugin whose handlers are the test's own, and objects that count their destructors.
#pragma once

#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <functional>
#include <string>
#include <utility>

namespace mortise::test {

using namespace std::chrono_literals;

// Alive from its making to the end of its scope; a frame that leaks leaves it counted.
class counted {
public:
    counted() noexcept { ++alive_; }
    counted(const counted&) noexcept { ++alive_; }
    counted& operator=(const counted&) = default;
    ~counted() { --alive_; }
    static int alive() noexcept { return alive_; }

private:
    static inline int alive_ = 0;
};

// GET /whole answers with a response, GET /stream streams, as the running test says.
class coroutine_plugin {
public:
    static inline std::function<task<response>(exchange&)> whole;
    static inline std::function<task<>(exchange&)> streamed;

    void routes(mortise::routes& on) {
        on.get("/whole", [](exchange& exchange) { return whole(exchange); });
        on.post("/whole", content_limit{100}, [](exchange& exchange) { return whole(exchange); });
        on.get("/stream", [](exchange& exchange) { return streamed(exchange); });
    }
};

inline task<std::string> slow(std::string name, std::chrono::milliseconds time = 100ms) {
    const counted here;
    co_await sleep_for(time);
    co_return name;
}

inline task<int> failing(std::string why, std::chrono::milliseconds time = 50ms) {
    const counted here;
    co_await sleep_for(time);
    throw std::runtime_error{why};
}

// One loaded coroutine_plugin behind a host with virtual time.
struct coroutine_host {
    testing::host host;
    testing::plugin plugin = host.load<coroutine_plugin>();

    testing::answer ask(std::function<task<response>(exchange&)> handler) {
        coroutine_plugin::whole = std::move(handler);
        return plugin.send(testing::get("/whole"));
    }
    testing::pending begin(std::function<task<response>(exchange&)> handler) {
        coroutine_plugin::whole = std::move(handler);
        return plugin.begin(testing::get("/whole"));
    }
    testing::pending stream(std::function<task<>(exchange&)> handler) {
        coroutine_plugin::streamed = std::move(handler);
        return plugin.begin(testing::get("/stream"));
    }
};

} // namespace mortise::test
