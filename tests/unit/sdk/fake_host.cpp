// SPDX-License-Identifier: BSL-1.0
// The functions of the fake host: each copies what it was given.
#include "unit/sdk/fake_host.hpp"

#include <algorithm>
#include <stdexcept>

namespace mortise::test {
namespace {

fake_host* current = nullptr;

std::string copy(mortise_view view) {
    return {view.data, view.size};
}

} // namespace

fake_host::fake_host(std::map<std::string, std::string, std::less<>> configuration)
    : configuration_{std::move(configuration)} {
    table_.size = sizeof table_;
    table_.abi_version = MORTISE_ABI_VERSION;
    table_.version = {"0.1.0", 5};
    table_.reply = reply;
    table_.log = log;
    table_.config = config;
    table_.add_route = add_route;
    table_.explain = explain;
    current = this;
}

fake_host::~fake_host() {
    current = nullptr;
}

const registered_route& fake_host::route(std::string_view method, std::string_view pattern) const {
    const auto found = std::ranges::find_if(routes, [&](const registered_route& each) {
        return each.method == method && each.pattern == pattern;
    });
    if (found == routes.end()) {
        throw std::out_of_range{"no route " + std::string{method} + " " + std::string{pattern}};
    }
    return *found;
}

fake_host& fake_host::of(mortise_instance* instance) {
    return *reinterpret_cast<fake_host*>(instance);
}

std::int32_t fake_host::reply(mortise_exchange, const mortise_reply* reply) {
    answer given;
    given.status = reply->status;
    for (std::uint32_t at = 0; at != reply->field_count; ++at) {
        given.fields.emplace_back(copy(reply->fields[at].name), copy(reply->fields[at].value));
    }
    given.content = copy(reply->content);
    given.content_at = reply->content.data;
    given.release = reply->release;
    given.release_argument = reply->release_argument;
    current->answers.push_back(std::move(given));
    return current->reply_result;
}

void fake_host::log(mortise_instance* instance, std::uint32_t level, mortise_view text) {
    of(instance).lines.emplace_back(level, copy(text));
}

std::int32_t fake_host::config(mortise_instance* instance, mortise_view key, mortise_view* value) {
    const auto& all = of(instance).configuration_;
    const auto found = all.find(std::string_view{key.data, key.size});
    if (found == all.end()) {
        return MORTISE_E_INVALID;
    }
    *value = {found->second.data(), found->second.size()};
    return MORTISE_OK;
}

std::int32_t fake_host::add_route(mortise_instance* instance, const mortise_route* route) {
    auto& host = of(instance);
    host.routes.push_back({copy(route->method), copy(route->host), copy(route->pattern),
                           route->flags, route->content_limit, route->handle, route->user});
    return host.add_route_result;
}

void fake_host::explain(mortise_instance* instance, mortise_view text) {
    of(instance).explanation = copy(text);
}

} // namespace mortise::test
