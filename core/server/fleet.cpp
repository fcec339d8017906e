// SPDX-License-Identifier: BSL-1.0
// Plugins that serve together, and those that are left when some cannot.
#include "server/fleet.hpp"

#include "observe/log.hpp"

#include <algorithm>
#include <utility>

namespace mortise::server {

fleet::fleet(plugin::catalogue loaded, composition by, observe::request_metrics* metrics)
    : catalogue_{std::move(loaded)}, composed_{std::move(by)}, metrics_{metrics} {
    start_plugins();
    compile_first();
}

void fleet::start_plugins() {
    std::vector<plugin::load_error> failed;
    for (const auto& instance : catalogue_.instances()) {
        if (auto error = instance->start()) {
            failed.push_back(std::move(*error));
        }
    }
    for (const auto& error : failed) {
        remove(error);
    }
}

plugin::instance* fleet::find(const std::filesystem::path& file) const noexcept {
    const auto instances = catalogue_.instances();
    const auto found =
        std::ranges::find_if(instances, [&](const auto& each) { return each->file() == file; });
    return found != instances.end() ? found->get() : nullptr;
}

void fleet::remove(const plugin::load_error& why) {
    if (const auto* const bad = find(why.file)) {
        catalogue_.drop(*bad, why);
    }
}

void fleet::drop(const plugin::load_error& why) {
    current_.reset();
    remove(why);
    compile_first();
}

void fleet::compile_first() {
    for (;;) {
        serving_.clear();
        for (const auto& each : catalogue_.instances()) {
            serving_.push_back(each.get());
        }
        auto made = compile(serving_, composed_);
        if (made) {
            current_ = std::move(*made);
            return;
        }
        remove(made.error());
    }
}

std::unique_ptr<snapshot> fleet::replace(std::unique_ptr<snapshot> next,
                                         std::vector<plugin::instance*> serving, composition by) {
    serving_ = std::move(serving);
    composed_ = std::move(by);
    return std::exchange(current_, std::move(next));
}

std::vector<const plugin::filter*> fleet::idle_filters() const {
    std::vector<const plugin::filter*> idle;
    for (const auto* instance : serving_) {
        for (const auto& filter : instance->filters()) {
            if (std::ranges::find(composed_.filters, filter->name()) == composed_.filters.end()) {
                idle.push_back(filter.get());
            }
        }
    }
    return idle;
}

std::optional<std::string> missing_filter(std::span<plugin::instance* const> among,
                                          const composition& by) {
    const auto missing = std::ranges::find_if(
        by.filters, [&](const std::string& name) { return find_filter(among, name) == nullptr; });
    return missing != by.filters.end() ? std::optional{*missing} : std::nullopt;
}

void log_in_service(const plugin::instance& serving, const composition& by,
                    const plugin::instance* replaced) {
    std::string routes;
    for (const auto& handler : serving.handlers()) {
        for (const auto& route : by.placed(serving.id(), handler->route())) {
            routes +=
                (routes.empty() ? "" : ", ") + route.method + " " + route.host + route.pattern;
        }
    }
    std::string filters;
    for (const auto& filter : serving.filters()) {
        filters += (filters.empty() ? "" : ", ") + filter->name();
    }
    const std::string generation = std::to_string(serving.generation());
    std::vector<observe::log_field> fields{{"id", serving.id()},
                                           {"version", serving.version()},
                                           {"generation", generation},
                                           {"file", serving.file().native()},
                                           {"routes", routes}};
    if (!filters.empty()) {
        fields.push_back({"filters", filters});
    }
    if (replaced != nullptr) {
        fields.push_back({"replaces", replaced->version()});
    }
    observe::log(observe::level::info, "plugin loaded", fields);
}

} // namespace mortise::server
