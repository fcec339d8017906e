// SPDX-License-Identifier: BSL-1.0
// Room for a signal handler on a thread whose own stack is used up.
#pragma once

#include <csignal>
#include <cstddef>
#include <sys/mman.h>

namespace mortise::async {

// For the thread that makes it, until it destroys it. Where the thread has such a stack already,
// or there is no memory, nothing is changed.
class alternate_stack {
public:
    alternate_stack() noexcept {
        stack_t present{};
        if (::sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) {
            return;
        }
        void* const room = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        if (room == MAP_FAILED) {
            return;
        }
        const stack_t own{.ss_sp = room, .ss_flags = 0, .ss_size = size};
        ::sigaltstack(&own, nullptr);
        room_ = room;
    }
    alternate_stack(const alternate_stack&) = delete;
    alternate_stack& operator=(const alternate_stack&) = delete;
    ~alternate_stack() {
        if (room_ != nullptr) {
            const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
            ::sigaltstack(&none, nullptr);
            ::munmap(room_, size);
        }
    }

private:
    static constexpr std::size_t size = std::size_t{128} * 1024; // for the unwinder, and much room
    void* room_ = nullptr;
};

} // namespace mortise::async
