// SPDX-License-Identifier: BSL-1.0
// What the HTTP/1 connections of one loop share, since only one of them is served at a time.
#pragma once

#include "async/deadline.hpp"
#include "base/clock.hpp"
#include "http/field.hpp"
#include "http/handler.hpp"
#include "http1/connection.hpp"
#include "http1/exchange_pool.hpp"
#include "http1/limits.hpp"
#include "http1/message_writer.hpp"
#include "net/output.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::observe {
class access_writer;
class loop_metrics;
} // namespace mortise::observe

namespace mortise::http1 {

// What the operator decided; one copy a loop.
struct settings {
    http1::limits limits;
    http1::deadlines deadlines;
    std::string server_field;   // empty: none
    bool server_timing = false; // responses of handlers tell how long these took
};

// Who is told of each exchange; null: nobody. Outlives the workspace. Thread: the loop's.
struct observation {
    observation(observe::access_writer* log = nullptr,
                observe::loop_metrics* counts = nullptr) noexcept
        : access_log{log}, metrics{counts} {}

    observe::access_writer* access_log;
    observe::loop_metrics* metrics;
};

// The bytes of the connection that is being served: read behind what is unread, taken from the
// front. Lives for the loop; holds nothing between two turns.
//
//   bytes_ [ taken ... | unread ............ | room ............... ]
class input_buffer {
public:
    static constexpr std::size_t capacity = 64 * 1024;

    std::string_view& unread() noexcept { return unread_; }
    // Begins a turn with the bytes that an earlier one left.
    void load(std::string_view rest) noexcept;
    // Room behind the unread bytes, which move to the front for it.
    std::span<char> room() noexcept;
    void commit(std::size_t size) noexcept { unread_ = {unread_.data(), unread_.size() + size}; }

private:
    std::unique_ptr<char[]> bytes_ = std::make_unique<char[]>(capacity);
    std::string_view unread_{bytes_.get(), 0};
};

// Thread: its loop's.
struct workspace {
    workspace(http1::settings chosen, http::handler& first, const observation& told);

    // For connections that are open too: deadlines at once, those that run among them; limits from
    // the next bytes that are judged, and that of content from the next request; the Server field
    // and Server-Timing from the next answer. While no connection is served.
    void set_settings(http1::settings next);
    // Tells those whose time is over.
    void expire_deadlines() noexcept;
    // The queue of exchanges whose handlers have this time.
    async::deadline_queue& handling_within(base::milliseconds time) {
        return own_handling.try_emplace(time, time).first->second;
    }

    // Reads the clocks, which a tick keeps true to its period.
    void refresh_clock() noexcept;
    // What follows happens at `time`. The exact clock is read only where somebody measures.
    void set_now(base::instant time) noexcept {
        now = time;
        if (is_measured) {
            exact_now = base::exact_now();
        }
    }
    // Reads the exact clock; the time since it was read before.
    std::chrono::nanoseconds lap() noexcept {
        const auto before = std::exchange(exact_now, base::exact_now());
        return exact_now - before;
    }

    http1::settings settings;
    http::handler* handler;
    std::uint32_t cohort = 1;           // of the exchanges that begin with this handler
    observe::access_writer* access_log; // null: off
    observe::loop_metrics* metrics;     // null: off
    bool is_measured;                   // whether the exact clock is kept

    base::instant now{};
    base::exact_instant exact_now{};      // as it was read last
    base::unix_milliseconds wall_clock{}; // to a tick
    dated_start start;                    // with the Date of `wall_clock`

    // One queue a kind of waiting.
    async::deadline_queue header;
    async::deadline_queue content;
    async::deadline_queue handling;
    async::deadline_queue writing;
    async::deadline_queue keep_alive;
    async::deadline_queue linger;
    // For handlers with a time of their own; how many there are is the operator's choice.
    std::map<base::milliseconds, async::deadline_queue> own_handling;

    input_buffer input;
    net::output output;                  // of the connection that is being served
    net::output aside;                   // of one that is answered out of its turn
    std::vector<http::field> field_room; // at least settings.limits.field_count
    exchange_pool exchanges;
    std::size_t running_on = 0; // exchanges that outlive their client

    connection* current = nullptr;      // the one whose turn it is
    connection_queue resumable;         // they have asked for a turn
    std::function<void()> on_resumable; // there is a first one, or a first retired exchange: what
                                        // is due shall be done soon; does not throw
    connection_queue closed;            // to be destroyed when no turn is on the stack
    bool winding_down = false;          // every response is the last of its connection
    bool draining = false;              // and what is idle, too, is closed
};

} // namespace mortise::http1
