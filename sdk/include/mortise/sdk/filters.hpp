// SPDX-License-Identifier: BSL-1.0
// Registering filters.
#pragma once

#include <mortise/abi/ext/filter.h>
#include <mortise/sdk/detail/coroutine_trampoline.hpp>
#include <mortise/sdk/detail/filter_store.hpp>
#include <mortise/sdk/exchange.hpp>
#include <mortise/sdk/request.hpp>
#include <mortise/sdk/response.hpp>
#include <mortise/sdk/response_head.hpp>
#include <mortise/sdk/task.hpp>

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// A callable that answers a request or lets it go on, which nothing says. Called as a plain_handler
// is: on every event loop, on several at once, hence const.
template <class Filter>
concept plain_request_filter = requires(const Filter& filter, const request& request) {
    { filter(request) } -> std::same_as<std::optional<response>>;
};

// A coroutine that may wait before it decides.
template <class Filter>
concept waiting_request_filter = requires(const Filter& filter, exchange& exchange) {
    { filter(exchange) } -> std::same_as<task<std::optional<response>>>;
};

template <class Filter>
concept request_filter = plain_request_filter<Filter> || waiting_request_filter<Filter>;

// A callable that sees the response of a request which its filter let go on. What it throws is
// logged, and the response goes on as it is then.
template <class Filter>
concept response_filter =
    requires(const Filter& filter, const request& request, response_head& head) {
        { filter(request, head) } -> std::same_as<void>;
    };

// Given to a plugin's filters(), on the control thread, and valid until that returns. A filter has
// a name, by which the operator puts it in order (--filters); it does not run unless it is named.
// It sees every request, also those that no route serves. Each function throws
// std::invalid_argument where the host refuses the filter.
//
//     in.on_request("bearer", [this](const mortise::request& request) { return judge(request); });
//     in.on_response("stamp", [](const mortise::request&, mortise::response_head& head) { … });
//     in.on_both("timing", …, …);
class filters {
public:
    explicit filters(detail::filter_store& store) noexcept : store_{store} {}

    template <class Filter>
        requires request_filter<std::decay_t<Filter>>
    void on_request(std::string_view name, Filter&& filter) {
        store_.add(name, std::forward<Filter>(filter), nullptr);
    }
    template <class Filter>
        requires response_filter<std::decay_t<Filter>>
    void on_response(std::string_view name, Filter&& filter) {
        store_.add(name, nullptr, std::forward<Filter>(filter));
    }
    template <class Before, class Behind>
        requires request_filter<std::decay_t<Before>> && response_filter<std::decay_t<Behind>>
    void on_both(std::string_view name, Before&& before, Behind&& behind) {
        store_.add(name, std::forward<Before>(before), std::forward<Behind>(behind));
    }

private:
    detail::filter_store& store_;
};

} // namespace sdk_v0
} // namespace mortise
