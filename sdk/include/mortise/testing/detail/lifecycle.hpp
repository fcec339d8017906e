// SPDX-License-Identifier: BSL-1.0
// The steps of an instance's life, from its load to its unload.
#pragma once

#include <mortise/testing/detail/core_table.hpp>
#include <mortise/testing/detail/note.hpp>
#include <mortise/testing/failure.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Calls one step of the plugin. Throws load_error where it fails.
template <class Step>
void take_step(instance& self, phase next, part as, const std::string& name, Step&& step) {
    self.phase = next;
    std::int32_t code = MORTISE_E_FAILED;
    self.core->enter(as, self.id + ": " + name, [&] { code = step(); });
    if (code == MORTISE_OK && self.refusals.empty()) {
        return;
    }
    std::string why = self.explanation;
    for (const auto& each : self.refusals) {
        why += (why.empty() ? "" : "; ") + each;
    }
    throw load_error{self.id + " fails in " + name + " with code " + std::to_string(code) +
                     (why.empty() ? ", without an explanation" : ": " + why)};
}

inline void remove_routes(instance& self) {
    self.core->routes.remove_of(&self);
    std::erase_if(self.core->filters, [&](const auto& each) { return each->owner == &self; });
}

inline void destroy(instance& self) {
    if (self.descriptor.destroy != nullptr) {
        self.core->enter(part::control, self.id + ": destroy",
                         [&] { self.descriptor.destroy(self.state); });
    }
}

inline void close_library(instance& self) {
    if (self.library && !self.library->close()) {
        self.core->faults.add(self.id + ": it stays mapped after it was unloaded, such as by a "
                                        "thread_local with a destructor");
    }
}

// create, configure, start, loop_start. Throws load_error; nothing is left of it then.
// `old` hands its state over to it.
inline std::shared_ptr<instance> load(host_core& host, const struct mortise_plugin& descriptor,
                                      configuration values, std::optional<library> from,
                                      instance* old = nullptr) {
    const auto made = std::make_shared<instance>(host, descriptor, std::move(values));
    instance& self = *made;
    if (from) {
        self.library.emplace(std::move(*from));
    }
    const auto& steps = self.descriptor;
    bool is_created = false;
    try {
        take_step(self, phase::creating, part::control, "create",
                  [&] { return steps.create(&core_table, self.to_abi(), &self.state); });
        is_created = true;
        take_step(self, phase::configuring, part::control, "configure",
                  [&] { return steps.configure(self.state); });
        if (old != nullptr) {
            hand_over(*old, self);
        }
        if (steps.start != nullptr) {
            take_step(self, phase::starting, part::control, "start",
                      [&] { return steps.start(self.state); });
        }
        self.loop = &host.loops.emplace_back(host);
        if (steps.loop_start != nullptr) {
            take_step(self, phase::entering_loop, part::loop, "loop_start", [&] {
                return steps.loop_start(self.state, self.loop->to_abi(), &self.loop_state);
            });
        }
    } catch (const load_error&) {
        remove_routes(self);
        if (is_created) {
            destroy(self);
        }
        close_library(self);
        throw;
    }
    self.phase = phase::serving;
    host.instances.push_back(made);
    return made;
}

// New requests are answered with 404 from here on.
inline void quiesce(instance& self) {
    if (self.phase != phase::serving) {
        return;
    }
    self.phase = phase::quiesced;
    remove_routes(self);
    if (self.descriptor.quiesce != nullptr) {
        self.core->enter(part::control, self.id + ": quiesce",
                         [&] { self.descriptor.quiesce(self.state); });
    }
}

// The host stops: clients are gone, exchanges are given up, operations are cancelled until none is
// left. What does not end is a fault.
inline void end_everything(instance& self) {
    host_core& host = *self.core;
    host.pool.hold(false);
    host.run();
    for (const auto& each : host.exchanges_of(&self)) {
        each->give_up(503, "The host stops");
        each->client_leaves();
    }
    host.run();
    for (int round = 0; round != 1000 && !host.operations.of(&self).empty(); ++round) {
        host.operations.cancel_all(&self);
        host.run();
    }
    for (auto* const each : host.operations.of(&self)) {
        host.faults.add(host.operations.name_of(each) +
                        ": is pending after it was cancelled at the end");
        host.operations.drop(each);
    }
    for (const auto& each : host.exchanges_of(&self)) {
        if (each->is_held()) {
            host.faults.add(each->called("reply()") + ": is owed, also after the host gave up");
            each->drop();
        }
    }
}

// Waits for holds, with the loop running. What does not end is a fault.
inline void end_holds(instance& self) {
    host_core& host = *self.core;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{2};
    while (host.holds.reason(&self) && std::chrono::steady_clock::now() < end) {
        host.loop.wait_for_post(std::chrono::milliseconds{1});
        host.run();
    }
    if (const auto reason = host.holds.reason(&self)) {
        host.faults.add(self.id + ": is held at the end: " + *reason);
        host.holds.forget(&self);
    }
}

// quiesce, loop_stop, destroy; the library is unmapped. Idempotent.
inline void unload(instance& self) {
    if (self.core == nullptr || self.phase == phase::over) {
        return;
    }
    host_core& host = *self.core;
    quiesce(self);
    end_everything(self);
    end_holds(self);
    end_everything(self);
    self.phase = phase::leaving_loop;
    {
        const std::lock_guard lock{self.loop->mutex};
        self.loop->is_open = false;
    }
    host.run(); // what was posted runs before loop_stop
    if (self.descriptor.loop_stop != nullptr) {
        host.enter(part::loop, self.id + ": loop_stop", [&] {
            self.descriptor.loop_stop(self.state, self.loop->to_abi(), self.loop_state);
        });
    }
    {
        const std::lock_guard lock{self.loop->mutex};
        self.loop->has_stopped = true;
    }
    destroy(self);
    self.phase = phase::over;
    host.look_at_memory(0);
    close_library(self);
    std::erase_if(host.instances, [&](const auto& each) { return each.get() == &self; });
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
