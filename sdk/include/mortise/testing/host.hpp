// SPDX-License-Identifier: BSL-1.0
// A host without a server: it loads plugins, passes them requests, and owns the clock.
#pragma once

#include <mortise/abi/plugin.h>
#include <mortise/sdk/detail/lifecycle.hpp>
#include <mortise/testing/detail/host_core.hpp>
#include <mortise/testing/detail/lifecycle.hpp>
#include <mortise/testing/detail/resident_memory.hpp>
#include <mortise/testing/failure.hpp>
#include <mortise/testing/library.hpp>
#include <mortise/testing/log_line.hpp>
#include <mortise/testing/options.hpp>
#include <mortise/testing/plugin.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// Implements the whole border, with one event loop on the test's thread and a clock that stands
// still until the test moves it. The plugin's code runs in load(), begin(), send(), finish(),
// run(), advance() and unload(), and nowhere else; only offloaded work has threads of its own,
// which these calls wait for.
//
// What the plugin does against the border's rules is recorded: faults(). Where the host ends with
// faults that were not looked at, it writes them to the standard error and aborts, or does what
// report_unseen_faults() was told.
//
//     mortise::testing::host host;
//     auto plugin = host.load("build/echo.so", {{"limit", "10"}});
//     auto answer = plugin.send(mortise::testing::get("/echo"));
class host {
public:
    explicit host(const host_options& options = {}) : core_{options} {}
    host(const host&) = delete;
    host& operator=(const host&) = delete;
    ~host() {
        for (const auto& each : std::vector{core_.instances}) {
            plugin{each};
            each->core = nullptr;
        }
        core_.look_at_memory(0);
        if (const auto unseen = core_.faults.unseen(); !unseen.empty()) {
            detail::unseen_fault_reporter()(unseen);
        }
    }

    // Loads a built library: create, configure, start, loop_start. Throws load_error with the
    // plugin's explanation where it refuses.
    plugin load(const std::filesystem::path& file, configuration values = {}) {
        library opened{file};
        const struct mortise_plugin& descriptor = opened.descriptor();
        return plugin{detail::load(core_, descriptor, std::move(values), std::move(opened))};
    }
    // Loads a plugin class of the test's own program: what MORTISE_PLUGIN would be given.
    template <class Type>
    plugin load(configuration values = {}, const char* id = "plugin",
                const char* version = "1.0.0") {
        return load(mortise::detail::describe<Type>(id, version), std::move(values));
    }
    // Loads a plugin of the test's own program by its description.
    plugin load(const struct mortise_plugin& descriptor, configuration values = {}) {
        detail::judge(descriptor, "the plugin");
        return plugin{detail::load(core_, descriptor, std::move(values), std::nullopt)};
    }

    // Loads the next generation of a plugin, which is quiesced, hands its state over and is
    // unloaded once the next one serves. Throws load_error where that refuses; the old one stays
    // quiesced.
    plugin replace(plugin& old, const std::filesystem::path& file, configuration values = {}) {
        library opened{file};
        const struct mortise_plugin& descriptor = opened.descriptor();
        return replace(old, descriptor, std::move(values), std::move(opened));
    }
    template <class Type>
    plugin replace(plugin& old, configuration values = {}, const char* id = "plugin",
                   const char* version = "1.0.0") {
        return replace(old, mortise::detail::describe<Type>(id, version), std::move(values),
                       std::nullopt);
    }

    // Lets these filters run, in this order, as the server's --filters does; without this all do,
    // in the order in which they were registered. Throws failure where no plugin has one of them.
    void order_filters(const std::vector<std::string>& names) {
        std::vector<std::shared_ptr<const detail::filter>> ordered;
        for (const auto& name : names) {
            const auto has_name = [&](const auto& each) { return each->name == name; };
            const auto found = std::ranges::find_if(core_.filters, has_name);
            if (found == core_.filters.end()) {
                throw failure{"no plugin has the filter " + name};
            }
            ordered.push_back(*found);
        }
        core_.filters = std::move(ordered);
    }

    // Everything that can run now: what was posted, timers that are due, offloaded work. Blocks
    // while work is on its thread. Throws failure where the loop never comes to rest.
    void run() { core_.run(); }

    // Lets virtual time pass, and runs everything at each time at which a timer is due.
    void advance(std::chrono::nanoseconds time) {
        core_.advance_to(core_.loop.now() + static_cast<std::uint64_t>(time.count()));
    }
    // Since an unnamed beginning.
    std::chrono::nanoseconds now() const { return std::chrono::nanoseconds{core_.loop.now()}; }

    // Calls `call` on the event loop: for code of the test that calls [loop] functions.
    void on_loop(std::function<void()> call) {
        core_.loop.post([this, call = std::move(call)] {
            core_.enter(detail::part::loop, "what on_loop() was given", call);
        });
        run();
    }

    // Offloaded work that begins from here on takes until release_work(): it has begun, so a
    // cancel comes too late for it, and time passes meanwhile.
    void hold_work() { core_.pool.hold(true); }
    void release_work() { core_.pool.hold(false); }

    // The next call of this function does nothing and returns `code`. More than one call add up.
    void refuse_next(function which, std::int32_t code) { core_.refuse_next(which, code); }

    // What plugins did against the rules of the border, each with function and reason. They count
    // as looked at.
    std::vector<std::string> faults() { return core_.faults.read(); }

    // All lines of the log, in their order.
    std::vector<log_line> log() const { return core_.lines.read(); }
    void clear_log() { core_.lines.clear(); }

    struct reloading {
        int times = 100;
        std::function<void(plugin&)> exercise; // is called in each round; may be null
        configuration values;
        std::size_t growth = 1024 * 1024; // bytes of resident memory that all rounds may add
    };
    // Loads, exercises and unloads a library again and again. Faults: it stays mapped; memory
    // grows, which is not judged under the address sanitizer, since that keeps what was freed.
    void reload(const std::filesystem::path& file, const reloading& how) {
        constexpr int warming_up = 10; // rounds in which allocators take their pages
        std::size_t before = 0;
        for (int round = 0; round != how.times + warming_up; ++round) {
            if (round == warming_up) {
                before = detail::resident_memory();
            }
            reload_once(file, how);
        }
        const std::size_t after = detail::resident_memory();
        if (!detail::has_address_sanitizer && after > before + how.growth) {
            core_.faults.add(file.string() + ": memory grew by " + std::to_string(after - before) +
                             " bytes in " + std::to_string(how.times) + " reloads");
        }
    }
    void reload(const std::filesystem::path& file, int times,
                std::function<void(plugin&)> exercise = nullptr) {
        reloading how;
        how.times = times;
        how.exercise = std::move(exercise);
        reload(file, how);
    }

    // What a plugin is given in create(), for tests of code that takes it.
    static const mortise_host& table() noexcept { return detail::core_table; }

private:
    plugin replace(plugin& old, const struct mortise_plugin& descriptor, configuration values,
                   std::optional<library> from) {
        old.quiesce();
        plugin next{
            detail::load(core_, descriptor, std::move(values), std::move(from), old.alive())};
        old.unload();
        return next;
    }

    void reload_once(const std::filesystem::path& file, const reloading& how) {
        plugin loaded = load(file, how.values);
        if (how.exercise) {
            how.exercise(loaded);
        }
        loaded.unload();
        clear_log();
    }

    detail::host_core core_;
};

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
