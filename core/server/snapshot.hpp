// SPDX-License-Identifier: BSL-1.0
// The plugins in service and the table of their routes.
#pragma once

#include "plugin/catalogue.hpp"
#include "routing/router.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::server {

// Pins what exchanges need: the router names handlers, handlers belong to instances, instances to
// libraries. Made and destroyed on the control thread, when no loop serves it.
class snapshot {
public:
    // Starts the plugins of `loaded`, compiles their routes, and puts the filters that `order`
    // names before them. A plugin that fails to start, or whose route, filter or metric cannot
    // stand beside the others', is dropped whole.
    explicit snapshot(plugin::catalogue loaded, std::vector<std::string> order = {});

    // The first filter, or the router where there is none. Its address does not change while
    // nothing is dropped that a filter of the order belongs to.
    http::handler& handler() noexcept { return *first_; }

    // The first name of the order that no plugin in service gives a filter.
    std::optional<std::string> missing_filter() const;
    // Filters that are not in the order: they do not run.
    std::vector<const plugin::filter*> idle_filters() const;
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
    void compile_filters();
    // Drops a plugin whose filter has the name of another's; false: there is none.
    bool drop_second_filter();
    // Drops a plugin with a metric that is shown by a name of another's lines; false: there is
    // none.
    bool drop_second_metric();
    plugin::filter* find_filter(std::string_view name) const noexcept;
    // Drops the plugin whose route was refused; false: every route found its place.
    bool drop_refused(std::vector<routing::route_fault>& faults,
                      const std::vector<const plugin::instance*>& owners);

    plugin::catalogue catalogue_;
    std::vector<std::string> order_; // of filters, the outermost first
    std::optional<routing::router> router_;
    http::handler* first_ = nullptr;
};

} // namespace mortise::server
