// SPDX-License-Identifier: BSL-1.0
// The calls that a thread is in, as addresses and as text. For lines about stalls and crashes.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace mortise::observe {

// Taken where it stands; nothing is allocated.
class stack {
public:
    static constexpr std::size_t max_frames = 64;

    // Loads what take() needs, which a signal handler may not. Once, before the first.
    static void prepare() noexcept;

    // In a signal handler: of the code that the signal met, by the handler's third argument; null:
    // of the caller. [any]
    static stack take(const void* signal_context) noexcept;

    // The innermost call first.
    std::span<void* const> frames() const noexcept { return {frames_.data(), size_}; }

private:
    std::array<void*, max_frames> frames_;
    std::size_t size_ = 0;
};

// "serve(int)+0x1c in /usr/lib/a.so+0x1139": the function that the file's symbols name, as far as
// they do, and the place in the file for addr2line. Reads the file; the text lies in `room`. Where
// `is_calm`, the name is the source's, which takes memory of the heap; else as the linker has it,
// and this may run in a signal handler. [any]
std::string_view describe_address(const void* address, std::span<char> room, bool is_calm) noexcept;

} // namespace mortise::observe
