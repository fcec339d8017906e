// SPDX-License-Identifier: BSL-1.0
// What a plugin does to the process that loads it, tried in a child process first.
#pragma once

#include "base/clock.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/load_error.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>

namespace mortise::server {

// Runs a whole life of a candidate, without a request, in a fresh process of this program: load,
// create, configure, start, loop_start, quiesce, loop_stop, destroy, unload. Everything [control].
class prober {
public:
    // What takes longer than `limit` has failed.
    prober(boost::asio::io_context& control, base::milliseconds limit) noexcept
        : control_{control}, limit_{limit} {}

    void set_limit(base::milliseconds limit) noexcept { limit_ = limit; }

    // Calls `then` later, once: with what went wrong, or with nothing. What the child found that
    // does not keep the plugin from serving is a warning in the log. `tried` stays until then.
    using verdict = std::function<void(std::optional<plugin::load_error>)>;
    void probe(const plugin::catalogue::candidate& tried, const plugin::configuration& values,
               verdict then);

private:
    boost::asio::io_context& control_;
    base::milliseconds limit_;
};

} // namespace mortise::server
