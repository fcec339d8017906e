// SPDX-License-Identifier: BSL-1.0
// Growing a table, and looking at all of it.
#include "plugin/exchange_table.hpp"

#include "http/problem.hpp"
#include "plugin/instance.hpp"

#include <algorithm>
#include <cassert>

namespace mortise::plugin {

exchange_table::exchange_table(loop_handle& loop) : loop_{loop} {}

exchange_table::~exchange_table() {
    assert(of_thread_ != this);
}

void exchange_table::give_request_back(const handler& route) noexcept {
    route.owner().give_request_back();
}

bool exchange_table::add_slot() {
    if (slots_.size() == exchange_number::max_slots) {
        return false;
    }
    const auto index = static_cast<std::uint32_t>(slots_.size());
    const exchange_number first{1, 0, static_cast<std::uint32_t>(loop_.index()), index};
    slots_.push_back({nullptr, nullptr, first.packed(), no_slot});
    first_free_ = index;
    return true;
}

std::size_t exchange_table::held_by(const instance& owner) const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(slots_, [&](const slot& each) {
        return each.exchange != nullptr && &each.route->owner() == &owner;
    }));
}

std::size_t exchange_table::held() const noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(slots_, [](const slot& each) { return each.exchange != nullptr; }));
}

bool exchange_table::is_filtered_before(const slot& each, std::uint32_t cohort) noexcept {
    return each.exchange != nullptr && each.route->is_filter() && each.exchange->cohort() < cohort;
}

bool exchange_table::has_filtered_before(std::uint32_t cohort) const noexcept {
    return std::ranges::any_of(slots_,
                               [&](const slot& each) { return is_filtered_before(each, cohort); });
}

void exchange_table::cut_off(const instance& owner, std::uint32_t cohort,
                             const http::problem& why) noexcept {
    for (std::size_t index = 0; index < slots_.size(); ++index) { // a plugin may reply meanwhile
        const slot& each = slots_[index];
        if (each.exchange != nullptr &&
            (&each.route->owner() == &owner || is_filtered_before(each, cohort))) {
            each.exchange->cut_off(why);
        }
    }
}

void exchange_table::answer_held(const http::problem& why) noexcept {
    for (std::size_t index = 0; index < slots_.size(); ++index) {
        if (http::exchange* const held = slots_[index].exchange) {
            free_slot(index);
            http::respond_with(*held, why);
        }
    }
}

} // namespace mortise::plugin
