// SPDX-License-Identifier: BSL-1.0
// The plugins in service and the table of their routes.
#pragma once

#include "plugin/catalogue.hpp"
#include "routing/router.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mortise::server {

// Pins what exchanges need: the router names handlers, handlers belong to instances, instances to
// libraries. Made and destroyed on the control thread, when no loop serves it.
class snapshot {
public:
    // Starts the plugins of `loaded` and compiles their routes. One that fails to start, or whose
    // route cannot stand beside the others', is dropped whole.
    explicit snapshot(plugin::catalogue loaded);

    http::handler& handler() noexcept { return *router_; }
    std::span<const std::unique_ptr<plugin::instance>> instances() const noexcept {
        return catalogue_.instances();
    }
    // Why plugins are not in service, one line each.
    std::span<const plugin::load_error> errors() const noexcept { return catalogue_.errors(); }

    // Drops a plugin that could not enter a loop; no loop serves yet.
    void drop(const plugin::load_error& why);

private:
    void start_plugins();
    void compile_routes();
    // Drops the plugin whose route was refused; false: every route found its place.
    bool drop_refused(std::vector<routing::route_fault>& faults,
                      const std::vector<const plugin::instance*>& owners);

    plugin::catalogue catalogue_;
    std::optional<routing::router> router_;
};

} // namespace mortise::server
