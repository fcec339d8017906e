// SPDX-License-Identifier: BSL-1.0
// Which handler serves which request: the routes of some plugins, and the filters before them.
#pragma once

#include "config/settings.hpp"
#include "http/handler.hpp"
#include "plugin/instance.hpp"
#include "plugin/load_error.hpp"
#include "routing/router.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mortise::observe {
class request_metrics;
}

namespace mortise::server {

// What an operator makes of plugins that serve together.
struct composition {
    std::vector<std::string> filters; // the outermost first; those that no plugin has are left out
    std::map<std::string, config::placement> placements; // by plugin id

    explicit composition(const config::settings& chosen = {})
        : filters{chosen.filters}, placements{chosen.placements} {}
    bool operator==(const composition&) const = default;

    // A route of the plugin as it stands here: once for each of its hosts.
    std::vector<plugin::route> placed(const std::string& id, const plugin::route& wanted) const;
};

// Stands between an exchange and a filter: says who comes after it in this snapshot.
class filter_step final : public http::handler {
public:
    filter_step(plugin::filter& entered, http::handler& next) noexcept
        : filter_{entered}, next_{next} {}
    void handle(http::exchange& exchange) noexcept override;

private:
    plugin::filter& filter_;
    http::handler& next_;
};

// Immutable. It names handlers of instances that it does not own: they outlive the last exchange
// that came this way, and it outlives that too. Made and destroyed on the control thread.
class snapshot {
public:
    // `metrics`: where the requests of each route are counted; null: nowhere. Outlives it.
    // The error is about the first plugin that cannot stand beside those before it in `serving`: a
    // route, a filter or a metric of it is another's already.
    static plugin::loaded<std::unique_ptr<snapshot>>
    compile(std::span<plugin::instance* const> serving, const composition& by,
            observe::request_metrics* metrics = nullptr);

    snapshot(const snapshot&) = delete;
    snapshot& operator=(const snapshot&) = delete;

    // The first filter, or the router where there is none. [loop]
    http::handler& handler() const noexcept { return *first_; }

private:
    snapshot(routing::route_table routes, std::span<plugin::filter* const> order);

    routing::router router_;
    std::vector<std::unique_ptr<filter_step>> steps_; // the innermost first
    http::handler* first_;
};

// The filter of that name in one of the plugins; null where there is none.
plugin::filter* find_filter(std::span<plugin::instance* const> serving, const std::string& name);

} // namespace mortise::server
