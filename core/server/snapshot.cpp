// SPDX-License-Identifier: BSL-1.0
// From plugins to one route table with its filters, or to who stands in the way.
#include "server/snapshot.hpp"

#include "http/exchange.hpp"
#include "observe/request_metrics.hpp"

#include <functional>
#include <map>
#include <string_view>
#include <utility>

namespace mortise::server {

namespace {

using plugin::instance;
using plugin::load_error;

std::string owner_text(const instance& owner) {
    return "plugin " + owner.id() + " " + owner.version() + " (" +
           owner.file().filename().string() + ")";
}

// The series of one that is counted goes by the pattern as it stands here.
routing::route to_route(const instance& owner, plugin::handler& handler,
                        const plugin::route& placed, observe::request_metrics* metrics) {
    return {.host = placed.host,
            .method = placed.method,
            .pattern = placed.pattern,
            .handler = &handler,
            .owner = owner_text(owner),
            .counted =
                metrics != nullptr
                    ? &metrics->of_route(owner.id(), placed.host + placed.pattern, placed.method)
                    : nullptr};
}

std::optional<load_error> find_second_filter(std::span<instance* const> serving) {
    std::map<std::string_view, const instance*> seen;
    for (const auto* each : serving) {
        for (const auto& filter : each->filters()) {
            const auto [first, is_new] = seen.emplace(filter->name(), each);
            if (!is_new) {
                return load_error{each->file(),
                                  {"registers the filter \"" + filter->name() + "\", which " +
                                       owner_text(*first->second) + " has already",
                                   "remove one of the two plugins"}};
            }
        }
    }
    return std::nullopt;
}

// A metric that is shown by a name of another's lines.
std::optional<load_error> find_second_metric(std::span<instance* const> serving) {
    std::map<std::string, const plugin::metric*, std::less<>> seen;
    for (const auto* each : serving) {
        for (const auto& metric : each->metrics()) {
            const auto& name = metric->description().name;
            for (auto& shown : metric->description().shown_names()) {
                const auto& other = *seen.emplace(std::move(shown), metric.get()).first->second;
                if (&other.owner() == each && other.description().name == name) {
                    continue;
                }
                return load_error{each->file(),
                                  {"registers the metric " + name + ", which cannot be told from " +
                                       other.description().name + " of " +
                                       owner_text(other.owner()),
                                   "rename one of the two"}};
            }
        }
    }
    return std::nullopt;
}

plugin::loaded<routing::route_table> compile_routes(std::span<instance* const> serving,
                                                    const composition& by,
                                                    observe::request_metrics* metrics) {
    std::vector<routing::route> routes;
    std::vector<const instance*> owners;
    for (auto* const each : serving) {
        for (const auto& handler : each->handlers()) {
            for (const auto& placed : by.placed(each->id(), handler->route())) {
                routes.push_back(to_route(*each, *handler, placed, metrics));
                owners.push_back(each);
            }
        }
    }
    std::vector<routing::route_fault> faults;
    auto table = routing::route_table::compile(routes, faults);
    if (!faults.empty()) {
        const auto& first = faults.front();
        return load_error{owners[first.route]->file(), {first.text, first.cure}};
    }
    return table;
}

} // namespace

// "/" of a plugin that is mounted at /shop is /shop/, and what people write for it, /shop.
std::vector<plugin::route> composition::placed(const std::string& id,
                                               const plugin::route& wanted) const {
    const auto found = placements.find(id);
    if (found == placements.end()) {
        return {wanted};
    }
    const auto& [mount, hosts] = found->second;
    std::vector<plugin::route> all;
    for (const auto& host : hosts.empty() ? std::vector{wanted.host} : hosts) {
        auto& made = all.emplace_back(wanted);
        made.host = host;
        made.pattern = mount + wanted.pattern;
        if (!mount.empty() && wanted.pattern == "/") {
            all.emplace_back(made).pattern = mount;
        }
    }
    return all;
}

void filter_step::handle(http::exchange& exchange) noexcept {
    exchange.set_next(next_);
    filter_.handle(exchange);
}

plugin::loaded<std::unique_ptr<snapshot>> snapshot::compile(std::span<instance* const> serving,
                                                            const composition& by,
                                                            observe::request_metrics* metrics) {
    for (const auto& find : {find_second_filter, find_second_metric}) {
        if (auto error = find(serving)) {
            return std::move(*error);
        }
    }
    auto routes = compile_routes(serving, by, metrics);
    if (!routes) {
        return std::move(routes).error();
    }
    std::vector<plugin::filter*> filters;
    for (const auto& name : by.filters) {
        if (auto* const found = find_filter(serving, name)) {
            filters.push_back(found);
        }
    }
    return std::unique_ptr<snapshot>{new snapshot{std::move(*routes), filters}};
}

snapshot::snapshot(routing::route_table routes, std::span<plugin::filter* const> order)
    : router_{std::move(routes)}, first_{&router_} {
    for (auto filter = order.rbegin(); filter != order.rend(); ++filter) {
        steps_.push_back(std::make_unique<filter_step>(**filter, *first_));
        first_ = steps_.back().get();
    }
}

plugin::filter* find_filter(std::span<instance* const> serving, const std::string& name) {
    for (const auto* each : serving) {
        for (const auto& filter : each->filters()) {
            if (filter->name() == name) {
                return filter.get();
            }
        }
    }
    return nullptr;
}

} // namespace mortise::server
