// SPDX-License-Identifier: BSL-1.0
// What is cancelled together.
#pragma once

#include <mortise/sdk/detail/services.hpp>

#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// The line at which a task waits. It ends soon after cancel(), never within it.
class wait {
public:
    virtual void cancel() noexcept = 0;

protected:
    ~wait() = default;
};

// A sequence of tasks that await each other runs in one scope: at most one line of it waits.
// What runs beside it has a scope of its own below it:
//
//   request ─┬─ gather's first ─── with_timeout's
//            └─ gather's second
//
// Cancelling a scope cancels those below it, and lasts: each later wait in it ends at once. A scope
// stays at its address; those below it end before it. Thread: one loop's.
class scope {
public:
    // The top of a tree.
    explicit scope(const detail::services& services) noexcept : services_{services} {}
    explicit scope(scope& above) noexcept
        : services_{above.services_}, is_cancelled_{above.is_cancelled_}, above_{&above} {
        next_ = std::exchange(above.first_below_, this);
        if (next_ != nullptr) {
            next_->previous_ = this;
        }
    }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;
    ~scope() {
        if (above_ == nullptr) {
            return;
        }
        (previous_ != nullptr ? previous_->next_ : above_->first_below_) = next_;
        if (next_ != nullptr) {
            next_->previous_ = previous_;
        }
    }

    const detail::services& services() const noexcept { return services_; }
    bool is_cancelled() const noexcept { return is_cancelled_; }

    void cancel() noexcept {
        if (std::exchange(is_cancelled_, true)) {
            return;
        }
        if (wait_ != nullptr) {
            wait_->cancel();
        }
        for (scope* each = first_below_; each != nullptr; each = each->next_) {
            each->cancel();
        }
    }

    void begin_wait(wait& at) noexcept { wait_ = &at; }
    void end_wait() noexcept { wait_ = nullptr; }

private:
    const detail::services& services_;
    bool is_cancelled_ = false;
    wait* wait_ = nullptr;
    scope* above_ = nullptr;
    scope* first_below_ = nullptr;
    scope* previous_ = nullptr;
    scope* next_ = nullptr;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
