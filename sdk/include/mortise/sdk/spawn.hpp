// SPDX-License-Identifier: BSL-1.0
// Tasks that outlive the request that began them.
#pragma once

#include <mortise/sdk/detail/loop_state.hpp>
#include <mortise/sdk/exchange.hpp>
#include <mortise/sdk/task.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// Calls work() and runs its task in the background, on the loop of the exchange, for as long as it
// takes; it is cancelled when the plugin is to go, which waits for its end. An exception that
// leaves it is logged. The callable is kept until then: what it captures, it may use; the exchange
// and views of its request, it may not.
//
//     auto work = [this, id = std::string{request.param("id")}]() -> mortise::task<> { … };
//     mortise::spawn(exchange, work);
template <class Work>
    requires std::same_as<std::invoke_result_t<std::decay_t<Work>&>, task<void>>
void spawn(exchange& exchange, Work&& work) {
    using spawned = detail::spawned<std::decay_t<Work>>;
    auto begun = std::make_unique<spawned>(exchange.loop(), std::forward<Work>(work));
    begun->begin();
    begun.release(); // deletes itself at its end
}

} // namespace sdk_v0
} // namespace mortise
