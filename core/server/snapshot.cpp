// SPDX-License-Identifier: BSL-1.0
// From loaded plugins to one route table.
#include "server/snapshot.hpp"

#include <algorithm>
#include <utility>

namespace mortise::server {

namespace {

routing::route to_route(const plugin::instance& owner, const plugin::handler& handler) {
    const auto& wanted = handler.route();
    return {.host = wanted.host,
            .method = wanted.method,
            .pattern = wanted.pattern,
            .handler = const_cast<plugin::handler*>(&handler),
            .owner = "plugin " + owner.id() + " " + owner.version() + " (" +
                     owner.file().filename().string() + ")"};
}

} // namespace

snapshot::snapshot(plugin::catalogue loaded) : catalogue_{std::move(loaded)} {
    start_plugins();
    compile_routes();
}

void snapshot::start_plugins() {
    std::vector<plugin::load_error> failed;
    for (const auto& instance : catalogue_.instances()) {
        if (auto error = instance->start()) {
            failed.push_back(std::move(*error));
        }
    }
    for (const auto& error : failed) {
        drop(error);
    }
}

void snapshot::drop(const plugin::load_error& why) {
    const auto instances = catalogue_.instances();
    const auto bad = std::find_if(instances.begin(), instances.end(),
                                  [&](const auto& one) { return one->file() == why.file; });
    if (bad != instances.end()) {
        router_.reset();
        catalogue_.drop(**bad, why);
        compile_routes();
    }
}

void snapshot::compile_routes() {
    std::vector<routing::route_fault> faults;
    std::vector<const plugin::instance*> owners;
    do {
        faults.clear();
        owners.clear();
        std::vector<routing::route> routes;
        for (const auto& instance : catalogue_.instances()) {
            for (const auto& handler : instance->handlers()) {
                routes.push_back(to_route(*instance, *handler));
                owners.push_back(instance.get());
            }
        }
        router_.emplace(routing::route_table::compile(routes, faults));
    } while (drop_refused(faults, owners));
}

bool snapshot::drop_refused(std::vector<routing::route_fault>& faults,
                            const std::vector<const plugin::instance*>& owners) {
    if (faults.empty()) {
        return false;
    }
    const auto& refused = *owners[faults.front().route];
    router_.reset();
    catalogue_.drop(refused, {refused.file(), {faults.front().text, faults.front().cure}});
    return true;
}

} // namespace mortise::server
