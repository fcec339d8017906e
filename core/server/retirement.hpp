// SPDX-License-Identifier: BSL-1.0
// How plugins leave while the host serves: their requests end, their code goes, and that is proved.
#pragma once

#include "base/clock.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string_view>
#include <vector>

namespace mortise::server {

class fleet;

// Looks at what leaves until nothing of it is under way. Everything [control].
//
//   draining ─► quiesced ─► idle ─► each loop is left ─► destroyed, unmapped
//       └──────────┴── the drain timeout is over ──► cut off ─► idle …
//                                                       └──► stuck: it stays, and the log names why
class retirement {
public:
    retirement(boost::asio::io_context& control, worker_span workers, fleet& of,
               base::milliseconds drain);

    void set_drain(base::milliseconds drain) noexcept { drain_ = drain; }

    // On each loop, by its index: the last cohort that began by a snapshot.
    using cohorts = std::vector<std::uint32_t>;

    // `replaced` goes once no exchange of that cohort is under way.
    void add(std::unique_ptr<snapshot> replaced, cohorts last);
    // `leaving` is in no snapshot that exchanges begin by after those cohorts.
    void add(plugin::instance& leaving, cohorts last);

    // What leaves, as it was at the last look.
    struct departure {
        const plugin::instance& of;
        std::string_view state; // "draining", …
        worker::rest left;      // on all loops
    };
    std::vector<departure> list() const;

private:
    struct old_snapshot {
        std::unique_ptr<snapshot> kept;
        cohorts last;
        bool is_used = true; // at the last look
    };
    enum class state { draining, quiesced, idle, leaving, gone };
    struct old_instance {
        plugin::instance& leaving;
        cohorts last;
        base::instant since;
        state now = state::draining;
        bool is_cut_off = false;
        bool is_reported = false;       // as stuck
        std::vector<worker::rest> rest; // on each loop, at the last look
    };

    void look_later();
    void look();
    void judge();
    void judge(old_instance& each);
    void take_down(old_instance& each);
    void cut_off(old_instance& each);

    boost::asio::io_context& control_;
    boost::asio::steady_timer turn_;
    const worker_span workers_;
    fleet& fleet_;
    base::milliseconds drain_;
    std::list<old_snapshot> snapshots_; // loops write to these while they look
    std::list<old_instance> instances_;
    bool is_looking_ = false;
};

} // namespace mortise::server
