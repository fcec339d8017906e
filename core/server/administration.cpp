// SPDX-License-Identifier: BSL-1.0
// Opening the sockets, and handing commands to the desks.
#include "server/administration.hpp"

#include "admin/loopback.hpp"
#include "config/settings.hpp"
#include "observe/log.hpp"
#include "server/host_state.hpp"

#include <utility>

namespace mortise::server {

std::string administration::open(const config::settings& chosen) {
    if (!chosen.control.empty()) {
        auto opened = admin::control_socket::open(control_, chosen.control);
        if (!opened) {
            return opened.error();
        }
        control_socket_ = std::move(*opened);
    }
    if (!chosen.admin_listen.empty()) {
        auto opened = admin::listen_on_loopback(control_, chosen.admin_listen);
        if (!opened) {
            return opened.error();
        }
        loopback_ = std::move(*opened);
        token_ = chosen.admin_token;
        observe::log(observe::level::info, "listening for commands",
                     {{"at", admin::url_of(*loopback_)}});
    }
    return {};
}

void administration::start(const subjects& about, base::milliseconds patience) {
    state_ = &about.state;
    admin_desk_.emplace(control_,
                        admin_desk::subjects{.workers = about.workers,
                                             .plugins = about.plugins,
                                             .leaving = about.leaving,
                                             .state = about.state,
                                             .listeners = about.listeners,
                                             .configured = about.configured,
                                             .kept = about.kept,
                                             .reload = about.reload},
                        patience);
    plugin_desk_.emplace(about.plugins, about.changes, about.leaving);
    endpoints_.add(admin_desk_->endpoints());
    endpoints_.add(plugin_desk_->endpoints());
    const admin::command_handler handle = [this](const auto& asked, auto reply) {
        obey(asked, std::move(reply));
    };
    if (control_socket_) {
        control_socket_->start(handle);
    }
    if (loopback_) {
        loopback_->start(handle, {.is_by_tcp = true, .token = token_});
    }
}

void administration::close() noexcept {
    control_socket_.reset();
    loopback_.reset();
    endpoints_ = {};
    plugin_desk_.reset();
    admin_desk_.reset();
}

// A host that drains tells about itself to its end, and changes nothing any more.
void administration::obey(const admin::command& asked, admin::replier reply) {
    if (state_->draining() && asked.method == "POST") {
        return reply(admin::failure(503, "the host is stopping", "ask the next one"));
    }
    endpoints_.answer(asked, std::move(reply));
}

} // namespace mortise::server
