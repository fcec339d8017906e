// SPDX-License-Identifier: BSL-1.0
// What of a plugin a thread runs at this moment: for who sees it stand still, or crash.
#pragma once

#include <atomic>
#include <cstdint>

namespace mortise::plugin {

class handler;
class instance;

// One call over the border, for as long as it lasts; on the stack of the thread that makes it.
class entered_call {
public:
    // The step of an operation that has ended.
    static constexpr char completion[] = "complete";

    entered_call(const handler& route, std::uint64_t exchange) noexcept;
    // `step` is a literal: "create". A completion is `of` a plugin's operation.
    entered_call(instance& owner, const char* step, const void* of = nullptr) noexcept;
    entered_call(const entered_call&) = delete;
    entered_call& operator=(const entered_call&) = delete;
    ~entered_call();

    // The innermost on the calling thread; null: nothing of a plugin runs. [any], and in a signal
    // handler.
    static const entered_call* innermost() noexcept;

    instance& owner() const noexcept;
    const handler* route() const noexcept { // null: a step
        return step_ == nullptr ? static_cast<const handler*>(who_) : nullptr;
    }
    const char* step() const noexcept { return step_; } // null: a route
    std::uint64_t exchange() const noexcept { return step_ == nullptr ? about_ : 0; }
    const void* operation() const noexcept {
        return step_ != nullptr ? reinterpret_cast<const void*>(about_) : nullptr;
    }

    // Whether nothing of the host waits for its result but the turn of a loop.
    bool may_be_left() const noexcept {
        return outer_ == nullptr && (step_ == nullptr || step_ == completion);
    }
    // The calling thread has left its calls: none of them returns.
    static void leave_all() noexcept;

private:
    const void* who_; // handler or, with a step, instance
    const char* step_;
    std::uint64_t about_; // an exchange's number, or an operation's address
    const entered_call* outer_;
};

// How many calls a thread has entered, for another one to see whether it is still the same.
class call_site {
public:
    // The calling thread's, which is there as long as the thread.
    static const call_site& of_this_thread() noexcept { return here_; }

    // Zero: nothing of a plugin runs. Else a number that is another for each outermost call. [any]
    std::uint32_t running() const noexcept {
        return innermost_.load(std::memory_order_relaxed) != nullptr
                   ? turn_.load(std::memory_order_relaxed) | 1U
                   : 0;
    }

private:
    friend class entered_call;
    static constinit thread_local call_site here_;

    void enter(const entered_call* call) noexcept {
        innermost_.store(call, std::memory_order_relaxed);
        turn_.store(turn_.load(std::memory_order_relaxed) + 2, std::memory_order_relaxed);
    }

    std::atomic<const entered_call*> innermost_{nullptr}; // read by others as a truth value alone
    std::atomic<std::uint32_t> turn_{0};
};

inline constinit thread_local call_site call_site::here_;

inline entered_call::entered_call(const handler& route, std::uint64_t exchange) noexcept
    : who_{&route},
      step_{nullptr},
      about_{exchange},
      outer_{call_site::here_.innermost_.load(std::memory_order_relaxed)} {
    call_site::here_.enter(this);
}

inline entered_call::entered_call(instance& owner, const char* step, const void* of) noexcept
    : who_{&owner},
      step_{step},
      about_{reinterpret_cast<std::uint64_t>(of)},
      outer_{call_site::here_.innermost_.load(std::memory_order_relaxed)} {
    call_site::here_.enter(this);
}

inline entered_call::~entered_call() {
    call_site::here_.innermost_.store(outer_, std::memory_order_relaxed);
}

inline void entered_call::leave_all() noexcept {
    call_site::here_.innermost_.store(nullptr, std::memory_order_relaxed);
}

inline const entered_call* entered_call::innermost() noexcept {
    return call_site::here_.innermost_.load(std::memory_order_relaxed);
}

} // namespace mortise::plugin
