// SPDX-License-Identifier: BSL-1.0
// Opening the sockets, and handing commands to the desks.
#include "server/administration.hpp"

#include "admin/loopback.hpp"
#include "config/settings.hpp"
#include "observe/log.hpp"
#include "server/host_state.hpp"

#include <utility>

namespace mortise::server {

namespace {
const std::string loopback_prefix = "admin:";
} // namespace

std::string administration::open(const config::settings& chosen, net::handed_sockets& handed) {
    if (!chosen.control.empty()) {
        auto taken = handed.take_one("control:" + chosen.control.string());
        auto opened = taken
                          ? admin::control_socket::adopt(control_, chosen.control, std::move(taken))
                          : admin::control_socket::open(control_, chosen.control);
        if (!opened) {
            return opened.error();
        }
        control_socket_ = std::move(*opened);
    }
    if (!chosen.admin_listen.empty()) {
        auto taken = handed.take_one(loopback_prefix + chosen.admin_listen);
        auto opened =
            taken ? admin::adopt_on_loopback(control_, chosen.admin_listen, std::move(taken))
                  : admin::listen_on_loopback(control_, chosen.admin_listen);
        if (!opened) {
            return opened.error();
        }
        loopback_ = std::move(*opened);
        loopback_name_ = chosen.admin_listen;
        token_ = chosen.admin_token;
        observe::log(observe::level::info, "listening for commands",
                     {{"at", admin::url_of(*loopback_)}});
    }
    return {};
}

void administration::start(const admin_subjects& about, base::milliseconds patience) {
    state_ = &about.state;
    is_upgrading_ = about.is_upgrading;
    admin_desk_.emplace(control_, about, patience);
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

void administration::follow(const config::settings& chosen) {
    if (loopback_) {
        loopback_->set_token(chosen.admin_token);
    }
}

void administration::own_files() {
    if (control_socket_) {
        control_socket_->own();
    }
}

std::vector<net::socket_offer> administration::offers() const {
    std::vector<net::socket_offer> all;
    if (control_socket_) {
        all.push_back(control_socket_->offer());
    }
    if (loopback_) {
        all.push_back({loopback_prefix + loopback_name_, {loopback_->descriptor()}});
    }
    return all;
}

void administration::hand_over(const std::set<std::string>& left) {
    if (control_socket_) {
        control_socket_->close(left.contains(control_socket_->offer().name));
    }
    if (loopback_) {
        loopback_->close();
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
    if (asked.method == "POST" && asked.target.starts_with("/plugins/") && is_upgrading_()) {
        return reply(admin::failure(409, "an upgrade is under way", "ask again when it is done"));
    }
    endpoints_.answer(asked, std::move(reply));
}

} // namespace mortise::server
