// SPDX-License-Identifier: BSL-1.0
// What every start function of the border judges first.
#pragma once

#include "plugin/instance.hpp"
#include "plugin/loop_handle.hpp"
#include "plugin/operation.hpp"

#include <cstdint>
#include <string>

namespace mortise::plugin {

// One call of a start function by a plugin. [any]
class start_call {
public:
    // `function` is the name that a report shows.
    start_call(mortise_instance* of, mortise_operation* operation, const char* function) noexcept
        : owner_{of != nullptr ? instance::from_abi(of) : nullptr},
          operation_{operation},
          loop_{loop_handle::of_this_thread()} {
        if (owner_ == nullptr) {
            refusal_ = MORTISE_E_INVALID;
        } else if (!operation_list::is_startable(operation)) {
            refuse(function, MORTISE_E_INVALID,
                   "the operation is null, smaller than mortise_operation, or has no complete");
        } else if (loop_ == nullptr) {
            refuse(function, MORTISE_E_THREAD,
                   "called on a thread that is no event loop: " + this_thread());
        } else if (!owner_->may_start(loop_->index())) {
            refuse(function, MORTISE_E_CLOSED, "called before loop_start or after loop_stop");
        }
    }

    bool is_allowed() const noexcept { return refusal_ == MORTISE_OK; }
    std::int32_t refusal() const noexcept { return refusal_; }

    // Of a call that is allowed.
    loop_handle& loop() const noexcept { return *loop_; }
    template <class Kind, class... Arguments>
    Kind& begin(Arguments&&... arguments) const noexcept {
        return loop_->operations().begin<Kind>(*operation_, *owner_,
                                               std::forward<Arguments>(arguments)...);
    }

private:
    void refuse(const char* function, std::int32_t code, const std::string& why) noexcept {
        owner_->report_fault(std::string{function} + ": " + why);
        refusal_ = code;
    }

    instance* owner_;
    mortise_operation* operation_;
    loop_handle* loop_;
    std::int32_t refusal_ = MORTISE_OK;
};

} // namespace mortise::plugin
