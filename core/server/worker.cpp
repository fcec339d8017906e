// SPDX-License-Identifier: BSL-1.0
// Entering, serving and leaving a loop.
#include "server/worker.hpp"

#include "async/loop.hpp"
#include "server/snapshot.hpp"

#include <new>

namespace mortise::server {

worker::worker(async::loop& loop, const http1::settings& settings, snapshot& snapshot,
               observe::access_writer* access_log, std::size_t capacity)
    : loop_handle{loop.index()},
      loop_{loop},
      snapshot_{snapshot},
      exchanges_{*this},
      service_{loop, settings, snapshot.handler(), access_log, capacity} {}

bool worker::post(void (*call)(void* argument), void* argument) noexcept {
    try {
        return loop_.post([call, argument] { call(argument); });
    } catch (const std::bad_alloc&) {
        return false;
    }
}

std::vector<plugin::load_error> worker::enter() {
    exchanges_.attach();
    std::vector<plugin::load_error> errors;
    for (const auto& instance : snapshot_.instances()) {
        if (auto error = instance->enter_loop(*this)) {
            errors.push_back(std::move(*error));
        }
    }
    return errors;
}

void worker::leave(const std::filesystem::path& file) {
    for (const auto& instance : snapshot_.instances()) {
        if (instance->file() == file) {
            instance->leave_loop(*this);
        }
    }
}

void worker::leave() {
    exchanges_.answer_held({503, "The server is stopping"});
    service_.close(); // no request comes to a plugin that has left, and no memory is lent any more
    for (const auto& instance : snapshot_.instances()) {
        instance->leave_loop(*this);
    }
    exchanges_.detach();
}

} // namespace mortise::server
