// SPDX-License-Identifier: BSL-1.0
// Finishing operations, each once and in a turn of the loop.
#include "plugin/operation.hpp"

#include "plugin/instance.hpp"
#include "plugin/loop_handle.hpp"

#include <algorithm>

namespace mortise::plugin {

void pending_operation::finish(std::int32_t status, std::uint64_t result) noexcept {
    mortise_operation& operation = operation_;
    instance& owner = owner_;
    operation_list::undo(*this);
    operation.result = result;
    owner.call_quietly(
        entered_call::completion, [&] { operation.complete(&operation, status); }, &operation);
}

bool pending_operation::is_of_this_loop() const noexcept {
    const auto* const here = loop_handle::of_this_thread();
    return here != nullptr && &here->operations() == list_;
}

void pending_operation::finish_cancelled_soon() noexcept {
    unlink();
    list_->cancelled_.push_back(*this);
    list_->turn_.ask_for();
}

void operation_list::undo(pending_operation& begun) noexcept {
    mortise_operation& operation = begun.operation_;
    begun.~pending_operation(); // which takes it out of its list
    operation.host[0] = 0;
}

void operation_list::cancel_all() noexcept {
    for (auto at = pending_.begin(); at != pending_.end();) {
        (at++)->cancel();
    }
}

void operation_list::cancel_of(const instance& owner) noexcept {
    for (auto at = pending_.begin(); at != pending_.end();) {
        pending_operation& each = *at++;
        if (&each.owner() == &owner) {
            each.cancel();
        }
    }
}

void operation_list::cancel_of(const http::exchange& ending) noexcept {
    for (auto at = pending_.begin(); at != pending_.end();) {
        pending_operation& each = *at++;
        if (each.exchange() == &ending) {
            each.cancel();
        }
    }
}

std::size_t operation_list::count_of(const instance& owner) const noexcept {
    const auto is_its = [&](const pending_operation& each) { return &each.owner() == &owner; };
    return static_cast<std::size_t>(std::ranges::count_if(pending_, is_its) +
                                    std::ranges::count_if(cancelled_, is_its) +
                                    std::ranges::count_if(ending_, is_its));
}

void operation_list::turn::ask_for() noexcept {
    if (!std::exchange(is_asked_for_, true)) {
        loop_.post(*this);
    }
}

// Not those that are cancelled meanwhile: they have a turn of their own.
void operation_list::turn::deliver() noexcept {
    is_asked_for_ = false;
    of_.ending_.splice(of_.ending_.end(), of_.cancelled_);
    const async::loop::in_turn here{loop_, *this};
    outer_ = here.outer();
    finish_all();
}

void operation_list::turn::finish_all() noexcept {
    while (!of_.ending_.empty()) {
        of_.ending_.front().finish(MORTISE_E_CANCELLED);
    }
}

void operation_list::turn::go_on() {
    {
        const async::loop::in_turn here{loop_, *this};
        finish_all();
    }
    if (outer_ != nullptr) {
        outer_->go_on();
    }
}

} // namespace mortise::plugin
