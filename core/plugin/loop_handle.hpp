// SPDX-License-Identifier: BSL-1.0
// One event loop, as far as plugins see it.
#pragma once

#include <mortise/abi/types.h>

#include <cstddef>

namespace mortise::plugin {

// Implemented where loops are made; outlives every plugin's loop_stop on it. The address is the
// mortise_loop* that plugins hold.
class loop_handle {
public:
    static constexpr std::size_t max_loops = 256;

    loop_handle(const loop_handle&) = delete;
    loop_handle& operator=(const loop_handle&) = delete;

    // 0 to the number of loops less one, below max_loops.
    std::size_t index() const noexcept { return index_; }

    // Runs call(argument) on the loop, soon, in the order of the posts. [any] False: the loop has
    // shut down and call will never run. Does not throw.
    virtual bool post(void (*call)(void* argument), void* argument) noexcept = 0;

    mortise_loop* abi() noexcept { return reinterpret_cast<mortise_loop*>(this); }
    static loop_handle* from_abi(mortise_loop* loop) noexcept {
        return reinterpret_cast<loop_handle*>(loop);
    }

protected:
    explicit loop_handle(std::size_t index) noexcept : index_{index} {}
    ~loop_handle() = default;

private:
    std::size_t index_;
};

} // namespace mortise::plugin
