// SPDX-License-Identifier: BSL-1.0
// Asking every loop what it has under way, and which does not answer.
#pragma once

#include "base/clock.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace mortise::server {

// What a loop says of itself.
struct loop_report {
    std::size_t connections;
    std::size_t requests;
};

// Who asks while a round is under way shares it. A loop that has not answered is not asked again
// until it has. Loops are stopped before it goes. Everything [control].
class roll_call {
public:
    // A loop that takes longer than `patience` does not answer.
    roll_call(boost::asio::io_context& control, worker_span workers, base::milliseconds patience)
        : control_{control},
          end_{control},
          workers_{workers},
          patience_{patience},
          places_(workers.size()) {}
    roll_call(const roll_call&) = delete;
    roll_call& operator=(const roll_call&) = delete;

    // By the index of the loop; nothing: it does not answer.
    using reports = std::vector<std::optional<loop_report>>;
    void ask(std::function<void(const reports&)> then);

private:
    struct place {
        bool is_asked = false;
        std::optional<loop_report> said; // in this round
    };
    void ask(std::size_t loop);
    void on_report(std::size_t loop, const loop_report& said);
    void finish();

    boost::asio::io_context& control_;
    boost::asio::steady_timer end_;
    const worker_span workers_;
    const base::milliseconds patience_;
    std::vector<place> places_;
    std::vector<std::function<void(const reports&)>> asking_; // empty: no round is under way
};

} // namespace mortise::server
