// SPDX-License-Identifier: BSL-1.0
// How operators reach a running host.
#pragma once

#include "admin/control_socket.hpp"
#include "admin/endpoint_table.hpp"
#include "admin/listener.hpp"
#include "base/clock.hpp"
#include "net/handed_sockets.hpp"
#include "server/admin_desk.hpp"
#include "server/plugin_desk.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mortise::config {
struct settings;
}

namespace mortise::server {

// The sockets where commands come in, and the desks that obey them. Everything [control].
class administration {
public:
    explicit administration(boost::asio::io_context& control) noexcept : control_{control} {}

    // Listens where the settings say, on sockets of `handed` where these listen there already. What
    // is asked before start() waits. Empty: done; else a line for people.
    std::string open(const config::settings& chosen, net::handed_sockets& handed);
    // Answers for files of sockets that it has taken.
    void own_files();

    // All that it listens by, for another process; from hand_over() on that has them alone. What
    // is being answered is answered. Files go of offers that it has left.
    std::vector<net::socket_offer> offers() const;
    void hand_over(const std::set<std::string>& left);

    // A loop that takes longer than `patience` is said not to answer.
    void start(const admin_subjects& about, base::milliseconds patience);

    // Other settings have come into service.
    void follow(const config::settings& chosen);

    // Nobody is answered any more. Before its subjects go.
    void close() noexcept;

private:
    void obey(const admin::command& asked, admin::replier reply);

    boost::asio::io_context& control_;
    const host_state* state_ = nullptr;
    std::function<bool()> is_upgrading_;
    std::optional<admin_desk> admin_desk_;
    std::optional<plugin_desk> plugin_desk_;
    admin::endpoint_table endpoints_;
    std::unique_ptr<admin::control_socket> control_socket_;
    std::shared_ptr<admin::listener> loopback_;
    std::string loopback_name_; // as settings have it
    std::string token_;         // for that
};

} // namespace mortise::server
