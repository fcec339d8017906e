// SPDX-License-Identifier: BSL-1.0
// The functions of mortise_host.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/testing/detail/calls.hpp>
#include <mortise/testing/detail/content_table.hpp>
#include <mortise/testing/detail/file_table.hpp>
#include <mortise/testing/detail/filter_table.hpp>
#include <mortise/testing/detail/hold_table.hpp>
#include <mortise/testing/detail/identity_table.hpp>
#include <mortise/testing/detail/metric_table.hpp>
#include <mortise/testing/detail/service_tables.hpp>
#include <mortise/testing/detail/state_table.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline const void* find_extension(mortise_view name) noexcept {
    struct named {
        std::string_view name;
        const void* table;
    };
    static constexpr std::array<named, 12> all{{{MORTISE_CONFIG_EXTENSION, &config_table},
                                                {MORTISE_CONTENT_EXTENSION, &content_table},
                                                {MORTISE_FILE_EXTENSION, &file_table},
                                                {MORTISE_FILTER_EXTENSION, &filter_table},
                                                {MORTISE_HOLD_EXTENSION, &hold_table},
                                                {MORTISE_IDENTITY_EXTENSION, &identity_table},
                                                {MORTISE_LOG_EXTENSION, &log_table},
                                                {MORTISE_LOOP_EXTENSION, &loop_table},
                                                {MORTISE_METRICS_EXTENSION, &metrics_table},
                                                {MORTISE_OFFLOAD_EXTENSION, &offload_table},
                                                {MORTISE_STATE_EXTENSION, &state_table},
                                                {MORTISE_TIMER_EXTENSION, &timer_table}}};
    for (const auto& each : all) {
        if (is_sound(name) && each.name == from_abi(name)) {
            return each.table;
        }
    }
    return nullptr;
}

// Which rule a route breaks; empty where it is copied to `into`.
inline std::string copy_route(instance& owner, const mortise_route* asked, route& into) {
    constexpr std::uint32_t known = MORTISE_ROUTE_MAY_WAIT | MORTISE_ROUTE_CONTENT |
                                    MORTISE_ROUTE_KEEPS_ON | MORTISE_ROUTE_HALF_CLOSE_LEAVES;
    if (asked == nullptr || asked->size < sizeof *asked) {
        return "it is null, or its size is smaller than mortise_route";
    }
    if (!is_sound(asked->method) || !is_sound(asked->host) || !is_sound(asked->pattern)) {
        return "its method, host or pattern is null with a size";
    }
    into = {&owner,       copy(asked->method),  copy(asked->host), copy(asked->pattern), {},
            asked->flags, asked->content_limit, asked->handle,     asked->user};
    if (!is_token(into.method)) {
        return "its method is no token";
    }
    if (into.handle == nullptr) {
        return "it has no handle";
    }
    if ((into.flags & ~known) != 0) {
        return "it has a flag that this host does not know";
    }
    const auto host = std::string_view{into.host}.substr(into.host.starts_with("*.") ? 2 : 0);
    if (host.find_first_of("*:/@ ") != host.npos || (host.empty() && !into.host.empty())) {
        return "its host is neither a name nor *.name, without a port";
    }
    return parse_pattern(into.pattern_text, into.segments);
}

inline std::int32_t add_route(mortise_instance* of, const mortise_route* asked) noexcept {
    host_core* const host = host_of(of);
    if (host == nullptr) {
        return MORTISE_E_INVALID;
    }
    auto& self = *instance::from_abi(of);
    if (!host->plays(part::control) || self.phase != phase::configuring) {
        host->faults.add(called(of, "add_route()") + ": called outside of configure");
        return MORTISE_E_STATE;
    }
    if (const auto refusal = host->take_refusal(function::add_route)) {
        self.refusals.push_back("a route is refused by the test");
        return *refusal;
    }
    const auto added = std::make_shared<route>();
    if (const auto rule = copy_route(self, asked, *added); !rule.empty()) {
        self.refusals.push_back("the route " + added->name() + " is refused: " + rule);
        return MORTISE_E_INVALID;
    }
    if (const auto* const other = host->routes.conflicting(*added)) {
        self.refusals.push_back("the route " + added->name() + " conflicts with " + other->name() +
                                " of " + other->owner->id);
    }
    host->routes.add(added);
    return MORTISE_OK;
}

inline void explain(mortise_instance* of, mortise_view text) noexcept {
    host_core* const host = host_of(of);
    if (host == nullptr || !is_sound(text)) {
        return;
    }
    auto& self = *instance::from_abi(of);
    if (!host->plays(part::control) && self.phase != phase::entering_loop) {
        host->faults.add(called(of, "explain()") + ": called where no step can fail");
        return;
    }
    self.explanation = copy(text);
}

inline std::int32_t reply(mortise_exchange number, const mortise_reply* given) noexcept {
    const auto call = look_up(number, "reply()");
    if (call.at != nullptr) {
        return call.at->reply(given);
    }
    if (given != nullptr && given->size >= sizeof *given && given->release != nullptr) {
        given->release(given->release_argument);
    }
    return call.refusal;
}

inline void* allocate(mortise_exchange number, std::size_t size, std::size_t alignment) noexcept {
    const auto call = look_up(number, "allocate()");
    return call.at != nullptr ? call.at->allocate(size, alignment) : nullptr;
}

inline std::int32_t on_cancel(mortise_exchange number, void (*call)(void*), void* user) noexcept {
    const auto found = look_up(number, "on_cancel()");
    return found.at != nullptr ? found.at->on_cancel(call, user) : found.refusal;
}

// The operation names no host: it is the one of this thread that has it.
inline void cancel(mortise_operation* operation) noexcept {
    auto& hosts = registry::of_process();
    host_core* const host = hosts.find(
        [&](const host_core& each) { return each.is_here() && each.operations.has(operation); });
    if (host != nullptr) {
        if (host->is_on_loop("cancel()")) {
            host->operations.cancel(operation);
        }
        return;
    }
    const auto is_here = [](const host_core& each) { return each.is_here(); };
    if (hosts.find(is_here) == nullptr) {
        if (host_core* const any = hosts.find([](const host_core&) { return true; })) {
            any->is_on_loop("cancel()");
        }
    }
}

inline constexpr mortise_host core_table{.size = sizeof(mortise_host),
                                         .abi_version = MORTISE_ABI_VERSION,
                                         .version = {"0.1.0", 5},
                                         .extension = find_extension,
                                         .add_route = add_route,
                                         .explain = explain,
                                         .reply = reply,
                                         .allocate = allocate,
                                         .on_cancel = on_cancel,
                                         .cancel = cancel};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
