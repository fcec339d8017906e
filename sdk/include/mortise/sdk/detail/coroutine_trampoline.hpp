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

// Answers without taking memory.
[[gnu::cold]] inline void reply_plainly(const mortise_host& host, mortise_exchange exchange,
                                        std::uint32_t status, std::string_view content) noexcept {
    const mortise_field media_type{to_abi("Content-Type"), to_abi("text/plain; charset=utf-8")};
    mortise_reply reply{};
    reply.size = sizeof reply;
    reply.status = status;
    reply.field_count = 1;
    reply.fields = &media_type;
    reply.content = to_abi(content);
    host.reply(exchange, &reply);
}

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

inline constexpr std::size_t first_frames = 1024; // bytes

// A handler's coroutine and what it runs in. Lives in the memory of its request, with room behind
// it for the first frames. Result: response, std::optional<response> of a filter, or void where it
// is streamed.
template <class Result>
class alignas(std::max_align_t) running_exchange final : public completion {
public:
    running_exchange(const stored_handler& handler, mortise_exchange number,
                     const mortise_request& raw) noexcept
        : handler_{handler},
          exchange_{handler.services, number, raw, this + 1, first_frames},
          scope_{handler.services} {}

    mortise::exchange& exchange() noexcept { return exchange_; }

    // True: it is over, and so is this. False: it waits.
    bool run(task<Result> work) {
        bool is_over = false;
        is_over_ = &is_over;
        frame_ = work.release();
        frame_.promise().begin(scope_, *this);
        frame_.resume();
        if (!is_over) {
            is_over_ = nullptr;
            listen();
        }
        return is_over;
    }

    std::coroutine_handle<> on_done() noexcept override {
        if (is_over_ != nullptr) {
            *is_over_ = true;
        }
        const stored_handler& handler = handler_;
        const mortise_exchange number = exchange_.number();
        auto& promise = frame_.promise();
        const std::exception_ptr thrown = promise.thrown();
        if (exchange_.is_streamed()) {
            end();
            end_stream(handler, number, thrown);
        } else if (thrown != nullptr) [[unlikely]] {
            end();
            answer_thrown(handler, number, thrown);
        } else if constexpr (std::is_void_v<Result>) {
            end();
            log{handler.services, number}.error("a handler ended without a response");
            reply_plainly(handler.host, number, 500, "Internal Server Error\n");
        } else if constexpr (std::same_as<Result, std::optional<response>>) {
            std::optional<response> answer = promise.take();
            end();
            if (answer) {
                answer_with(handler, number, *answer);
            } else {
                handler.services.filter->go_on(number);
            }
        } else {
            response answer = promise.take();
            end();
            answer_with(handler, number, answer);
        }
        return std::noop_coroutine();
    }

private:
    // The handler's locals go before the reply does: the reply ends the memory that they are in.
    void end() noexcept {
        frame_.destroy();
        this->~running_exchange();
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

    static void answer_with(const stored_handler& handler, mortise_exchange number,
                            response& answer) noexcept {
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
    bool* is_over_ = nullptr; // while the host's call is on the stack
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
    void* const memory = bound.host.allocate(number, sizeof(running_exchange) + first_frames,
                                             alignof(running_exchange));
    if (memory == nullptr) {
        return MORTISE_E_MEMORY;
    }
    auto* const running = new (memory) running_exchange{bound, number, *raw};
    try {
        return running->run(bound.call(running->exchange())) ? MORTISE_REPLIED : MORTISE_PENDING;
    } catch (...) { // before it began
        return answer_exception(bound, number);
    }
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
