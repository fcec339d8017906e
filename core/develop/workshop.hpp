// SPDX-License-Identifier: BSL-1.0
// mortise dev: builds a plugin project on each save, and serves what came of it.
#pragma once

#include "develop/builder.hpp"
#include "develop/household.hpp"
#include "develop/room.hpp"
#include "develop/served_host.hpp"
#include "develop/source_watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mortise::develop {

// What a command line asks for.
struct order {
    project built;
    std::vector<std::string> options; // of `mortise run`
    bool keeps_last_good = false;     // serves it on while the next one is broken
};

// One thing after the other; everything [control].
//
//   save ─► build ─► lay out ─► reload the host ─► wait for a save
//             └ broken ─► lay out the page that says so
class workshop {
public:
    workshop(order what, room laid_out);

    // Until a signal says that it is enough. The process's exit code; nothing of it is left then.
    int run();

private:
    using clock = source_watch::clock;

    void wait_for_signal();
    void end();
    void end_where_nothing_runs();

    bool start_host(const page& first);
    void host_is_ready();
    void host_has_ended(const siginfo_t& how);

    void source_has_changed(clock::time_point saved);
    void build();
    void is_built(const builder::outcome& came_to);
    void build_later();
    void tell_unclaimed(const std::vector<product>& made) const;
    void swap(std::vector<product> made);
    void is_swapped(const served_host::change& came_to);
    void show(page why);
    void go_on();
    bool is_busy() const { return builder_.is_running() || is_reloading_; }

    const order order_;
    room room_;
    household household_;
    boost::asio::io_context control_{1};
    boost::asio::signal_set signals_{control_};
    source_watch watch_;
    builder builder_;
    served_host host_;
    std::vector<product> good_;              // as they lie in the room: what has served last
    std::optional<clock::time_point> saved_; // and not built yet
    clock::time_point began_;                // the save that is being built, or the start
    bool has_begun_ = false;                 // to build
    bool is_first_ = true;                   // nothing has been saved yet
    bool is_ready_ = false;                  // the host serves
    bool is_reloading_ = false;
    bool is_ending_ = false;
    int code_ = 0;
};

} // namespace mortise::develop
