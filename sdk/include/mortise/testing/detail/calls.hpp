// SPDX-License-Identifier: BSL-1.0
// What the border's functions look up first: whose call this is, and whether it may be made now.
#pragma once

#include <mortise/testing/detail/host_core.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// The exchange that the plugin named, or the code to return. [any]
struct exchange_call {
    std::shared_ptr<exchange> at;
    std::int32_t refusal = MORTISE_OK;
};

// Where it is refused, that is a fault.
inline exchange_call look_up(mortise_exchange number, const char* function) {
    host_core* const host = registry::of_process().host_of(number);
    if (host == nullptr) {
        return {nullptr, MORTISE_E_STATE};
    }
    if (!host->is_on_loop(function)) {
        return {nullptr, MORTISE_E_THREAD};
    }
    if (auto found = host->held(number)) {
        return {std::move(found), MORTISE_OK};
    }
    host->faults.add(std::string{function} + ": the exchange is over, or never was");
    return {nullptr, MORTISE_E_STATE};
}

// The same for streams and reads, which the route has to allow.
inline exchange_call look_up_waiting(mortise_exchange number, const char* function) {
    auto found = look_up(number, function);
    if (found.at != nullptr && !found.at->taken()->has(MORTISE_ROUTE_MAY_WAIT)) {
        host_core& host = *registry::of_process().host_of(number);
        host.faults.add(found.at->called(function) + ": on a route without MORTISE_ROUTE_MAY_WAIT");
        return {nullptr, MORTISE_E_STATE};
    }
    return found;
}

// Null: no instance was given. [any]
inline host_core* host_of(mortise_instance* of) {
    return of != nullptr ? instance::from_abi(of)->core : nullptr;
}

// "echo: timer wait()"
inline std::string called(mortise_instance* of, const char* function) {
    return instance::from_abi(of)->id + ": " + function;
}

// Whether an instance may start an operation now; else the code to return, and a fault. [any]
inline std::int32_t judge_start(mortise_instance* of, const mortise_operation* operation,
                                const char* function) {
    host_core* const host = host_of(of);
    if (host == nullptr) {
        return MORTISE_E_INVALID;
    }
    const std::string name = called(of, function);
    if (!host->is_on_loop(name)) {
        return MORTISE_E_THREAD;
    }
    if (!instance::from_abi(of)->may_start()) {
        host->faults.add(name + ": called before loop_start or in loop_stop");
        return MORTISE_E_CLOSED;
    }
    return host->operations.judge(operation, name);
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
