// SPDX-License-Identifier: BSL-1.0
// Opening the sockets, and handing commands to the desks.
#include "server/administration.hpp"

#include "server/host_state.hpp"
#include "server/settings.hpp"

#include <utility>

namespace mortise::server {

std::string administration::open(const settings& chosen) {
    if (chosen.control.empty()) {
        return {};
    }
    auto opened = admin::control_socket::open(control_, chosen.control);
    if (!opened) {
        return opened.error();
    }
    control_socket_ = std::move(*opened);
    return {};
}

void administration::start(const subjects& about) {
    state_ = &about.state;
    desk_.emplace(about.plugins, about.changes, about.leaving);
    if (control_socket_) {
        control_socket_->start(
            [this](const auto& asked, auto reply) { obey(asked, std::move(reply)); });
    }
}

void administration::close() noexcept {
    control_socket_.reset();
    desk_.reset();
}

void administration::obey(const admin::command& asked, admin::replier reply) {
    if (state_->draining()) {
        return reply(admin::failure(503, "the host is stopping", "ask the next one"));
    }
    desk_->obey(asked, std::move(reply));
}

} // namespace mortise::server
