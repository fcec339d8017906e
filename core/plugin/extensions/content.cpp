// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.content/1".
#include "http/content.hpp"

#include "http/exchange.hpp"
#include "plugin/extensions/extensions.hpp"
#include "plugin/extensions/start.hpp"
#include "plugin/held_exchange.hpp"
#include "plugin/reply.hpp"
#include "plugin/view.hpp"

#include <new>
#include <optional>
#include <span>
#include <string>

namespace mortise::plugin {
namespace {

// What the end of a read or write means to a plugin: a reason of its client's content has a status
// of its own, all else is that the exchange was given up.
struct outcome {
    std::int32_t status;
    std::uint64_t result;
};
outcome outcome_of(const http::problem& why) noexcept {
    switch (why.status) {
    case 400:
    case 408:
    case 413:
    case 431:
        return {MORTISE_E_CONTENT, why.status};
    default:
        return {MORTISE_E_CANCELLED, 0};
    }
}

class read_operation final : public pending_operation, public http::content_read {
public:
    read_operation(mortise_operation& operation, instance& owner, http::exchange& from) noexcept
        : pending_operation{operation, owner}, exchange_{from} {}

    const http::exchange* exchange() const noexcept override { return &exchange_; }
    void complete(std::size_t size) override { finish(MORTISE_OK, size); }
    void fail(const http::problem& why) override {
        const auto [status, result] = outcome_of(why);
        finish(status, result);
    }
    void cancel() noexcept override {
        exchange_.stop_reading();
        finish_cancelled_soon();
    }

private:
    http::exchange& exchange_;
};

class write_operation final : public pending_operation, public http::content_write {
public:
    write_operation(mortise_operation& operation, instance& owner, http::exchange& to) noexcept
        : pending_operation{operation, owner}, exchange_{to} {}

    const http::exchange* exchange() const noexcept override { return &exchange_; }
    void complete() override { finish(MORTISE_OK); }
    void fail(const http::problem&) override { finish(MORTISE_E_CANCELLED); }
    void cancel() noexcept override {
        exchange_.stop_writing();
        finish_cancelled_soon();
    }

private:
    http::exchange& exchange_;
};

// A call of this extension, whose exchange is one that waits.
exchange_call find_waiting(mortise_exchange number, const char* function) noexcept {
    auto call = find_exchange(number, function);
    if (call.held.exchange != nullptr && !call.held.route->route().may_wait()) {
        call.held.route->report_fault(std::string{function} +
                                      ": the route has no MORTISE_ROUTE_MAY_WAIT");
        return {{}, MORTISE_E_STATE};
    }
    if (call.held.exchange != nullptr && call.held.route->is_filter()) {
        call.held.route->report_fault(std::string{function} + ": a filter does not touch content");
        return {{}, MORTISE_E_STATE};
    }
    return call;
}

std::int32_t refuse(const exchange_call& call, const char* rule, std::int32_t code) noexcept {
    call.held.route->report_fault(std::string{"mortise.content/1: "} + rule);
    return code;
}

std::int32_t read(mortise_exchange number, char* into, std::size_t size,
                  mortise_operation* operation) noexcept {
    const auto call = find_waiting(number, "content read()");
    if (call.held.exchange == nullptr) {
        return call.refusal;
    }
    if (into == nullptr || size == 0 || !operation_list::is_startable(operation)) {
        return refuse(call, "read(): no room, or an operation without complete", MORTISE_E_INVALID);
    }
    http::exchange& exchange = *call.held.exchange;
    if (exchange.is_reading()) {
        return refuse(call, "read(): a read is pending already", MORTISE_E_STATE);
    }
    auto& begun = loop_handle::of_this_thread()->operations().begin<read_operation>(
        *operation, call.held.route->owner(), exchange);
    const auto progress = exchange.read_content({into, size}, begun);
    if (progress.now == http::read_progress::state::pending) {
        return MORTISE_PENDING;
    }
    operation_list::undo(begun);
    if (progress.now == http::read_progress::state::done) {
        operation->result = progress.size;
        return MORTISE_OK;
    }
    const auto [status, result] = outcome_of(progress.why);
    operation->result = result;
    return status;
}

std::int32_t begin(mortise_exchange number, const mortise_reply* head,
                   std::int64_t length) noexcept {
    const auto call = find_waiting(number, "content begin()");
    if (call.held.exchange == nullptr) {
        return call.refusal;
    }
    http::exchange& exchange = *call.held.exchange;
    if (exchange.has_begun()) {
        return refuse(call, "begin(): the response has begun already", MORTISE_E_STATE);
    }
    try {
        http::response response;
        if (const char* const rule = read_head(exchange, head, response)) {
            return refuse(call, rule, MORTISE_E_INVALID);
        }
        const auto announced =
            length >= 0 ? std::optional{static_cast<std::uint64_t>(length)} : std::nullopt;
        const bool is_late = exchange.is_answered();
        if (!exchange.begin_response(response, announced)) {
            return refuse(call, "begin(): its status or a field may not be sent",
                          MORTISE_E_INVALID);
        }
        return is_late ? MORTISE_E_CANCELLED : MORTISE_OK;
    } catch (const std::bad_alloc&) {
        return MORTISE_E_MEMORY;
    }
}

std::int32_t write(mortise_exchange number, mortise_view piece,
                   mortise_operation* operation) noexcept {
    const auto call = find_waiting(number, "content write()");
    if (call.held.exchange == nullptr) {
        return call.refusal;
    }
    if (!is_sound(piece) || !operation_list::is_startable(operation)) {
        return refuse(call, "write(): a piece that is null, or an operation without complete",
                      MORTISE_E_INVALID);
    }
    http::exchange& exchange = *call.held.exchange;
    if (exchange.is_answered()) {
        return MORTISE_E_CANCELLED;
    }
    if (!exchange.has_begun() || exchange.is_writing()) {
        return refuse(call,
                      exchange.is_writing() ? "write(): a write is pending already"
                                            : "write(): the response has not begun",
                      MORTISE_E_STATE);
    }
    auto& begun = loop_handle::of_this_thread()->operations().begin<write_operation>(
        *operation, call.held.route->owner(), exchange);
    const auto progress = exchange.write_content(from_abi(piece), begun);
    if (progress.now == http::write_progress::state::pending) {
        return MORTISE_PENDING;
    }
    operation_list::undo(begun);
    return progress.now == http::write_progress::state::done ? MORTISE_OK : MORTISE_E_CANCELLED;
}

// Either end of a streamed response.
std::int32_t finish(mortise_exchange number, const char* function,
                    void (http::exchange::*way)()) noexcept {
    const auto call = find_waiting(number, function);
    if (call.held.exchange == nullptr) {
        return call.refusal;
    }
    http::exchange& exchange = *call.held.exchange;
    if (!exchange.has_begun() && !exchange.is_answered()) {
        return refuse(call, "end(): the response has not begun", MORTISE_E_STATE);
    }
    if (exchange.is_reading() || exchange.is_writing()) {
        refuse(call, "the exchange ends while a read or a write is pending", MORTISE_OK);
        loop_handle::of_this_thread()->operations().cancel_of(exchange);
    }
    exchange_table::of_this_thread()->take(number);
    (exchange.*way)();
    return MORTISE_OK;
}

std::int32_t end(mortise_exchange number) noexcept {
    return finish(number, "content end()", &http::exchange::end_response);
}

std::int32_t break_off(mortise_exchange number) noexcept {
    return finish(number, "content break_off()", &http::exchange::abort_response);
}

} // namespace

constexpr mortise_content content_extension{.size = sizeof(mortise_content),
                                            .reserved = 0,
                                            .read = read,
                                            .begin = begin,
                                            .write = write,
                                            .end = end,
                                            .break_off = break_off};

} // namespace mortise::plugin
