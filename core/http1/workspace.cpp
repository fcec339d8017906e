// SPDX-License-Identifier: BSL-1.0
// The shared input, and the clock's text.
#include "http1/workspace.hpp"

#include "http1/exchange.hpp"

#include <cstring>

namespace mortise::http1 {

void input_buffer::load(std::string_view rest) noexcept {
    if (!rest.empty()) {
        std::memcpy(bytes_.get(), rest.data(), rest.size());
    }
    unread_ = {bytes_.get(), rest.size()};
}

std::span<char> input_buffer::room() noexcept {
    if (unread_.data() != bytes_.get()) {
        std::memmove(bytes_.get(), unread_.data(), unread_.size());
        unread_ = {bytes_.get(), unread_.size()};
    }
    return {bytes_.get() + unread_.size(), capacity - unread_.size()};
}

workspace::workspace(const http1::settings& chosen, http::handler& first, const observation& told)
    : settings{chosen},
      handler{&first},
      access_log{told.access_log},
      metrics{told.metrics},
      is_measured{told.metrics != nullptr || chosen.server_timing},
      header{chosen.deadlines.header},
      content{chosen.deadlines.content},
      handling{chosen.deadlines.handler},
      writing{chosen.deadlines.write},
      keep_alive{chosen.deadlines.keep_alive},
      linger{chosen.deadlines.linger},
      field_room(chosen.limits.field_count) {
    set_handler(first);
    refresh_clock();
}

void workspace::set_handler(http::handler& next) noexcept {
    handler = &next;
    if (is_measured) {
        measured.set_next(next);
        handler = &measured;
    }
}

void workspace::expire_deadlines() noexcept {
    for (auto* const queue : {&header, &content, &handling, &writing, &keep_alive, &linger}) {
        queue->expire(now);
    }
    for (auto& [time, queue] : own_handling) {
        queue.expire(now);
    }
}

void workspace::refresh_clock() noexcept {
    set_now(base::monotonic_now());
    wall_clock = base::wall_clock_now();
    start.set(wall_clock);
}

} // namespace mortise::http1
