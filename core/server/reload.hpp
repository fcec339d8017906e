// SPDX-License-Identifier: BSL-1.0
// Another configuration, while the host serves.
#pragma once

#include "config/reader.hpp"
#include "server/listeners.hpp"
#include "server/rollout.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <deque>
#include <functional>

namespace mortise::server {

// What HTTP/1.1 takes of settings.
http1::settings http_settings(const config::settings& of);

// One after the other; everything [control]. All of a configuration comes into service, or, where
// anything is wrong, nothing: then everything stays as it was.
//
//   read ─► open new listeners ─► plugins (rollout) ─► loops take on the rest ─► old listeners go
class reload {
public:
    // `current` is replaced when another configuration has come into service.
    reload(boost::asio::io_context& control, worker_span workers, const config::source& from,
           config::configured& current, listeners& open, rollout& plugins);

    // Reads the configuration again. `done` is told what that came to: "changes" that need a
    // restart are among them, as they are not made.
    void begin(rollout::on_done done);
    bool is_under_way() const noexcept { return !waiting_.empty(); }
    // The host is stopping: nothing comes into service any more.
    void stop() noexcept {
        is_stopped_ = true;
        rollout_.stop();
    }

    // What the process has started with: it holds of keys that take a restart.
    const config::configured& first() const noexcept { return first_; }

    // Sees the end of each, and the beginning of those that fail before plugins are looked at, of
    // which rollout does not tell. `by` outlives this.
    void observe(rollout::observer& by) noexcept { observer_ = &by; }

    // Called when settings have been replaced, before the first `done`.
    void on_change(std::function<void()> step) { step_ = std::move(step); }

private:
    void begin_next();
    void refuse(const rollout::outcome& faulty);
    void take_on(rollout::outcome came_to);
    void note_fixed(rollout::outcome& to) const;
    void finish(const rollout::outcome& came_to);

    boost::asio::io_context& control_;
    const worker_span workers_;
    const config::source& source_;
    config::configured& current_;
    const config::configured first_; // that the process has started with
    listeners& listeners_;
    rollout& rollout_;
    rollout::observer* observer_ = nullptr;
    std::function<void()> step_;
    config::configured next_;              // of the reload that is under way
    listeners::change next_listeners_;     // of the reload that is under way
    std::deque<rollout::on_done> waiting_; // the first is under way
    bool is_stopped_ = false;
};

} // namespace mortise::server
