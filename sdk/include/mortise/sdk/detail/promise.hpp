// SPDX-License-Identifier: BSL-1.0
// The part of a task's promise that does not depend on its result.
#pragma once

#include <mortise/sdk/detail/frame_memory.hpp>
#include <mortise/sdk/detail/scope.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <type_traits>

namespace mortise {
inline namespace sdk_v0 {

class exchange;

namespace detail {

// Who waits for a task.
class completion {
public:
    // The task is over and stands at its final suspension, where it may be destroyed. Returns what
    // runs next on this thread.
    virtual std::coroutine_handle<> on_done() noexcept = 0;

protected:
    ~completion() = default;
};

// Tasks that are given the exchange have their frames in its memory.
frame_memory& frames_of(exchange& from) noexcept;

// What stands in front of a frame.
struct alignas(std::max_align_t) frame_head {
    frame_memory* from; // nullptr: the heap
};

inline void* allocate_frame(frame_memory* from, std::size_t size) {
    const std::size_t whole = size + sizeof(frame_head);
    void* const memory = from != nullptr ? from->allocate(whole) : ::operator new(whole);
    return new (memory) frame_head{from} + 1;
}

// Not inlined: where g++ sees whose memory the other frames are, it warns of a delete of them.
[[gnu::noinline]] inline void free_heap_frame(void* memory) noexcept {
    ::operator delete(memory);
}

inline void free_frame(void* frame, std::size_t size) noexcept {
    frame_head* const head = static_cast<frame_head*>(frame) - 1;
    const std::size_t whole = size + sizeof(frame_head);
    if (head->from != nullptr) {
        head->from->give_back(head, whole);
    } else {
        free_heap_frame(head);
    }
}

template <class Argument>
frame_memory* frames_of_argument(Argument& argument) noexcept {
    if constexpr (std::same_as<std::remove_const_t<Argument>, exchange>) {
        return &frames_of(argument);
    } else {
        return nullptr;
    }
}

template <class... Arguments>
frame_memory* frames_of_any(Arguments&... arguments) noexcept {
    frame_memory* found = nullptr;
    (void)((found = frames_of_argument(arguments)) || ...);
    return found;
}

class promise_base {
public:
    // The compiler passes the coroutine's own arguments. Inlined, or g++ takes the two for a pair
    // that does not match.
    template <class... Arguments>
    [[gnu::always_inline]] static void* operator new(std::size_t size, Arguments&... arguments) {
        return allocate_frame(frames_of_any(arguments...), size);
    }
    [[gnu::always_inline]] static void operator delete(void* frame, std::size_t size) noexcept {
        free_frame(frame, size);
    }

    std::suspend_always initial_suspend() const noexcept { return {}; }

    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> over) const noexcept {
            completion* const told = over.promise().completion_;
            return told != nullptr ? told->on_done() : std::noop_coroutine();
        }
        void await_resume() const noexcept {}
    };
    final_awaiter final_suspend() const noexcept { return {}; }

    void unhandled_exception() noexcept { thrown_ = std::current_exception(); }

    // Before the task begins.
    void run_in(detail::scope& in) noexcept { scope_ = &in; }
    // Who is told of its end. Who begins it may look at the handle's done() first, and say so only
    // where it waits.
    void tell(detail::completion& completion) noexcept { completion_ = &completion; }

    detail::scope& scope() const noexcept { return *scope_; }
    bool has_thrown() const noexcept { return thrown_ != nullptr; }
    const std::exception_ptr& thrown() const noexcept { return thrown_; }

protected:
    promise_base() = default;
    ~promise_base() = default;

    void rethrow() const {
        if (thrown_ != nullptr) {
            std::rethrow_exception(thrown_);
        }
    }

private:
    detail::scope* scope_ = nullptr;
    detail::completion* completion_ = nullptr;
    std::exception_ptr thrown_;
};

template <class Promise>
concept task_promise = std::derived_from<Promise, promise_base>;

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
