// SPDX-License-Identifier: BSL-1.0
// The extension state, and what a testing host hands over.
#pragma once

#include <mortise/abi/ext/state.h>
#include <mortise/testing/detail/calls.hpp>

#include <cstdint>
#include <string>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline std::int32_t offer_state(mortise_instance* of, const mortise_state_offer* offered) noexcept {
    host_core* const host = host_of(of);
    if (host == nullptr) {
        return MORTISE_E_INVALID;
    }
    auto& self = *instance::from_abi(of);
    if (!host->plays(part::control) || self.phase != phase::configuring || self.state_offer) {
        host->faults.add(called(of, "state offer()") + ": called twice or outside of configure");
        return MORTISE_E_STATE;
    }
    if (offered == nullptr || offered->size < sizeof *offered ||
        (offered->save == nullptr && offered->restore == nullptr)) {
        host->faults.add(called(of, "state offer()") + ": it is null, too small or empty");
        return MORTISE_E_INVALID;
    }
    self.state_offer = *offered;
    return MORTISE_OK;
}

// A writer is the host's room for what is saved, while save runs.
inline std::int32_t write_state(mortise_state_writer* to, mortise_view bytes) noexcept {
    constexpr std::size_t limit = 64 * 1024 * 1024;
    host_core* const host = registry::of_process().find([&](const host_core& each) {
        return each.plays(part::control) && each.saved != nullptr &&
               static_cast<void*>(each.saved) == static_cast<void*>(to);
    });
    if (host == nullptr) {
        return MORTISE_E_STATE;
    }
    if (!is_sound(bytes)) {
        return MORTISE_E_INVALID;
    }
    if (host->is_saved_full || bytes.size > limit - host->saved->size()) {
        host->is_saved_full = true;
        return MORTISE_E_MEMORY;
    }
    *host->saved += from_abi(bytes);
    return MORTISE_OK;
}

inline constexpr mortise_state state_table{
    .size = sizeof(mortise_state), .reserved = 0, .offer = offer_state, .write = write_state};

// From an instance to the one that replaces it, which is configured. Either may decline; one that
// fails is a fault.
inline void hand_over(instance& old, instance& next) {
    if (!old.state_offer || !next.state_offer || old.state_offer->save == nullptr ||
        next.state_offer->restore == nullptr) {
        return;
    }
    host_core& host = *next.core;
    std::string saved;
    std::int32_t result = MORTISE_E_FAILED;
    host.saved = &saved;
    host.is_saved_full = false;
    host.enter(part::control, old.id + ": save", [&] {
        result = old.state_offer->save(old.state_offer->user,
                                       reinterpret_cast<mortise_state_writer*>(&saved));
    });
    host.saved = nullptr;
    if (result == MORTISE_OK && host.is_saved_full) {
        result = MORTISE_E_MEMORY;
    }
    if (result == MORTISE_OK) {
        host.enter(part::control, next.id + ": restore", [&] {
            result = next.state_offer->restore(next.state_offer->user, old.state_offer->format,
                                               to_abi(saved));
        });
    }
    if (result != MORTISE_OK && result != MORTISE_DECLINED) {
        host.faults.add(next.id + ": the state is not handed over: code " + std::to_string(result));
    }
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
