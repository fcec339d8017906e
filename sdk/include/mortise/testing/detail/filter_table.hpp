// SPDX-License-Identifier: BSL-1.0
// The extension filter.
#pragma once

#include <mortise/abi/ext/filter.h>
#include <mortise/testing/detail/calls.hpp>
#include <mortise/testing/detail/exchange_filter.hpp>
#include <mortise/testing/detail/filter.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Which rule a filter breaks; empty where it breaks none.
inline std::string rule_broken_by(const host_core& host, const mortise_filter* asked) {
    constexpr std::uint32_t known = MORTISE_ROUTE_MAY_WAIT | MORTISE_ROUTE_HALF_CLOSE_LEAVES;
    if (asked == nullptr || asked->size < sizeof *asked || !is_sound(asked->name)) {
        return "it is null or too small, or its name is null with a size";
    }
    const auto name = from_abi(asked->name);
    if (name.empty() || name[0] < 'a' || name[0] > 'z' ||
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != name.npos) {
        return "its name is not of the form [a-z][a-z0-9-]*";
    }
    if (asked->on_request == nullptr && asked->on_response == nullptr) {
        return "it has neither on_request nor on_response";
    }
    if ((asked->flags & ~known) != 0) {
        return "it has a flag that filters do not have";
    }
    const auto has_name = [&](const auto& each) { return each->name == name; };
    return std::ranges::any_of(host.filters, has_name) ? "another has its name" : "";
}

inline std::int32_t add_filter(mortise_instance* of, const mortise_filter* asked) noexcept {
    host_core* const host = host_of(of);
    if (host == nullptr) {
        return MORTISE_E_INVALID;
    }
    auto& self = *instance::from_abi(of);
    if (!host->plays(part::control) || self.phase != phase::configuring) {
        host->faults.add(called(of, "filter add()") + ": called outside of configure");
        return MORTISE_E_STATE;
    }
    if (const auto rule = rule_broken_by(*host, asked); !rule.empty()) {
        self.refusals.push_back("a filter is refused: " + rule);
        return MORTISE_E_INVALID;
    }
    auto as_route = std::make_shared<route>();
    as_route->owner = &self;
    as_route->method = "filter";
    as_route->pattern_text = copy(asked->name);
    as_route->flags = asked->flags;
    as_route->handle = asked->on_request;
    as_route->user = asked->user;
    host->filters.push_back(std::make_shared<filter>(
        filter{&self, copy(asked->name), std::move(as_route), asked->on_response, asked->user}));
    return MORTISE_OK;
}

// The exchange that a filter named, or the code to return.
inline exchange_call look_up_filtered(mortise_exchange number, const char* function) {
    auto found = look_up(number, function);
    if (found.at != nullptr && !found.at->is_at_filter()) {
        host_core& host = *registry::of_process().host_of(number);
        host.faults.add(found.at->called(function) + ": called by a route, not a filter");
        return {nullptr, MORTISE_E_STATE};
    }
    return found;
}

inline std::int32_t go_on(mortise_exchange number) noexcept {
    const auto call = look_up_filtered(number, "go_on()");
    if (call.at == nullptr) {
        return call.refusal;
    }
    if (call.at->is_given_up()) {
        call.at->drop();
        return MORTISE_E_CANCELLED;
    }
    call.at->pass_filter();
    registry::of_process().host_of(number)->proceed(*call.at);
    return MORTISE_OK;
}

inline std::int32_t remember(mortise_exchange number, void* value) noexcept {
    const auto call = look_up_filtered(number, "remember()");
    if (call.at != nullptr) {
        call.at->remember(value);
    }
    return call.refusal;
}

template <class Change>
std::int32_t change_response(mortise_response* of, const char* function, Change change) noexcept {
    host_core* const host = registry::of_process().find([&](const host_core& each) {
        return each.plays(part::loop) && each.changing != nullptr &&
               static_cast<void*>(each.changing) == static_cast<void*>(of);
    });
    if (host == nullptr) {
        return MORTISE_E_STATE;
    }
    const std::string rule = change(*host->changing);
    if (rule.empty()) {
        return MORTISE_OK;
    }
    host->faults.add(std::string{function} + ": " + rule);
    return MORTISE_E_INVALID;
}

inline std::int32_t set_status(mortise_response* of, std::uint32_t status) noexcept {
    return change_response(of, "set_status()",
                           [&](filtered_response& changed) { return changed.set_status(status); });
}
inline std::int32_t set_field(mortise_response* of, mortise_view name,
                              mortise_view value) noexcept {
    return change_response(of, "set_field()", [&](filtered_response& changed) {
        return is_sound(name) && is_sound(value)
                   ? changed.set_field(from_abi(name), from_abi(value))
                   : "the name or the value is null with a size";
    });
}
inline std::int32_t add_field(mortise_response* of, mortise_view name,
                              mortise_view value) noexcept {
    return change_response(of, "add_field()", [&](filtered_response& changed) {
        return is_sound(name) && is_sound(value)
                   ? changed.add_field(from_abi(name), from_abi(value))
                   : "the name or the value is null with a size";
    });
}
inline std::int32_t remove_field(mortise_response* of, mortise_view name) noexcept {
    return change_response(of, "remove_field()", [&](filtered_response& changed) {
        return is_sound(name) ? changed.remove_field(from_abi(name))
                              : "the name is null with a size";
    });
}

inline constexpr mortise_filter_calls filter_table{.size = sizeof(mortise_filter_calls),
                                                   .reserved = 0,
                                                   .add = add_filter,
                                                   .go_on = go_on,
                                                   .remember = remember,
                                                   .set_status = set_status,
                                                   .set_field = set_field,
                                                   .add_field = add_field,
                                                   .remove_field = remove_field};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
