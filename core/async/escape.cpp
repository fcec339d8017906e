// SPDX-License-Identifier: BSL-1.0
// Registers of a thread that a signal has stopped.
#include "async/escape.hpp"

#include <cstddef>
#include <pthread.h>
#include <ucontext.h>

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define MORTISE_CAN_ESCAPE 1
#else
#define MORTISE_CAN_ESCAPE 0
#endif
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#undef MORTISE_CAN_ESCAPE
#define MORTISE_CAN_ESCAPE 0
#endif
#endif

namespace mortise::async {

escape escape::of_this_thread() noexcept {
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) {
        return {};
    }
    void* lowest = nullptr;
    std::size_t size = 0;
    const int error = ::pthread_attr_getstack(&attributes, &lowest, &size);
    ::pthread_attr_destroy(&attributes);
    return error != 0 ? escape{} : escape{reinterpret_cast<std::uintptr_t>(lowest) + size / 2};
}

bool escape::is_possible() noexcept {
    return MORTISE_CAN_ESCAPE != 0;
}

#if MORTISE_CAN_ESCAPE

// As if the code that was met had called `go_on`, which nobody has: its return address is null,
// where unwinding ends.
__attribute__((no_sanitize("address"))) bool
escape::begin(void* signal_context, void (*go_on)(void*), void* argument) const noexcept {
    constexpr std::uintptr_t red_zone = 128; // below the stack pointer, of a function that is met
    constexpr std::uintptr_t alignment = 16;
    constexpr greg_t trap_direction_alignment = 0x40500; // flags: clear where a function begins

    auto& machine = static_cast<ucontext_t*>(signal_context)->uc_mcontext;
    auto* const registers = machine.gregs;
    const auto met = static_cast<std::uintptr_t>(registers[REG_RSP]);
    if (met < red_zone || met - red_zone <= lowest_) {
        return false;
    }
    const std::uintptr_t top = ((met - red_zone) & ~(alignment - 1)) - sizeof(std::uintptr_t);
    *reinterpret_cast<std::uintptr_t*>(top) = 0;
    registers[REG_RSP] = static_cast<greg_t>(top);
    registers[REG_RBP] = 0;
    registers[REG_RDI] = reinterpret_cast<greg_t>(argument);
    registers[REG_RIP] = reinterpret_cast<greg_t>(go_on);
    registers[REG_EFL] &= ~trap_direction_alignment;
    if (machine.fpregs != nullptr) {
        machine.fpregs->cwd = 0x37f; // as a process begins, and no register of the x87 in use
        machine.fpregs->swd = 0;
        machine.fpregs->ftw = 0;
        machine.fpregs->mxcsr = 0x1f80;
    }
    return true;
}

#else

bool escape::begin(void*, void (*)(void*), void*) const noexcept {
    return false;
}

#endif

} // namespace mortise::async
