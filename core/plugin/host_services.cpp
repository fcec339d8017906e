// SPDX-License-Identifier: BSL-1.0
// The host's functions: each judges its arguments and finds whose they are.
#include "plugin/host_services.hpp"

#include "plugin/instance.hpp"
#include "plugin/lifecycle_step.hpp"
#include "plugin/reply.hpp"
#include "plugin/view.hpp"

namespace mortise::plugin {
namespace {

std::int32_t post(mortise_loop* loop, void (*call)(void*), void* argument) noexcept {
    if (loop == nullptr || call == nullptr) {
        return MORTISE_E_INVALID;
    }
    return loop_handle::from_abi(loop)->post(call, argument) ? MORTISE_OK : MORTISE_E_CLOSED;
}

void log(mortise_instance* of, std::uint32_t level, mortise_view text) noexcept {
    if (of != nullptr && is_sound(text)) {
        instance::from_abi(of)->log(level, from_abi(text));
    }
}

std::int32_t config(mortise_instance* of, mortise_view key, mortise_view* value) noexcept {
    if (of == nullptr || value == nullptr || !is_sound(key)) {
        return MORTISE_E_INVALID;
    }
    return instance::from_abi(of)->find_value(from_abi(key), *value);
}

std::int32_t add_route(mortise_instance* of, const mortise_route* route) noexcept {
    if (of == nullptr || route == nullptr) {
        return MORTISE_E_INVALID;
    }
    return instance::from_abi(of)->add_route(*route);
}

void explain(mortise_instance* of, mortise_view text) noexcept {
    if (of == nullptr || !is_sound(text)) {
        return;
    }
    if (auto* const step = lifecycle_step::running(*instance::from_abi(of))) {
        step->explain(from_abi(text));
    }
}

constexpr mortise_host services{
    .size = sizeof(mortise_host),
    .abi_version = MORTISE_ABI_VERSION,
    .version = {MORTISE_VERSION, sizeof MORTISE_VERSION - 1},
    .reply = reply,
    .post = post,
    .log = log,
    .config = config,
    .add_route = add_route,
    .explain = explain,
};

} // namespace

const mortise_host& host_services() noexcept {
    return services;
}

} // namespace mortise::plugin
