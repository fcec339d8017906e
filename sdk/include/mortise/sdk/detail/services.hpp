// SPDX-License-Identifier: BSL-1.0
// The host's tables, as far as this host has them.
#pragma once

#include <mortise/abi/ext/config.h>
#include <mortise/abi/ext/content.h>
#include <mortise/abi/ext/file.h>
#include <mortise/abi/ext/filter.h>
#include <mortise/abi/ext/hold.h>
#include <mortise/abi/ext/identity.h>
#include <mortise/abi/ext/log.h>
#include <mortise/abi/ext/loop.h>
#include <mortise/abi/ext/metrics.h>
#include <mortise/abi/ext/offload.h>
#include <mortise/abi/ext/state.h>
#include <mortise/abi/ext/timer.h>
#include <mortise/abi/host.h>
#include <mortise/sdk/detail/view.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Null where the host does not have the extension, or has less of it than this SDK knows.
template <class Table>
const Table* find_extension(const mortise_host& host, std::string_view name) noexcept {
    const auto* const found = static_cast<const Table*>(host.extension(to_abi(name)));
    return found != nullptr && found->size >= sizeof(Table) ? found : nullptr;
}

// One for each instance, at one address for its life. Any thread.
struct services {
    services(const mortise_host& table, mortise_instance* of) noexcept
        : host{table},
          instance{of},
          log{find_extension<mortise_log>(table, MORTISE_LOG_EXTENSION)},
          config{find_extension<mortise_config>(table, MORTISE_CONFIG_EXTENSION)},
          loop{find_extension<mortise_loop_calls>(table, MORTISE_LOOP_EXTENSION)},
          timer{find_extension<mortise_timer>(table, MORTISE_TIMER_EXTENSION)},
          offload{find_extension<mortise_offload>(table, MORTISE_OFFLOAD_EXTENSION)},
          content{find_extension<mortise_content>(table, MORTISE_CONTENT_EXTENSION)},
          file{find_extension<mortise_file>(table, MORTISE_FILE_EXTENSION)},
          filter{find_extension<mortise_filter_calls>(table, MORTISE_FILTER_EXTENSION)},
          hold{find_extension<mortise_hold>(table, MORTISE_HOLD_EXTENSION)},
          identity{find_extension<mortise_identity_calls>(table, MORTISE_IDENTITY_EXTENSION)},
          metrics{find_extension<mortise_metrics>(table, MORTISE_METRICS_EXTENSION)},
          state{find_extension<mortise_state>(table, MORTISE_STATE_EXTENSION)} {}
    services(const services&) = delete;
    services& operator=(const services&) = delete;

    const mortise_host& host;
    mortise_instance* const instance;
    const mortise_log* const log;
    const mortise_config* const config;
    const mortise_loop_calls* const loop;
    const mortise_timer* const timer;
    const mortise_offload* const offload;
    const mortise_content* const content;
    const mortise_file* const file;
    const mortise_filter_calls* const filter;
    const mortise_hold* const hold;
    const mortise_identity_calls* const identity;
    const mortise_metrics* const metrics;
    const mortise_state* const state;
};

// "0.2"
inline std::string abi_version_text(std::uint32_t version) {
    return std::to_string(version >> 16) + "." + std::to_string(version & 0xffff);
}

// Throws where the host's core table ends before what this SDK needs.
inline void judge_host(const mortise_host& host) {
    if (host.size < sizeof host) {
        throw std::runtime_error{
            "it needs the core table of ABI " + abi_version_text(MORTISE_ABI_VERSION) +
            ", and that of this host, which speaks ABI " + abi_version_text(host.abi_version) +
            ", is smaller; update the host"};
    }
}

// The table, where the plugin cannot go on without it.
template <class Table>
const Table& needed(const services& of, const Table* table, const char* name) {
    if (table == nullptr) {
        throw std::runtime_error{"the plugin needs the extension " + std::string{name} +
                                 " of ABI " + abi_version_text(MORTISE_ABI_VERSION) +
                                 ", which this host does not have: it speaks ABI " +
                                 abi_version_text(of.host.abi_version)};
    }
    return *table;
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
