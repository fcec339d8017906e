// SPDX-License-Identifier: BSL-1.0
// The way onto a loop.
#include "plugin/loop_handle.hpp"

#include <cassert>

namespace mortise::plugin {

loop_handle::loop_handle(async::loop& loop, async::work_pool& pool)
    : index_{loop.index()}, loop_{loop}, pool_{pool}, timers_{loop.context()}, operations_{loop} {
    assert(index() < max_loops);
}

loop_handle::~loop_handle() {
    assert(of_thread_ != this);
}

bool loop_handle::post(void (*call)(void* argument), void* argument) {
    return loop_.post([call, argument] { call(argument); });
}

} // namespace mortise::plugin
