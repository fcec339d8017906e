// SPDX-License-Identifier: BSL-1.0
// Slots with generations, and the judgement of every reply.
#include "plugin/exchange_table.hpp"

#include "plugin/exchange_number.hpp"
#include "plugin/handler.hpp"
#include "plugin/instance.hpp"
#include "plugin/reply_judgement.hpp"
#include "plugin/roll.hpp"

#include <algorithm>
#include <cassert>

namespace mortise::plugin {
namespace {

constexpr std::uint32_t no_slot = UINT32_MAX;
thread_local exchange_table* of_thread = nullptr;

} // namespace

exchange_table::exchange_table(loop_handle& loop) : loop_{loop}, first_free_{no_slot} {
    assert(loop.index() < loop_handle::max_loops);
}

exchange_table::~exchange_table() {
    assert(of_thread != this);
}

void exchange_table::attach() noexcept {
    of_thread = this;
}

void exchange_table::detach() noexcept {
    of_thread = nullptr;
}

exchange_table* exchange_table::of_this_thread() noexcept {
    return of_thread;
}

mortise_exchange exchange_table::hold(http::exchange& exchange, const handler& route) {
    std::uint32_t index = first_free_;
    if (index == no_slot) {
        if (slots_.size() == exchange_number::max_slots) {
            return 0;
        }
        index = static_cast<std::uint32_t>(slots_.size());
        slots_.emplace_back();
    } else {
        first_free_ = slots_[index].next_free;
    }
    slot& taken = slots_[index];
    taken.exchange = &exchange;
    taken.route = &route;
    ++held_;
    return exchange_number{taken.generation, route.owner().ordinal(),
                           static_cast<std::uint32_t>(loop_.index()), index}
        .packed();
}

exchange_table::slot* exchange_table::find(mortise_exchange number) noexcept {
    const auto parts = exchange_number::unpack(number);
    if (parts.loop != loop_.index() || parts.slot >= slots_.size()) {
        return nullptr;
    }
    slot& found = slots_[parts.slot];
    return found.exchange != nullptr && found.generation == parts.generation ? &found : nullptr;
}

bool exchange_table::is_held(mortise_exchange number) const noexcept {
    return const_cast<exchange_table*>(this)->find(number) != nullptr;
}

void exchange_table::use_up(mortise_exchange number) noexcept {
    slot* const used = find(number);
    if (used == nullptr) {
        return;
    }
    used->exchange = nullptr;
    --held_;
    if (++used->generation <= exchange_number::last_generation) {
        used->next_free = first_free_;
        first_free_ = static_cast<std::uint32_t>(used - slots_.data());
    }
}

std::int32_t exchange_table::reply(mortise_exchange number, const mortise_reply* reply) noexcept {
    slot* const found = find(number);
    if (found == nullptr) {
        roll::report_fault(exchange_number::unpack(number).instance,
                           "reply(): the exchange was replied to before, or never was");
        give_back_content(reply);
        return MORTISE_E_STATE;
    }
    http::exchange& exchange = *found->exchange;
    const handler& route = *found->route;
    use_up(number);
    if (const std::string_view rule = broken_rule(reply); !rule.empty()) {
        route.report_fault("reply(): " + std::string{rule});
        give_back_content(reply);
        http::respond_with(exchange, {500, "Internal Server Error"});
        return MORTISE_E_INVALID;
    }
    const bool is_too_late = exchange.is_answered();
    if (!exchange.respond(to_response(*reply, exchange.memory()))) {
        route.report_fault("reply(): its status, a field name or a field value may not be sent");
        return MORTISE_E_INVALID;
    }
    return is_too_late ? MORTISE_E_CANCELLED : MORTISE_OK;
}

std::size_t exchange_table::held_by(const instance& owner) const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(slots_, [&](const slot& each) {
        return each.exchange != nullptr && &each.route->owner() == &owner;
    }));
}

void exchange_table::answer_held(const http::problem& why) noexcept {
    for (std::uint32_t index = 0; index < slots_.size(); ++index) {
        const slot each = slots_[index];
        if (each.exchange == nullptr) {
            continue;
        }
        use_up(exchange_number{each.generation, 0, static_cast<std::uint32_t>(loop_.index()), index}
                   .packed());
        http::respond_with(*each.exchange, why);
    }
}

} // namespace mortise::plugin
