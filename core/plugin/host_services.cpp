// SPDX-License-Identifier: BSL-1.0
// The host's functions: each judges its arguments and finds whose they are.
#include "plugin/host_services.hpp"

#include "plugin/extensions/extensions.hpp"
#include "plugin/held_exchange.hpp"
#include "plugin/instance.hpp"
#include "plugin/lifecycle_step.hpp"
#include "plugin/operation.hpp"
#include "plugin/reply.hpp"
#include "plugin/view.hpp"

namespace mortise::plugin {
namespace {

const void* extension(mortise_view name) noexcept {
    return is_sound(name) ? find_extension(from_abi(name)) : nullptr;
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
        return;
    }
    instance::from_abi(of)->report_fault("explain() was called outside a step that may fail, on " +
                                         this_thread());
}

void cancel(mortise_operation* operation) noexcept {
    auto* const pending =
        operation_list::is_startable(operation) ? pending_operation::of(*operation) : nullptr;
    if (pending == nullptr) {
        return;
    }
    if (pending->is_of_this_loop()) {
        pending->cancel();
    } else {
        pending->owner().report_fault("cancel(): called on a thread that is not the operation's "
                                      "loop: " +
                                      this_thread());
    }
}

constexpr mortise_host services{
    .size = sizeof(mortise_host),
    .abi_version = MORTISE_ABI_VERSION,
    .version = {MORTISE_VERSION, sizeof MORTISE_VERSION - 1},
    .extension = extension,
    .add_route = add_route,
    .explain = explain,
    .reply = reply,
    .allocate = allocate,
    .on_cancel = on_cancel,
    .cancel = cancel,
};

} // namespace

const mortise_host& host_services() noexcept {
    return services;
}

} // namespace mortise::plugin
