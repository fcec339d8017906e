// SPDX-License-Identifier: BSL-1.0
// The shared input, and the clock's text.
#include "http1/workspace.hpp"

#include "http1/exchange.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mortise::http1 {

namespace {

bool must_measure(const settings& chosen, const observe::loop_metrics* metrics) noexcept {
    return metrics != nullptr || chosen.server_timing;
}

} // namespace

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

workspace::workspace(http1::settings chosen, http::handler& first, const observation& told)
    : settings{std::move(chosen)},
      handler{&first},
      access_log{told.access_log},
      metrics{told.metrics},
      is_measured{must_measure(settings, metrics)},
      header{settings.deadlines.header},
      content{settings.deadlines.content},
      handling{settings.deadlines.handler},
      writing{settings.deadlines.write},
      keep_alive{settings.deadlines.keep_alive},
      linger{settings.deadlines.linger},
      field_room(settings.limits.field_count) {
    refresh_clock();
}

void workspace::set_settings(http1::settings next) {
    field_room.resize(std::max(field_room.size(), next.limits.field_count));
    settings = std::move(next);
    header.set_duration(settings.deadlines.header);
    content.set_duration(settings.deadlines.content);
    handling.set_duration(settings.deadlines.handler);
    writing.set_duration(settings.deadlines.write);
    keep_alive.set_duration(settings.deadlines.keep_alive);
    linger.set_duration(settings.deadlines.linger);
    is_measured = must_measure(settings, metrics);
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
