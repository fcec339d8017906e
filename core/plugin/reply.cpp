// SPDX-License-Identifier: BSL-1.0
// The judgement of every reply: no size, no pointer and no count of a plugin is believed.
#include "plugin/reply.hpp"

#include "http/problem.hpp"
#include "plugin/exchange_table.hpp"
#include "plugin/roll.hpp"
#include "plugin/view.hpp"

#include <string>

namespace mortise::plugin {
namespace {

constexpr std::uint32_t max_fields = 1024;

bool is_whole(const mortise_reply* reply) noexcept {
    return reply != nullptr && reply->size >= sizeof *reply;
}

void give_back_content(const mortise_reply* reply) noexcept {
    if (is_whole(reply) && reply->release != nullptr) {
        reply->release(reply->release_argument);
    }
}

// The number is not held by the calling thread's loop.
[[gnu::cold]] std::int32_t refuse(mortise_exchange number, const mortise_reply* reply) noexcept {
    const auto parts = exchange_number::unpack(number);
    const auto* const table = exchange_table::of_this_thread();
    const bool is_here = table != nullptr && table->loop().index() == parts.loop;
    roll::report_fault(parts.instance,
                       is_here ? "reply(): the exchange was replied to before, or never was"
                               : "reply(): called on a thread that is not the exchange's loop: " +
                                     this_thread());
    give_back_content(reply);
    return is_here ? MORTISE_E_STATE : MORTISE_E_THREAD;
}

// A read of the exchange would touch what is about to be somebody else's.
[[gnu::cold]] void end_reading(const http::exchange& exchange, const handler& route) noexcept {
    route.report_fault("reply(): a read of the content is still pending");
    exchange_table::of_this_thread()->loop().operations().cancel_of(exchange);
}

// The reply breaks `rule` of the border.
[[gnu::cold]] std::int32_t answer_instead(http::exchange& exchange, const handler& route,
                                          const mortise_reply* reply, const char* rule) noexcept {
    route.report_fault(std::string{"reply(): "} + rule);
    if (exchange.is_reading()) {
        end_reading(exchange, route);
    }
    give_back_content(reply);
    http::respond_with(exchange, {500, "Internal Server Error"});
    return MORTISE_E_INVALID;
}

// The exchange found that the response breaks a rule of HTTP, and has answered.
[[gnu::cold]] std::int32_t report_refusal(const handler& route) noexcept {
    route.report_fault("reply(): its status, a field name or a field value may not be sent");
    return MORTISE_E_INVALID;
}

// The rule that all but the fields themselves break; nullptr where they break none.
const char* broken_rule(const mortise_reply* reply) noexcept {
    if (!is_whole(reply)) {
        return "the reply is null, or its size is smaller than mortise_reply";
    }
    if (reply->status < 200 || reply->status > 599) {
        return "the status is not between 200 and 599";
    }
    if (reply->field_count > max_fields || (reply->field_count != 0 && reply->fields == nullptr)) {
        return "the fields are null, or more than 1024";
    }
    return is_sound(reply->content) ? nullptr : "the content is null with a size";
}

// False: a name or a value is not sound.
bool read_fields(std::span<const mortise_field> given, http::field* to) noexcept {
    for (const mortise_field& each : given) {
        if (!is_sound(each.name) || !is_sound(each.value)) {
            return false;
        }
        *to++ = {from_abi(each.name), from_abi(each.value)};
    }
    return true;
}

// Inlined into reply(), which stands in the path of every request.
[[gnu::always_inline]] inline const char*
judge_head(http::exchange& exchange, const mortise_reply* reply, http::response& head) {
    if (const char* const rule = broken_rule(reply)) {
        return rule;
    }
    const auto fields = exchange.memory().array<http::field>(reply->field_count);
    head.status = reply->status;
    head.fields = fields;
    return read_fields({reply->fields, fields.size()}, fields.data())
               ? nullptr
               : "a field's name or value is null with a size";
}

} // namespace

const char* read_head(http::exchange& exchange, const mortise_reply* reply, http::response& head) {
    return judge_head(exchange, reply, head);
}

[[gnu::hot]] std::int32_t reply(mortise_exchange number, const mortise_reply* reply) noexcept {
    auto* const table = exchange_table::of_this_thread();
    const auto held = table == nullptr ? exchange_table::holding{} : table->take(number);
    if (held.exchange == nullptr) {
        return refuse(number, reply);
    }
    http::response response;
    if (const char* const rule = judge_head(*held.exchange, reply, response)) {
        return answer_instead(*held.exchange, *held.route, reply, rule);
    }
    response.content = from_abi(reply->content);
    // That release throws nothing is a rule of the border, which C has no word for.
    response.release = reinterpret_cast<void (*)(void*) noexcept>(reply->release);
    response.release_argument = reply->release_argument;
    if (held.exchange->is_reading()) [[unlikely]] {
        end_reading(*held.exchange, *held.route);
    }
    const bool is_too_late = held.exchange->is_answered();
    if (!held.exchange->respond(response)) {
        return report_refusal(*held.route);
    }
    return is_too_late ? MORTISE_E_CANCELLED : MORTISE_OK;
}

} // namespace mortise::plugin
