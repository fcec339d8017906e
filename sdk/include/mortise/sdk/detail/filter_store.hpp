// SPDX-License-Identifier: BSL-1.0
// Where the filters of an instance live, and the ways from the host into them.
#pragma once

#include <mortise/abi/ext/filter.h>
#include <mortise/sdk/detail/coroutine_trampoline.hpp>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/trampoline.hpp>
#include <mortise/sdk/detail/view.hpp>
#include <mortise/sdk/log.hpp>
#include <mortise/sdk/request.hpp>
#include <mortise/sdk/response_head.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Before and Behind are callables, or std::nullptr_t for none. `call` is what a coroutine's way in
// looks for.
template <class Before, class Behind>
struct bound_filter final : stored_handler {
    template <class First, class Second>
    bound_filter(const detail::services& of, First&& before, Second&& second)
        : stored_handler{of},
          call(std::forward<First>(before)),
          behind(std::forward<Second>(second)) {}

    const Before call;
    const Behind behind;
};

// What the host calls: the on_request of a filter that decides before it returns.
template <class Filter>
std::int32_t enter_request_filter(void* user, mortise_exchange exchange,
                                  const mortise_request* raw) noexcept {
    const auto& bound = *static_cast<const Filter*>(user);
    try {
        std::optional<response> answer =
            bound.call(request{*raw, {&bound.services, exchange, nullptr}});
        if (!answer) {
            return MORTISE_DECLINED;
        }
        send(bound.services, exchange, *answer);
        return MORTISE_REPLIED;
    } catch (...) {
        return answer_exception(bound, exchange);
    }
}

template <class Filter>
void enter_response_filter(void* user, mortise_response* of,
                           const mortise_response_head* seen) noexcept {
    const auto& bound = *static_cast<const Filter*>(user);
    try {
        response_head head{*bound.services.filter, of, *seen};
        bound.behind(request{*seen->request, {&bound.services, 0, of}}, head);
    } catch (const std::exception& error) {
        log{bound.services}.error("a filter threw behind a response: ", error.what());
    } catch (...) {
        log{bound.services}.error("a filter threw behind a response what is no std::exception");
    }
}

// Owns every filter that an instance registered, each at an address of its own until the instance
// is destroyed. Control thread only.
class filter_store {
public:
    explicit filter_store(const detail::services& services) noexcept : services_{services} {}

    template <class Before, class Behind>
    void add(std::string_view name, Before&& before, Behind&& behind) {
        using first = std::decay_t<Before>;
        using stored = bound_filter<first, std::decay_t<Behind>>;
        const auto& table = needed(services_, services_.filter, MORTISE_FILTER_EXTENSION);
        auto bound = std::make_unique<stored>(services_, std::forward<Before>(before),
                                              std::forward<Behind>(behind));
        mortise_filter filter{};
        filter.size = sizeof filter;
        filter.name = to_abi(name);
        filter.user = static_cast<void*>(bound.get());
        if constexpr (std::invocable<const first&, exchange&>) {
            filter.flags = MORTISE_ROUTE_MAY_WAIT;
            filter.on_request = enter_coroutine_of<stored>;
        } else if constexpr (!std::same_as<first, std::nullptr_t>) {
            filter.on_request = enter_request_filter<stored>;
        }
        if constexpr (!std::same_as<std::decay_t<Behind>, std::nullptr_t>) {
            filter.on_response = enter_response_filter<stored>;
        }
        filters_.push_back(std::move(bound));
        if (table.add(services_.instance, &filter) != MORTISE_OK) {
            throw std::invalid_argument{"the host refuses the filter " + std::string{name}};
        }
    }

private:
    const detail::services& services_;
    std::vector<std::unique_ptr<stored_handler>> filters_;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
