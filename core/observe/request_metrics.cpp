// SPDX-License-Identifier: BSL-1.0
// Finding series, and showing all of them.
#include "observe/request_metrics.hpp"

#include "observe/prometheus_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace mortise::observe {

namespace {

using enum metric_kind;

// What OpenTelemetry has clients and servers tell apart where nobody names more; the first stands
// for every other.
constexpr std::array<const char*, 10> unrouted_methods{
    "_OTHER", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"};

double seconds(std::uint64_t nanoseconds) noexcept {
    return static_cast<double>(nanoseconds) / 1e9;
}

// Every series, those that no route serves first.
template <class Call>
void each_series(const request_series& unrouted,
                 const std::vector<std::unique_ptr<request_series>>& routes, Call call) {
    call(unrouted);
    for (const auto& route : routes) {
        call(*route);
    }
}

} // namespace

request_metrics::request_metrics(std::size_t loops)
    : loops_{loops},
      unrouted_{{}, {}, {unrouted_methods.begin(), unrouted_methods.end()}, loops},
      numbers_{loops, number::count} {}

request_series& request_metrics::of_route(std::string_view plugin, std::string_view pattern,
                                          std::string_view method) {
    const auto found = std::ranges::find_if(routes_, [&](const auto& each) {
        return each->plugin() == plugin && each->route() == pattern &&
               each->methods().front() == method;
    });
    if (found != routes_.end()) {
        return **found;
    }
    std::vector<std::string> methods{std::string{method}};
    if (method == "GET") { // which serves HEAD too
        methods.emplace_back("HEAD");
    }
    return *routes_.emplace_back(std::make_unique<request_series>(
        std::string{plugin}, std::string{pattern}, std::move(methods), loops_));
}

void request_metrics::write(prometheus_text& to) const {
    write_durations(to);
    to.single("http_server_active_requests", gauge, "Requests that have no whole answer yet.",
              numbers_.sum(active));
    to.single("http_server_open_connections", gauge, "Connections that are open.",
              numbers_.sum(open));
    to.single("mortise_connections_accepted_total", counter, "Connections that were accepted.",
              numbers_.sum(accepted));
    to.single("mortise_proxy_headers_refused_total", counter,
              "Connections that were closed without a sound header of the PROXY protocol.",
              numbers_.sum(unnamed));
    to.single("mortise_requests_refused_total", counter,
              "Requests whose head was refused, with the status that the durations tell.",
              numbers_.sum(refused));
    write_held(to);
}

// A route for HEAD beside one for GET is shown as one with what that has counted of HEAD.
void request_metrics::write_durations(prometheus_text& to) const {
    constexpr std::string_view name = "http_server_request_duration_seconds";
    using labels = std::tuple<std::string_view, std::string_view, std::string_view, outcome>;
    std::map<labels, request_series::total> shown;
    each_series(unrouted_, routes_, [&](const request_series& each) {
        for (std::size_t method = 0; method < each.methods().size(); ++method) {
            for (std::size_t at = 0; at < request_series::outcome_names.size(); ++at) {
                const auto came_to = static_cast<outcome>(at);
                shown[{each.plugin(), each.route(), each.methods()[method], came_to}] +=
                    each.read(method, came_to);
            }
        }
    });
    to.head(name, histogram, "From a request's head to its answer.");
    for (const auto& [of, total] : shown) {
        const auto& [plugin, route, method, came_to] = of;
        const std::array<metric_label, 4> which{
            {{"plugin", plugin},
             {"http_route", route},
             {"http_request_method", method},
             {"http_response_status_class",
              request_series::outcome_names[static_cast<std::size_t>(came_to)]}}};
        to.histogram(name, which, request_series::bounds, total.counts, seconds(total.nanoseconds));
    }
}

void request_metrics::write_held(prometheus_text& to) const {
    constexpr std::string_view name = "mortise_plugin_loop_seconds_total";
    std::map<std::pair<std::string_view, std::string_view>, std::chrono::nanoseconds> shown;
    each_series(unrouted_, routes_, [&](const request_series& each) {
        shown[{each.plugin(), each.route()}] += each.held();
    });
    to.head(name, counter,
            "Time of loops, from turning to a request until its handler has returned.");
    for (const auto& [of, time] : shown) {
        const std::array<metric_label, 2> which{{{"plugin", of.first}, {"route", of.second}}};
        to.line(name, which, seconds(static_cast<std::uint64_t>(time.count())));
    }
}

void loop_metrics::end_unrouted(std::string_view method, outcome came_to,
                                std::chrono::nanoseconds took) noexcept {
    add(request_metrics::active, minus_one);
    count_unrouted(method, came_to, took);
}

void loop_metrics::refuse(std::string_view method, unsigned status,
                          std::chrono::nanoseconds took) noexcept {
    add(request_metrics::refused, 1);
    count_unrouted(method, outcome_of(status), took);
}

void loop_metrics::count_unrouted(std::string_view method, outcome came_to,
                                  std::chrono::nanoseconds took) noexcept {
    const auto found = std::ranges::find(unrouted_methods, method);
    const auto place = found != unrouted_methods.end() ? found - unrouted_methods.begin() : 0;
    all_.unrouted_.count(loop_, static_cast<std::size_t>(place), came_to, took);
}

} // namespace mortise::observe
