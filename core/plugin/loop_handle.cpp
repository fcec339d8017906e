// SPDX-License-Identifier: BSL-1.0
// The way onto a loop.
#include "plugin/loop_handle.hpp"

#include "async/thread_role.hpp"

#include <cassert>

namespace mortise::plugin {

loop_handle::loop_handle(async::loop& loop, async::work_pool& pool)
    : index_{loop.index()}, loop_{loop}, pool_{pool}, timers_{loop}, operations_{loop} {
    assert(index() < max_loops);
}

loop_handle::~loop_handle() {
    assert(of_thread_ != this);
}

bool loop_handle::post(void (*call)(void* argument), void* argument) {
    return loop_.post([call, argument] { call(argument); });
}

std::string this_thread() {
    if (const auto* const loop = loop_handle::of_this_thread()) {
        return "loop " + std::to_string(loop->index());
    }
    switch (async::role_of_this_thread) {
    case async::thread_role::control:
        return "the control thread";
    case async::thread_role::pool:
        return "the worker pool";
    default:
        return "a thread that the host did not start";
    }
}

} // namespace mortise::plugin
