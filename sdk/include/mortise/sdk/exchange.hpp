// SPDX-License-Identifier: BSL-1.0
// What a handler that waits is given.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/content_operations.hpp>
#include <mortise/sdk/detail/frame_memory.hpp>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/log.hpp>
#include <mortise/sdk/request.hpp>
#include <mortise/sdk/task.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace mortise {
inline namespace sdk_v0 {
class exchange;

namespace detail {
class loop_state;
task<std::string> read_all(exchange& from);
} // namespace detail

// One request on its way to its response. Valid, with its request and every view from that, until
// the handler's task is over: a task that the handler awaits may use it, one that it spawns may
// not. Thread: its loop's.
class exchange {
public:
    // Used by the SDK.
    exchange(const detail::services& services, mortise_exchange number, const mortise_request& raw,
             void* memory, std::size_t size) noexcept
        : services_{services},
          number_{number},
          request_{raw, {&services, number, nullptr}},
          loop_{static_cast<detail::loop_state*>(raw.loop_state)},
          frames_{services.host, number, memory, size} {}
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    const mortise::request& request() const noexcept { return request_; }

    // As request().identity().
    mortise::identity identity() const { return request_.identity(); }

    // Reads the next piece of the request's content into `into`, which is not empty, and gives the
    // number of bytes that came; 0 at the end. One read at a time. Throws http_error with the
    // status that says why where no more will come: it is broken (400), too slow (408), too large
    // (413).
    //
    //     while (const std::size_t size = co_await exchange.read_some(room)) { … }
    detail::read_awaiter read_some(std::span<char> into) noexcept {
        return detail::read_awaiter{number_, into};
    }
    // Reads all that is left of it, at most the route's limit.
    task<std::string> read_all() { return detail::read_all(*this); }

    // The plugin's log; the number of this exchange and the request's id are added to each line.
    mortise::log log() const noexcept { return mortise::log{services_, number_}; }

    // Used by the SDK.
    void set_streamed() noexcept { is_streamed_ = true; }
    bool is_streamed() const noexcept { return is_streamed_; }
    const detail::services& services() const noexcept { return services_; }
    mortise_exchange number() const noexcept { return number_; }
    detail::loop_state& loop() const noexcept { return *loop_; }
    detail::frame_memory& frames() noexcept { return frames_; }

private:
    const detail::services& services_;
    mortise_exchange number_;
    mortise::request request_;
    detail::loop_state* loop_;
    bool is_streamed_ = false; // its response has begun
    detail::frame_memory frames_;
};

namespace detail {

inline frame_memory& frames_of(exchange& from) noexcept {
    return from.frames();
}

inline task<std::string> read_all(exchange& from) {
    std::string all;
    char piece[4096];
    while (const std::size_t size = co_await from.read_some(piece)) {
        all.append(piece, size);
    }
    co_return all;
}

} // namespace detail

} // namespace sdk_v0
} // namespace mortise
