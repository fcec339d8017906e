// SPDX-License-Identifier: BSL-1.0
// A plain handler that runs where it may block.
#pragma once

#include <mortise/sdk/exchange.hpp>
#include <mortise/sdk/identity.hpp>
#include <mortise/sdk/offload.hpp>
#include <mortise/sdk/response.hpp>
#include <mortise/sdk/task.hpp>

#include <concepts>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Stands where a handler that waits would, at one address for the life of the instance.
template <class Handler>
class blocking_handler {
public:
    explicit blocking_handler(Handler handler) : handler_{std::move(handler)} {}

    task<response> operator()(exchange& exchange) const {
        if constexpr (std::invocable<const Handler&, const request&, const identity&>) {
            const identity who = exchange.identity(); // which the pool cannot ask for
            auto work = [&] { return handler_(exchange.request(), who); };
            co_return co_await offload(work);
        } else {
            auto work = [&] { return handler_(exchange.request()); };
            co_return co_await offload(work);
        }
    }

private:
    Handler handler_;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
