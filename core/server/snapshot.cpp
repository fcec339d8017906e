// SPDX-License-Identifier: BSL-1.0
// From loaded plugins to one route table.
#include "server/snapshot.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace mortise::server {

namespace {

std::string owner_text(const plugin::instance& owner) {
    return "plugin " + owner.id() + " " + owner.version() + " (" +
           owner.file().filename().string() + ")";
}

routing::route to_route(const plugin::instance& owner, const plugin::handler& handler) {
    const auto& wanted = handler.route();
    return {.host = wanted.host,
            .method = wanted.method,
            .pattern = wanted.pattern,
            .handler = const_cast<plugin::handler*>(&handler),
            .owner = owner_text(owner)};
}

} // namespace

snapshot::snapshot(plugin::catalogue loaded, std::vector<std::string> order)
    : catalogue_{std::move(loaded)}, order_{std::move(order)} {
    start_plugins();
    while (drop_second_filter() || drop_second_metric()) {
    }
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
    compile_filters();
}

void snapshot::compile_filters() {
    first_ = &*router_;
    for (auto name = order_.rbegin(); name != order_.rend(); ++name) {
        if (auto* const found = find_filter(*name)) {
            found->set_next(*first_);
            first_ = found;
        }
    }
}

plugin::filter* snapshot::find_filter(std::string_view name) const noexcept {
    for (const auto& instance : catalogue_.instances()) {
        for (const auto& filter : instance->filters()) {
            if (filter->name() == name) {
                return filter.get();
            }
        }
    }
    return nullptr;
}

std::optional<std::string> snapshot::missing_filter() const {
    const auto missing = std::ranges::find_if(
        order_, [this](const std::string& name) { return find_filter(name) == nullptr; });
    return missing != order_.end() ? std::optional{*missing} : std::nullopt;
}

std::vector<const plugin::filter*> snapshot::idle_filters() const {
    std::vector<const plugin::filter*> idle;
    for (const auto& instance : catalogue_.instances()) {
        for (const auto& filter : instance->filters()) {
            if (std::ranges::find(order_, filter->name()) == order_.end()) {
                idle.push_back(filter.get());
            }
        }
    }
    return idle;
}

bool snapshot::drop_second_filter() {
    std::map<std::string_view, const plugin::instance*> seen;
    for (const auto& instance : catalogue_.instances()) {
        for (const auto& filter : instance->filters()) {
            const auto [first, is_new] = seen.emplace(filter->name(), instance.get());
            if (!is_new) {
                const std::string text = "registers the filter \"" + filter->name() + "\", which " +
                                         owner_text(*first->second) + " has already";
                catalogue_.drop(*instance,
                                {instance->file(), {text, "remove one of the two plugins"}});
                return true;
            }
        }
    }
    return false;
}

bool snapshot::drop_second_metric() {
    std::map<std::string, const plugin::metric*, std::less<>> seen;
    for (const auto& instance : catalogue_.instances()) {
        for (const auto& metric : instance->metrics()) {
            const auto& name = metric->description().name;
            for (auto& shown : metric->description().shown_names()) {
                const auto& other = *seen.emplace(std::move(shown), metric.get()).first->second;
                if (&other.owner() == instance.get() && other.description().name == name) {
                    continue;
                }
                const std::string text = "registers the metric " + name +
                                         ", which cannot be told from " + other.description().name +
                                         " of " + owner_text(other.owner());
                catalogue_.drop(*instance, {instance->file(), {text, "rename one of the two"}});
                return true;
            }
        }
    }
    return false;
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
