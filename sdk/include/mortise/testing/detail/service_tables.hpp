// SPDX-License-Identifier: BSL-1.0
// The extensions config, log, loop, timer and offload.
#pragma once

#include <mortise/abi/ext/config.h>
#include <mortise/abi/ext/log.h>
#include <mortise/abi/ext/loop.h>
#include <mortise/abi/ext/offload.h>
#include <mortise/abi/ext/timer.h>
#include <mortise/testing/detail/calls.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline std::int32_t find_value(mortise_instance* of, mortise_view key,
                               mortise_view* value) noexcept {
    host_core* const host = host_of(of);
    if (host == nullptr || value == nullptr || !is_sound(key)) {
        return MORTISE_E_INVALID;
    }
    auto& self = *instance::from_abi(of);
    if (!host->plays(part::control) ||
        (self.phase != phase::creating && self.phase != phase::configuring)) {
        host->faults.add(called(of, "config find()") + ": called outside of create and configure");
        return MORTISE_E_STATE;
    }
    const auto found = self.values.find(from_abi(key));
    if (found == self.values.end()) {
        return MORTISE_E_INVALID;
    }
    self.read_keys.insert(found->first);
    *value = to_abi(found->second);
    return MORTISE_OK;
}

inline constexpr mortise_config config_table{
    .size = sizeof(mortise_config), .reserved = 0, .find = find_value};

inline void write_line(mortise_instance* of, const mortise_log_line* line) noexcept {
    constexpr std::size_t longest = 4096;
    host_core* const host = host_of(of);
    if (host == nullptr) {
        return;
    }
    if (line == nullptr || line->size < sizeof *line || !is_sound(line->text) ||
        line->level > MORTISE_LOG_ERROR || line->field_count > 16 ||
        (line->field_count != 0 && line->fields == nullptr)) {
        host->faults.add(called(of, "log write()") +
                         ": the line is null or too small, has no such level, no text, or more "
                         "than 16 fields");
        return;
    }
    if (line->level < host->options.log_level) {
        return;
    }
    log_line written{line->level,
                     copy(line->text).substr(0, longest),
                     {},
                     line->exchange,
                     instance::from_abi(of)->id};
    for (std::uint32_t at = 0; at != line->field_count; ++at) {
        written.fields.emplace_back(copy(line->fields[at].name), copy(line->fields[at].value));
    }
    host->lines.add(std::move(written));
}

inline std::int32_t is_level_on(mortise_instance* of, std::uint32_t level) noexcept {
    host_core* const host = host_of(of);
    return host != nullptr && level >= host->options.log_level ? 1 : 0;
}

inline constexpr mortise_log log_table{
    .size = sizeof(mortise_log), .reserved = 0, .write = write_line, .is_on = is_level_on};

inline std::int32_t post_call(mortise_loop* to, void (*call)(void*), void* argument) noexcept {
    if (to == nullptr || call == nullptr) {
        return MORTISE_E_INVALID;
    }
    auto& loop = *loop_handle::from_abi(to);
    const std::lock_guard lock{loop.mutex};
    if (loop.has_stopped) {
        loop.on.faults.add("loop post(): called after loop_stop has returned");
    }
    if (!loop.is_open) {
        return MORTISE_E_CLOSED;
    }
    if (const auto refusal = loop.on.take_refusal(function::loop_post)) {
        return *refusal;
    }
    loop.on.loop.post([&on = loop.on, call, argument] {
        on.enter(part::loop, "what loop post() was given", [&] { call(argument); });
    });
    return MORTISE_OK;
}

inline constexpr mortise_loop_calls loop_table{
    .size = sizeof(mortise_loop_calls), .reserved = 0, .post = post_call};

inline std::uint64_t read_clock(mortise_instance* of) noexcept {
    host_core* const host = host_of(of);
    return host != nullptr ? host->loop.now() : 0;
}

inline std::int32_t wait_for_time(mortise_instance* of, std::uint64_t when,
                                  mortise_operation* operation) noexcept {
    if (const auto refusal = judge_start(of, operation, "timer wait()"); refusal != MORTISE_OK) {
        return refusal;
    }
    host_core& host = *host_of(of);
    if (const auto refusal = host.take_refusal(function::timer_wait)) {
        return *refusal;
    }
    const auto armed =
        host.loop.at(when, [&host, operation] { host.operations.finish(*operation, MORTISE_OK); });
    host.operations.add(*operation, called(of, "timer wait()"), instance::from_abi(of),
                        [&host, operation, armed] {
                            host.loop.drop(armed);
                            host.operations.finish(*operation, MORTISE_E_CANCELLED);
                        });
    return MORTISE_PENDING;
}

inline constexpr mortise_timer timer_table{
    .size = sizeof(mortise_timer), .reserved = 0, .now = read_clock, .wait = wait_for_time};

inline std::int32_t run_work(mortise_instance* of, void (*work)(void*), void* argument,
                             mortise_operation* operation) noexcept {
    if (const auto refusal = judge_start(of, operation, "offload run()"); refusal != MORTISE_OK) {
        return refusal;
    }
    host_core& host = *host_of(of);
    const std::string name = called(of, "offload run()");
    if (work == nullptr) {
        host.faults.add(name + ": work is null");
        return MORTISE_E_INVALID;
    }
    if (const auto refusal = host.take_refusal(function::offload_run)) {
        return *refusal;
    }
    if (host.pool.queued() >= host.options.offload_limit) {
        return MORTISE_E_BUSY;
    }
    const auto is_cancelled = std::make_shared<bool>(false);
    const auto run = [&host, work, argument, name] {
        host.enter_pool(name, [&] { work(argument); });
    };
    const auto done = [&host, operation, is_cancelled] {
        host.operations.finish(*operation, *is_cancelled ? MORTISE_E_CANCELLED : MORTISE_OK);
    };
    const auto submitted = host.pool.submit(run, done);
    host.operations.add(*operation, name, instance::from_abi(of),
                        [&host, operation, is_cancelled, submitted] {
                            *is_cancelled = true;
                            if (host.pool.withdraw(submitted)) {
                                host.operations.finish(*operation, MORTISE_E_CANCELLED);
                            }
                        });
    return MORTISE_PENDING;
}

inline constexpr mortise_offload offload_table{
    .size = sizeof(mortise_offload), .reserved = 0, .run = run_work};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
