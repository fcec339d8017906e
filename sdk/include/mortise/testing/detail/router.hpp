// SPDX-License-Identifier: BSL-1.0
// The routes of all plugins of a testing host, and which of them takes a request.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/field.hpp>
#include <mortise/testing/detail/pattern.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

struct instance;

struct route {
    instance* owner;
    std::string method;
    std::string host; // "example.org", "*.example.org"; empty: every host
    std::string pattern_text;
    pattern segments;
    std::uint32_t flags;
    std::uint64_t content_limit; // 0: the host's
    mortise_handle handle;
    void* user;

    bool has(std::uint32_t flag) const noexcept { return (flags & flag) != 0; }
    std::string name() const { return method + " " + host + pattern_text; }
};

// Linear: a test has few routes. Thread: the test's.
class router {
public:
    struct found {
        std::shared_ptr<const route> taken; // null: none
        parameters values;
        std::set<std::string> known; // methods that the path has, where none was taken
    };

    void add(std::shared_ptr<const route> added) { routes_.push_back(std::move(added)); }

    void remove_of(const instance* owner) {
        std::erase_if(routes_, [&](const auto& each) { return each->owner == owner; });
    }

    std::vector<std::shared_ptr<const route>> of(const instance* owner) const {
        std::vector<std::shared_ptr<const route>> all;
        std::ranges::copy_if(routes_, std::back_inserter(all),
                             [&](const auto& each) { return each->owner == owner; });
        return all;
    }

    // A route that takes the same requests as `wanted`; null where there is none.
    const route* conflicting(const route& wanted) const {
        const auto first = std::ranges::find_if(routes_, [&](const auto& each) {
            return each->method == wanted.method &&
                   mortise::detail::is_same_name(each->host, wanted.host) &&
                   is_same_shape(each->segments, wanted.segments);
        });
        return first != routes_.end() ? first->get() : nullptr;
    }

    // `authority` is host[:port]. Exact host before wildcard before every host; where the better
    // one does not take the request, the next one is asked.
    found find(std::string_view method, std::string_view authority, std::string_view path) const {
        found result;
        const auto name = authority.substr(0, authority.rfind(':'));
        for (const std::string& host : hosts_for(name)) {
            search(host, method, path, result);
            if (result.taken != nullptr) {
                break;
            }
        }
        return result;
    }

    // "GET, HEAD, OPTIONS": what Allow says of a path that knows these methods.
    static std::string allow_value(std::set<std::string> known) {
        known.insert("OPTIONS");
        if (known.contains("GET")) {
            known.insert("HEAD");
        }
        std::string all;
        for (const auto& each : known) {
            all += (all.empty() ? "" : ", ") + each;
        }
        return all;
    }

private:
    std::vector<std::string> hosts_for(std::string_view name) const {
        const auto rank = [](const std::string& host) -> std::size_t {
            return host.empty() ? 0 : host.starts_with('*') ? host.size() : SIZE_MAX;
        };
        std::set<std::string> meant;
        for (const auto& each : routes_) {
            const auto end = std::string_view{each->host}.substr(each->host.starts_with('*'));
            const bool is_meant =
                each->host.empty() || mortise::detail::is_same_name(each->host, name) ||
                (each->host.starts_with('*') && name.size() > end.size() &&
                 mortise::detail::is_same_name(name.substr(name.size() - end.size()), end));
            if (is_meant) {
                meant.insert(each->host);
            }
        }
        std::vector<std::string> ordered(meant.begin(), meant.end());
        std::ranges::sort(ordered, std::ranges::greater{}, rank);
        return ordered;
    }

    void search(const std::string& host, std::string_view method, std::string_view path,
                found& result) const {
        const route* best = nullptr;
        for (const auto& each : routes_) {
            parameters values;
            if (each->host != host || !match(each->segments, path, values)) {
                continue;
            }
            result.known.insert(each->method);
            const bool serves =
                each->method == method || (method == "HEAD" && each->method == "GET");
            const bool is_preferred =
                best == nullptr || is_better(each->segments, best->segments) ||
                (!is_better(best->segments, each->segments) && each->method == method);
            if (serves && is_preferred) {
                best = each.get();
                result.taken = each;
                result.values = std::move(values);
            }
        }
    }

    std::vector<std::shared_ptr<const route>> routes_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
