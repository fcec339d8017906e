// SPDX-License-Identifier: BSL-1.0
// An exchange on its way through filters, and its response back.
#pragma once

#include <mortise/testing/detail/exchange.hpp>
#include <mortise/testing/detail/instance.hpp>

#include <ranges>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline void exchange::arrive(target at, std::string authority,
                             std::vector<std::shared_ptr<const filter>> filters) {
    request_at_ = std::move(at);
    authority_ = std::move(authority);
    ahead_ = std::move(filters);
}

// False: there is no filter ahead, and the exchange is to be routed; or one holds it, or answered.
inline bool exchange::enter_filters() {
    while (!ahead_.empty()) {
        filter_ = ahead_.front();
        ahead_.erase(ahead_.begin());
        route_ = filter_->as_route;
        plugin_ = filter_->owner->id;
        if (route_->handle == nullptr) {
            pass_filter();
            continue;
        }
        call_handler(filter_->owner->loop->to_abi(), filter_->owner->loop_state);
        if (!std::exchange(has_declined_, false)) {
            return false;
        }
    }
    return true;
}

// The filter is done with it, and the request goes on.
inline void exchange::pass_filter() {
    passed_.push_back({std::exchange(filter_, nullptr), std::exchange(remembered_, nullptr)});
    route_ = nullptr;
    cancel_call_ = nullptr;
    is_held_ = was_handled_ = false;
    ++turn_;
}

// Shows the head of a response to the filters that the request has passed, the last one first.
inline void exchange::filter_response(unsigned& status, field_lines& fields, std::int64_t length) {
    for (const auto& [by, remembered] : passed_ | std::views::reverse) {
        if (by->on_response == nullptr) {
            continue;
        }
        request_copy seen;
        const auto& raw = seen.write(asked_, request_at_, {}, authority_, "");
        seen.bind(by->owner->loop->to_abi(), by->owner->loop_state);
        const field_lines before = fields; // what the filter reads stays while it changes them
        std::vector<mortise_field> lines;
        for (const auto& [name, value] : before) {
            lines.push_back({to_abi(name), to_abi(value)});
        }
        const mortise_response_head head{.size = sizeof head,
                                         .status = status,
                                         .field_count = static_cast<std::uint32_t>(lines.size()),
                                         .reserved = 0,
                                         .fields = lines.data(),
                                         .content_length = length,
                                         .request = &raw,
                                         .remembered = remembered};
        filtered_response changes{status, fields, known_as_, seen.memory()};
        auto* const outer = std::exchange(stage_.changing, &changes);
        stage_.enter(part::loop, by->owner->id + ": on_response of " + by->name, [&] {
            by->on_response(by->user, reinterpret_cast<mortise_response*>(&changes), &head);
        });
        stage_.changing = outer;
    }
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
