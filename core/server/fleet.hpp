// SPDX-License-Identifier: BSL-1.0
// The plugins of this process, those in service among them, and the snapshot that serves.
#pragma once

#include "plugin/catalogue.hpp"
#include "server/snapshot.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mortise::server {

// Owns what exchanges need. Made and destroyed on the control thread, when no loop serves it, and
// changed there.
class fleet {
public:
    // Starts the plugins of `loaded` and compiles their routes, with the filters before them. A
    // plugin that fails to start, or whose route, filter or metric cannot
    // stand beside the others', is dropped whole. `metrics` as snapshot::compile() has it.
    explicit fleet(plugin::catalogue loaded, composition by = composition{},
                   observe::request_metrics* metrics = nullptr);

    // What serves; another one after drop() and replace().
    snapshot& current() noexcept { return *current_; }
    std::span<plugin::instance* const> serving() const noexcept { return serving_; }

    // Also those that join, and those that have not left yet.
    std::span<const std::unique_ptr<plugin::instance>> instances() const noexcept {
        return catalogue_.instances();
    }

    // The plugin that came out of the file; null: none.
    plugin::instance* find(const std::filesystem::path& file) const noexcept;

    // How they are put together now.
    const composition& composed() const noexcept { return composed_; }
    // Filters of plugins in service that are not named there: they do not run.
    std::vector<const plugin::filter*> idle_filters() const;
    // Why plugins are not in service, one line each.
    std::span<const plugin::load_error> errors() const noexcept { return catalogue_.errors(); }

    // Drops a plugin that could not enter a loop; no loop serves yet.
    void drop(const plugin::load_error& why);

    // While loops serve: an instance that is to join, what would serve then, and the change, which
    // gives back what served before. Exchanges that began by that may still be under way.
    plugin::instance& adopt(std::unique_ptr<plugin::instance> joining) {
        return catalogue_.adopt(std::move(joining));
    }
    plugin::loaded<std::unique_ptr<snapshot>> compile(std::span<plugin::instance* const> serving,
                                                      const composition& by) const {
        return snapshot::compile(serving, by, metrics_);
    }
    std::unique_ptr<snapshot> replace(std::unique_ptr<snapshot> next,
                                      std::vector<plugin::instance*> serving, composition by);
    // Destroys an instance that does not serve, of which nothing is under way, on no loop.
    bool release(const plugin::instance& leaving) { return catalogue_.release(leaving); }

private:
    void start_plugins();
    void remove(const plugin::load_error& why);
    void compile_first();

    plugin::catalogue catalogue_;
    std::vector<plugin::instance*> serving_;
    composition composed_;
    observe::request_metrics* const metrics_;
    std::unique_ptr<snapshot> current_;
};

// The first filter that is named and that none of the plugins has.
std::optional<std::string> missing_filter(std::span<plugin::instance* const> among,
                                          const composition& by);

// The line of a plugin that has come into service.
void log_in_service(const plugin::instance& serving, const composition& by,
                    const plugin::instance* replaced = nullptr);

} // namespace mortise::server
