// SPDX-License-Identifier: BSL-1.0
// Work that blocks, on the host's worker pool.
#pragma once

#include <mortise/sdk/detail/branch.hpp>
#include <mortise/sdk/detail/operation.hpp>
#include <mortise/sdk/error.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

template <class>
inline constexpr bool never = false;

template <class Work>
class offload_awaiter final : public operation_awaiter<offload_awaiter<Work>> {
public:
    using result = std::invoke_result_t<Work&>;

    explicit offload_awaiter(Work& work) noexcept : work_{work} {}

    std::int32_t start(const services& services) {
        return needed(services, services.offload, MORTISE_OFFLOAD_EXTENSION)
            .run(services.instance, run, this, &this->operation());
    }
    result await_resume() {
        const std::int32_t status = this->status();
        if (status == MORTISE_E_BUSY) {
            throw http_error{503, "The server is busy"};
        }
        if (status != MORTISE_OK) {
            throw_failure(status, "offload()");
        }
        if (thrown_ != nullptr) {
            std::rethrow_exception(thrown_);
        }
        if constexpr (!std::is_void_v<result>) {
            return std::move(*value_);
        }
    }

private:
    static void run(void* self_argument) noexcept {
        auto& self = *static_cast<offload_awaiter*>(self_argument);
        try {
            if constexpr (std::is_void_v<result>) {
                self.work_();
            } else {
                self.value_.emplace(self.work_());
            }
        } catch (...) {
            self.thrown_ = std::current_exception();
        }
    }

    Work& work_;
    std::optional<value_or_nothing<result>> value_;
    std::exception_ptr thrown_;
};

} // namespace detail

// Runs work() on a thread of the pool, while the loop serves others, and gives its result or
// exception. Cancelled before it begins, it never runs; once it runs, the line waits for its end
// before it sees the cancellation. http_error 503 where too much is queued already.
//
// The work is named first and stays where it is until this resumes:
//
//     auto query = [&] { return database.find(id); };
//     const auto note = co_await mortise::offload(query);
template <std::invocable Work>
detail::offload_awaiter<Work> offload(Work& work) noexcept {
    return detail::offload_awaiter<Work>{work};
}

// g++ 11 and 12 destroy a lambda that is written inside a co_await twice.
template <class Work>
    requires(!std::is_lvalue_reference_v<Work>)
detail::offload_awaiter<Work> offload(Work&&) noexcept {
    static_assert(detail::never<Work>, "name the work first: "
                                       "auto work = [&] {...}; co_await mortise::offload(work);");
}

} // namespace sdk_v0
} // namespace mortise
