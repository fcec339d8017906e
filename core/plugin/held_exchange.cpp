// SPDX-License-Identifier: BSL-1.0
// Memory of an exchange, and word of its end.
#include "plugin/held_exchange.hpp"

#include "plugin/instance.hpp"
#include "plugin/loop_handle.hpp"
#include "plugin/roll.hpp"

#include <new>
#include <string>
#include <type_traits>

namespace mortise::plugin {
namespace {

// Lives in the exchange's memory.
class cancel_notice final : public http::exchange_observer {
public:
    cancel_notice(instance& owner, void (*call)(void*), void* user) noexcept
        : owner_{owner}, call_{call}, user_{user} {}

    void on_abandoned(const http::problem&) noexcept override {
        owner_.call_quietly("the call of on_cancel()", [this] { call_(user_); });
    }

private:
    instance& owner_;
    void (*call_)(void*);
    void* user_;
};
static_assert(std::is_trivially_destructible_v<cancel_notice>);

} // namespace

[[gnu::cold]] exchange_call refuse_call(mortise_exchange number, const char* function) noexcept {
    const auto* const table = exchange_table::of_this_thread();
    const auto parts = exchange_number::unpack(number);
    const bool is_here = table != nullptr && table->loop().index() == parts.loop;
    roll::report_fault(
        parts.instance,
        std::string{function} +
            (is_here ? ": the exchange is over, or never was"
                     : ": called on a thread that is not the exchange's loop: " + this_thread()));
    return {{}, is_here ? MORTISE_E_STATE : MORTISE_E_THREAD};
}

void* allocate(mortise_exchange number, std::size_t size, std::size_t alignment) noexcept {
    const auto call = find_exchange(number, "allocate()");
    if (call.held.exchange == nullptr) {
        return nullptr;
    }
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
        call.held.route->report_fault("allocate(): the alignment " + std::to_string(alignment) +
                                      " is no power of two");
        return nullptr;
    }
    auto& memory = call.held.exchange->memory();
    if (const auto most = call.held.route->owner().limits().memory; most != 0) {
        memory.limit_heap(most); // where the route has not: it may not wait
    }
    try {
        return memory.allocate(size, alignment);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

std::int32_t on_cancel(mortise_exchange number, void (*call)(void* user), void* user) noexcept {
    const auto found = find_exchange(number, "on_cancel()");
    if (found.held.exchange == nullptr) {
        return found.refusal;
    }
    http::exchange& exchange = *found.held.exchange;
    if (exchange.is_answered()) { // by the host, in the place of the plugin
        return MORTISE_E_CANCELLED;
    }
    if (call == nullptr) {
        exchange.observe(nullptr);
        return MORTISE_OK;
    }
    try {
        void* const place =
            exchange.memory().allocate(sizeof(cancel_notice), alignof(cancel_notice));
        exchange.observe(new (place) cancel_notice{found.held.route->owner(), call, user});
        return MORTISE_OK;
    } catch (const std::bad_alloc&) {
        return MORTISE_E_MEMORY;
    }
}

} // namespace mortise::plugin
