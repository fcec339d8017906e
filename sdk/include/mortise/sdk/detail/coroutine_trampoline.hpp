// SPDX-License-Identifier: BSL-1.0
// The way from the host into a handler that waits, and from its end back.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/scope.hpp>
#include <mortise/sdk/detail/send.hpp>
#include <mortise/sdk/detail/trampoline.hpp>
#include <mortise/sdk/exchange.hpp>
#include <mortise/sdk/task.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Answers for a task that threw.
[[gnu::cold]] inline void answer_thrown(const stored_handler& from, mortise_exchange exchange,
                                        const std::exception_ptr& thrown) noexcept {
    try {
        std::rethrow_exception(thrown);
    } catch (const cancelled&) {
        return reply_plainly(from.host, exchange, 503, "Service Unavailable\n");
    } catch (...) {
        if (answer_exception(from, exchange) != MORTISE_REPLIED) {
            reply_plainly(from.host, exchange, 500, "Internal Server Error\n");
        }
    }
}

// Logs what a task threw whose response has begun.
[[gnu::cold]] inline void report_thrown(const stored_handler& from, mortise_exchange exchange,
                                        const std::exception_ptr& thrown) noexcept {
    const log log{from.services, exchange};
    try {
        std::rethrow_exception(thrown);
    } catch (const cancelled&) { // the client has left, or is made to
    } catch (const std::exception& error) {
        log.error("a handler threw in its stream: ", error.what());
    } catch (...) {
        log.error("a handler threw in its stream what is no std::exception");
    }
}

struct stretch {
    void* start;
    std::size_t size;
};

// For a host that gives none with the request, or too little. Null: there is none.
[[gnu::cold, gnu::noinline]] inline stretch
more_memory(const mortise_host& host, mortise_exchange number, std::size_t least) noexcept {
    constexpr std::size_t frames = 1024;
    return {host.allocate(number, least + frames, alignof(std::max_align_t)), least + frames};
}

// A handler's coroutine and what it runs in. Lives in the memory of its request, with the first
// frames behind it. Result: response, std::optional<response> of a filter, or void where it
// is streamed.
template <class Result>
class alignas(std::max_align_t) running_exchange final : public completion {
public:
    running_exchange(const stored_handler& handler, mortise_exchange number,
                     const mortise_request& raw, std::size_t frames) noexcept
        : handler_{handler},
          exchange_{handler.services, number, raw, this + 1, frames},
          scope_{handler.services} {}

    mortise::exchange& exchange() noexcept { return exchange_; }

    // MORTISE_REPLIED: it is over, and so is this. MORTISE_PENDING: it waits.
    [[gnu::always_inline]] std::int32_t run(task<Result>&& work) {
        const auto frame = work.release();
        frame.promise().run_in(scope_);
        frame.resume();
        frame_ = frame;
        if (!frame.done()) {
            frame.promise().tell(*this);
            listen();
            return MORTISE_PENDING;
        }
        finish();
        return MORTISE_REPLIED;
    }

    std::coroutine_handle<> on_done() noexcept override {
        finish();
        return std::noop_coroutine();
    }

private:
    // The locals of the coroutine are gone; its result is answered where it is, as the memory of
    // the exchange outlasts the answer until the host's call returns. Inlined: it is the end of
    // every request.
    [[gnu::always_inline]] void finish() noexcept {
        const mortise_exchange number = exchange_.number();
        auto& promise = frame_.promise();
        if (exchange_.is_streamed()) {
            end_stream(handler_, number, promise.thrown());
        } else if (promise.has_thrown()) [[unlikely]] {
            answer_thrown(handler_, number, promise.thrown());
        } else if constexpr (std::is_void_v<Result>) {
            log{handler_.services, number}.error("a handler ended without a response");
            reply_plainly(handler_.host, number, 500, "Internal Server Error\n");
        } else if constexpr (std::same_as<Result, std::optional<response>>) {
            if (auto& answer = promise.result()) {
                answer_with(handler_, number, *answer);
            } else {
                handler_.services.filter->go_on(number);
            }
        } else {
            answer_with(handler_, number, promise.result());
        }
        frame_.destroy(); // and this, which nothing needs to be destroyed of, goes with its memory
    }

    static void end_stream(const stored_handler& handler, mortise_exchange number,
                           const std::exception_ptr& thrown) noexcept {
        const mortise_content& content = *handler.services.content;
        if (thrown == nullptr && std::is_void_v<Result>) {
            content.end(number);
            return;
        }
        if (thrown == nullptr) {
            log{handler.services, number}.error("a handler returned a response behind a stream");
        } else {
            report_thrown(handler, number, thrown);
        }
        content.break_off(number);
    }

    [[gnu::always_inline]] static void
    answer_with(const stored_handler& handler, mortise_exchange number, response& answer) noexcept {
        try {
            send(handler.services, number, answer);
        } catch (...) {
            reply_plainly(handler.host, number, 500, "Internal Server Error\n");
        }
    }

    void listen() noexcept {
        const auto cancel = [](void* self) {
            static_cast<running_exchange*>(self)->scope_.cancel();
        };
        if (handler_.host.on_cancel(exchange_.number(), cancel, this) != MORTISE_OK) {
            scope_.cancel(); // it was given up, or could not be listened to
        }
    }

    const stored_handler& handler_;
    mortise::exchange exchange_;
    scope scope_;
    std::coroutine_handle<promise<Result>> frame_;
};

// What the host calls: the `handle` of each route with a handler that waits, and the on_request of
// such a filter. Bound is a bound_handler or a bound_filter.
template <class Bound>
std::int32_t enter_coroutine_of(void* user, mortise_exchange number,
                                const mortise_request* raw) noexcept {
    using task_of_handler =
        decltype(std::declval<const Bound&>().call(std::declval<mortise::exchange&>()));
    using running_exchange = detail::running_exchange<typename task_of_handler::value_type>;
    const auto& bound = *static_cast<const Bound*>(user);
    const bool is_given = raw->size >= sizeof *raw && raw->memory_size >= sizeof(running_exchange);
    const stretch memory = is_given ? stretch{raw->memory, raw->memory_size}
                                    : more_memory(bound.host, number, sizeof(running_exchange));
    if (!is_given && memory.start == nullptr) {
        return MORTISE_E_MEMORY;
    }
    auto* const running = new (memory.start)
        running_exchange{bound, number, *raw, memory.size - sizeof(running_exchange)};
    try {
        return running->run(bound.call(running->exchange()));
    } catch (...) { // before it began
        return answer_exception(bound, number);
    }
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
