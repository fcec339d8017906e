// SPDX-License-Identifier: BSL-1.0
// Awaiting an operation of the host.
#pragma once

#include <mortise/sdk/detail/promise.hpp>
#include <mortise/sdk/task.hpp>

#include <coroutine>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Throws what a status of the border that is a failure means; `what` was called.
inline void throw_failure(std::int32_t status, const char* what) {
    switch (status) {
    case MORTISE_E_CANCELLED:
    case MORTISE_E_CLOSED:
        throw cancelled{};
    case MORTISE_E_MEMORY:
        throw std::bad_alloc{};
    default:
        throw std::runtime_error{std::string{what} + " failed with code " + std::to_string(status)};
    }
}

// Stands in the frame of the line that awaits it, at one address. A kind of operation derives from
// it and gives start(const services&) -> status, which passes operation().
template <class Kind>
class operation_awaiter : public wait {
public:
    operation_awaiter(const operation_awaiter&) = delete;
    operation_awaiter& operator=(const operation_awaiter&) = delete;

    bool await_ready() const noexcept { return false; }

    template <task_promise Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaits) {
        scope_ = &awaits.promise().scope();
        awaits_ = awaits;
        if (scope_->is_cancelled()) {
            status_ = MORTISE_E_CANCELLED;
            return false;
        }
        status_ = static_cast<Kind&>(*this).start(scope_->services());
        if (status_ != MORTISE_PENDING) {
            return false;
        }
        scope_->begin_wait(*this);
        return true;
    }

    void cancel() noexcept final { scope_->services().host.cancel(&operation_); }

protected:
    operation_awaiter() noexcept {
        operation_.size = sizeof operation_;
        operation_.complete = complete;
        operation_.user = this;
    }
    ~operation_awaiter() = default;

    mortise_operation& operation() noexcept { return operation_; }
    std::int32_t status() const noexcept { return status_; }

private:
    static void complete(mortise_operation* operation, std::int32_t status) noexcept {
        auto& self = *static_cast<operation_awaiter*>(operation->user);
        self.scope_->end_wait();
        self.status_ = status;
        self.awaits_.resume();
    }

    mortise_operation operation_{};
    scope* scope_ = nullptr;
    std::coroutine_handle<> awaits_;
    std::int32_t status_ = MORTISE_OK;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
