// SPDX-License-Identifier: BSL-1.0
// Copying names of plugins, without memory of the heap.
#include "server/call_text.hpp"

#include "plugin/filter.hpp"
#include "plugin/handler.hpp"
#include "plugin/instance.hpp"

namespace mortise::server {

call_text::call_text(const plugin::entered_call& call) noexcept {
    const auto& owner = call.owner();
    id_.write(owner.id());
    version_.write(owner.version());
    generation_.write(owner.generation());
    file_.write(owner.file().native());
    if (call.route() == nullptr) {
        call_.write(std::string_view{call.step()});
    } else if (call.route()->is_filter()) {
        call_.write("filter ", static_cast<const plugin::filter*>(call.route())->name());
    } else {
        const auto& route = call.route()->route();
        call_.write(route.method, " ", route.host, route.pattern);
    }
    if (call.exchange() != 0) {
        exchange_.write(call.exchange());
    }
}

std::size_t call_text::put(observe::log_field* to) const noexcept {
    if (id_.size == 0) {
        return 0;
    }
    to[0] = {"plugin", id_.text()};
    to[1] = {"version", version_.text()};
    to[2] = {"generation", generation_.text()};
    to[3] = {"file", file_.text()};
    to[4] = {"call", call_.text()};
    to[5] = {"exchange", exchange_.text()};
    return exchange_.size != 0 ? 6 : 5;
}

} // namespace mortise::server
