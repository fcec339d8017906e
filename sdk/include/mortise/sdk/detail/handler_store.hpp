// SPDX-License-Identifier: BSL-1.0
// Where the handlers of an instance live.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/trampoline.hpp>
#include <mortise/sdk/detail/view.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Owns every handler that an instance registered, each at an address of its own until the
// instance is destroyed. Control thread only.
class handler_store {
public:
    explicit handler_store(const detail::services& services) noexcept : services_{services} {}

    // `enter` is the trampoline for this kind of handler.
    template <class Handler>
    void add(mortise_route route, mortise_handle enter, Handler&& handler) {
        using stored = bound_handler<std::decay_t<Handler>>;
        auto bound = std::make_unique<stored>(services_, std::forward<Handler>(handler));
        route.handle = enter;
        route.user = bound.get();
        handlers_.push_back(std::move(bound));
        if (services_.host.add_route(services_.instance, &route) != MORTISE_OK) {
            throw std::invalid_argument{
                "the host refuses the route " + std::string{from_abi(route.method)} + " " +
                std::string{from_abi(route.host)} + std::string{from_abi(route.pattern)}};
        }
    }

private:
    const detail::services& services_;
    std::vector<std::unique_ptr<stored_handler>> handlers_;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
