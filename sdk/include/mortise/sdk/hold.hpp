// SPDX-License-Identifier: BSL-1.0
// Keeping the plugin's code in place while something works that the host does not know of.
#pragma once

#include <mortise/abi/ext/hold.h>
#include <mortise/sdk/detail/operation.hpp>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/exchange.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// From its construction to its end the plugin is not taken down: the host that stops waits for it a
// few seconds, and then says the reason. For a thread of the plugin's own that works on behind an
// answer; tasks, offloaded work and requests hold the plugin by themselves. Made on the exchange's
// loop, moved and ended on any thread; the thread that ends it is joined by the plugin's
// destructor.
class hold {
public:
    // Throws cancelled where the plugin is being taken down already.
    hold(const exchange& from, std::string_view reason) : services_{&from.services()} {
        const auto& table = detail::needed(*services_, services_->hold, MORTISE_HOLD_EXTENSION);
        const auto status = table.hold(services_->instance, detail::to_abi(reason), &number_);
        if (status != MORTISE_OK) {
            detail::throw_failure(status, "hold");
        }
    }
    hold(hold&& other) noexcept
        : services_{std::exchange(other.services_, nullptr)}, number_{other.number_} {}
    hold& operator=(hold&& other) noexcept {
        std::swap(services_, other.services_);
        std::swap(number_, other.number_);
        return *this;
    }
    ~hold() {
        if (services_ != nullptr) {
            services_->hold->release(services_->instance, number_);
        }
    }

private:
    const detail::services* services_; // null: moved from
    std::uint64_t number_ = 0;
};

} // namespace sdk_v0
} // namespace mortise
