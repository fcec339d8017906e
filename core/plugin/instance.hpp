// SPDX-License-Identifier: BSL-1.0
// One created plugin: its code, its state, its routes, and the order in which it is called.
#pragma once

#include "plugin/call_site.hpp"
#include "plugin/fault_rate.hpp"
#include "plugin/filter.hpp"
#include "plugin/handler.hpp"
#include "plugin/holds.hpp"
#include "plugin/identity.hpp"
#include "plugin/library.hpp"
#include "plugin/limits.hpp"
#include "plugin/load_error.hpp"
#include "plugin/loop_handle.hpp"
#include "plugin/metric.hpp"
#include "plugin/reporter.hpp"
#include "plugin/tally.hpp"

#include <mortise/abi/ext/state.h>
#include <mortise/abi/plugin.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::plugin {

// Key to value, for one plugin.
using configuration = std::map<std::string, std::string>;

// What an instance lives in.
struct surroundings {
    std::size_t loops; // how many event loops will enter it; at most loop_handle::max_loops
    reporter& reports;
    bool is_checked = false;             // a breach of the border ends the process where it happens
    std::uint32_t faults = 0;            // that bring a plugin into quarantine; 0: none do
    std::chrono::seconds within{10};     // as soon as it has them in this time
    const limit_table* limits = nullptr; // of plugins; null: none
    tally_table* tallies = nullptr;      // outlive the instances; null: each has one of its own
};

// Whether requests come to a plugin in service; else they are answered with 503 in its place.
enum class admission : std::uint8_t {
    open,
    quarantined, // for its faults
    disabled,    // by an operator
};

// Owns the library, the plugin's state and its route handlers. Made and destroyed on the control
// thread; outlives the route table that names its handlers and every exchange they were given.
//
//   load ─► start ─► enter_loop (each loop) ─► serving ─► quiesce ─► leave_loop (each) ─► ~instance
//
// A step that fails gives a load_error; the instance is then only to be destroyed, once each loop
// that entered it has left it.
class instance {
public:
    static constexpr std::size_t max_instances = 256; // alive at once in a process
    static constexpr std::size_t max_log_line = 4096; // bytes of a line of a plugin; more is cut
    static constexpr std::uint32_t fault_lines_a_second = 10;

    // Maps the code, then create and configure: the routes are known afterwards. [control]
    static loaded<std::unique_ptr<instance>>
    load(const std::filesystem::path& file, const identity& note, std::span<const std::byte> bytes,
         plugin::configuration values, const surroundings& around);

    instance(const instance&) = delete;
    instance& operator=(const instance&) = delete;
    ~instance() { take_down(); }

    // Calls destroy, unmaps the code and proves it. False: it stays mapped, which is reported as an
    // error with what holds it. Nothing but the destructor may be called afterwards. Idempotent.
    bool take_down() noexcept;

    const std::string& id() const noexcept { return identity_.id; }
    const std::string& version() const noexcept { return identity_.version; }
    const std::filesystem::path& file() const noexcept { return file_; }
    const identity& note() const noexcept { return identity_; }
    // Where the private copy of its file lies.
    const std::filesystem::path& mapped_path() const noexcept { return library_->mapped_path(); }
    // Another number for each instance of the process, in the order of their loading.
    std::uint64_t generation() const noexcept { return generation_; }
    // base::hash() of the bytes that its code was made of.
    std::uint64_t digest() const noexcept { return digest_; }

    // [any]
    const plugin::limits& limits() const noexcept { return limits_; }
    // One more request in flight, or one more piece of work on the pool; false: its limit is
    // reached. Each that was taken is given back once. [any]
    bool take_request() noexcept { return requests_.take(limits_.requests); }
    void give_request_back() noexcept { requests_.give_back(); }
    bool take_pool_place() noexcept { return pool_places_.take(limits_.pool); }
    void give_pool_place_back() noexcept { pool_places_.give_back(); }

    // Requests that were answered in its place. [any]
    void count_turned_away() noexcept {
        tally_.turned_away.fetch_add(1, std::memory_order_relaxed);
    }

    // Work that the pool did not take: it is full, or the instance's limit is reached. [any]
    void count_pool_refused() noexcept {
        tally_.pool_refused.fetch_add(1, std::memory_order_relaxed);
    }

    // [any]
    admission admits() const noexcept { return admission_.load(std::memory_order_relaxed); }
    void set_admission(admission next) noexcept { admission_ = next; }

    // One for each route that configure registered, in that order. The addresses are stable.
    std::span<const std::unique_ptr<handler>> handlers() const noexcept { return handlers_; }

    // Likewise for each filter.
    std::span<const std::unique_ptr<filter>> filters() const noexcept { return filters_; }

    // Likewise for each metric. [any] once configure is over.
    std::span<const std::unique_ptr<metric>> metrics() const noexcept { return metrics_; }

    // How it hands its state over; nothing where it does not. [control]
    const std::optional<mortise_state_offer>& state_offer() const noexcept { return state_offer_; }

    // The last step that may fail before loops are entered. [control]
    std::optional<load_error> start();

    // Before the first request of this instance on the loop, and after the last. [loop] Several
    // loops may do so at once.
    std::optional<load_error> enter_loop(loop_handle& loop);
    void leave_loop(loop_handle& loop);

    // Why the plugin may not be taken down yet, in its own words. [any]
    std::vector<std::string> holds() const { return holds::reasons(ordinal_); }
    bool is_held() const noexcept { return holds::is_held(ordinal_); }
    // Lets it take no more holds; false: it is held. Before the first leave_loop(). [control]
    bool close_holds() noexcept { return holds::close(ordinal_); }

    // No new request will come. [control]
    void quiesce();

    // What loop_start returned on the loop. [loop]
    void* loop_state(std::size_t loop_index) const noexcept { return places_[loop_index].state; }

    // Whether the plugin may begin operations on the loop: between loop_start and loop_stop. [loop]
    bool may_start(std::size_t loop_index) const noexcept { return places_[loop_index].is_entered; }

    // What of it is under way on a loop beside exchanges and operations: content that is gathered
    // for it or lent by it, a response that a filter of it is to see. Its code stays until each pin
    // is taken out, on the same loop. [loop]
    void pin() noexcept { ++places_[loop_handle::of_this_thread()->index()].pins; }
    void unpin() noexcept { --places_[loop_handle::of_this_thread()->index()].pins; }
    std::size_t pins() const noexcept {
        return places_[loop_handle::of_this_thread()->index()].pins;
    }

    // library::is_called_alone(). [any], and in a signal handler.
    bool is_called_alone(std::span<void* const> stack) const noexcept {
        return library_->is_called_alone(stack);
    }

    // Whether its code was made of these bytes.
    bool is_made_of(std::span<const std::byte> bytes) const;
    // Whether it was given these values and limits.
    bool is_configured_by(const plugin::configuration& values, const plugin::limits& limits) const;

    // Calls what may not fail: an exception that crosses the border is reported as a fault of
    // `name`, a literal, and the host goes on. `of` as entered_call has it. [any]
    template <class Call>
    void call_quietly(const char* name, Call call, const void* of = nullptr) noexcept {
        const entered_call here{*this, name, of};
        try {
            call();
        } catch (...) {
            report_fault(std::string{name} + " let an exception cross the border");
        }
    }

    // A step of its life begins; `name` is a literal. [any]
    void begin_step(const char* name) noexcept { reports_.begin_step(name); }

    // A number below max_instances that no other living instance has.
    std::uint8_t ordinal() const noexcept { return ordinal_; }

    // Reports that the plugin broke a rule of the border, and counts that; ends the process if it
    // is checked. [any]
    void report_fault(std::string_view text) noexcept;
    // Counts that it held its loop, which is reported elsewhere, as many faults: everybody on that
    // loop waited. [any]
    void count_stall() noexcept;
    // Reports that the plugin could not do what it was asked, as a plugin may. [any]
    //
    // Both reports let a few lines through each second, so that a fault in each request is not a
    // line for each.
    void report_failure(std::string_view text) noexcept;
    // A loop has left a call of it: what that has locked stays locked, and what it has changed may
    // be half changed. Quarantines it. [any]
    void report_left() noexcept;

    // The host's functions that take an instance come here (host_services). They judge the step
    // that runs on this thread.
    void log(severity level, std::string_view text, std::span<const http::field> fields) noexcept;
    bool is_logged(severity level) const noexcept { return reports_.is_on(level); }
    std::int32_t find_value(std::string_view key, mortise_view& value) noexcept;
    std::int32_t add_route(const mortise_route& route) noexcept;
    std::int32_t add_filter(const mortise_filter& filter) noexcept;
    std::int32_t offer_state(const mortise_state_offer& offered) noexcept;
    std::int32_t add_metric(const mortise_metric_description& description,
                            mortise_metric*& made) noexcept;

    mortise_instance* abi() noexcept { return reinterpret_cast<mortise_instance*>(this); }
    static instance* from_abi(mortise_instance* handle) noexcept {
        return reinterpret_cast<instance*>(handle);
    }

private:
    struct place {
        bool is_entered = false;
        void* state = nullptr;
        std::size_t pins = 0;
    };
    struct entry {
        std::string text;
        bool was_read = false;
    };

    instance(std::filesystem::path file, identity note, plugin::configuration values,
             const surroundings& around);

    std::optional<fault> create();
    std::optional<fault> configure();
    void report_unread_values();
    void quarantine(std::string_view why) noexcept;
    void count_fault() noexcept { tally_.faults.fetch_add(1, std::memory_order_relaxed); }
    [[noreturn]] void end_here(std::string_view fault) noexcept;
    bool unload() noexcept;

    std::filesystem::path file_;
    identity identity_;
    std::map<std::string, entry, std::less<>> values_;
    reporter& reports_;
    const bool is_checked_;
    const std::uint64_t generation_;
    std::uint64_t digest_ = 0;
    const plugin::limits limits_;
    bounded_count requests_;
    bounded_count pool_places_;
    std::atomic<admission> admission_{admission::open};
    line_rate fault_lines_{fault_lines_a_second};
    line_rate log_lines_;
    fault_budget fault_budget_;
    tally own_tally_;
    tally& tally_;
    std::uint8_t ordinal_ = 0;
    bool is_created_ = false;
    bool is_started_ = false;
    bool is_quiesced_ = false;
    void* state_ = nullptr;
    std::optional<mortise_state_offer> state_offer_;
    std::optional<fault> refused_; // why the last refused route, filter or metric was
    std::unique_ptr<library> library_;
    std::vector<std::unique_ptr<handler>> handlers_;
    std::vector<std::unique_ptr<filter>> filters_;
    std::vector<std::unique_ptr<metric>> metrics_;
    std::vector<place> places_; // by loop index; each loop writes its own
};

} // namespace mortise::plugin
