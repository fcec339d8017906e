// SPDX-License-Identifier: BSL-1.0
// The one way from the host into a handler and back: nothing unwinds beyond it.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/send.hpp>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/error.hpp>
#include <mortise/sdk/log.hpp>
#include <mortise/sdk/request.hpp>
#include <mortise/sdk/response.hpp>

#include <cstdint>
#include <exception>
#include <new>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// What the trampoline needs beside the handler itself; the `user` of its route points here.
struct stored_handler {
    explicit stored_handler(const detail::services& of) noexcept : host{of.host}, services{of} {}
    stored_handler(const stored_handler&) = delete;
    stored_handler& operator=(const stored_handler&) = delete;
    virtual ~stored_handler() = default;

    const mortise_host& host;
    const detail::services& services;
};

template <class Handler>
struct bound_handler final : stored_handler {
    template <class From>
    bound_handler(const detail::services& of, From&& handler)
        : stored_handler{of}, call(std::forward<From>(handler)) {}

    const Handler call;
};

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

// Inside a catch: turns the exception into an answer, or into a log line and a result for which
// the host answers 500.
[[gnu::cold]] inline std::int32_t answer_exception(const stored_handler& from,
                                                   mortise_exchange exchange) noexcept {
    const log log{from.services, exchange};
    try {
        try {
            throw;
        } catch (const http_error& error) {
            response answer = text(error.what(), '\n').with_status(error.status());
            send(from.services, exchange, answer);
            return MORTISE_REPLIED;
        } catch (const std::bad_alloc&) {
            log.error("a handler has no memory");
            reply_plainly(from.host, exchange, 503, "Service Unavailable\n");
            return MORTISE_REPLIED;
        } catch (const std::exception& error) {
            log.error("a handler threw: ", error.what());
        } catch (...) {
            log.error("a handler threw what is no std::exception");
        }
    } catch (...) {
        return MORTISE_E_MEMORY;
    }
    return MORTISE_E_FAILED;
}

// What the host calls: the `handle` of each route with a plain handler.
template <class Handler>
std::int32_t enter_handler(void* user, mortise_exchange exchange,
                           const mortise_request* raw) noexcept {
    const auto& bound = *static_cast<const bound_handler<Handler>*>(user);
    try {
        response answer = bound.call(request{*raw, {&bound.services, exchange, nullptr}});
        send(bound.services, exchange, answer);
        return MORTISE_REPLIED;
    } catch (...) {
        return answer_exception(bound, exchange);
    }
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
