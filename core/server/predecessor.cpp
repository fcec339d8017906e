// SPDX-License-Identifier: BSL-1.0
// The new host's half of an upgrade.
#include "server/predecessor.hpp"

#include "base/decimal.hpp"
#include "net/socket_message.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <utility>

namespace mortise::server {

using net::socket_message;

predecessor::predecessor() {
    const char* const text = std::getenv(handover::variable);
    const auto number = base::parse_decimal(text != nullptr ? text : "");
    ::unsetenv(handover::variable);
    if (!number || *number > 1024 || ::fcntl(static_cast<int>(*number), F_SETFD, FD_CLOEXEC) != 0) {
        return; // it names no open file
    }
    channel_ = base::descriptor{static_cast<int>(*number)};
    take_offers();
}

// All of them were sent before this process was started.
void predecessor::take_offers() {
    const auto first = socket_message::receive(channel_.number());
    if (!first || first->text != handover::greeting) {
        fault_ = "the host that runs offers its sockets in a way that this version does not "
                 "understand; restart it instead";
        return;
    }
    for (;;) {
        auto next = socket_message::receive(channel_.number());
        if (!next || next->text.empty()) {
            fault_ = "the host that runs has ended while it offered its sockets; start one anew";
            return;
        }
        if (next->text == handover::offers_end) {
            return;
        }
        if (next->text.front() == handover::disabled) {
            disabled_.insert(next->text.substr(1));
            continue;
        }
        for (auto& each : next->files) {
            sockets_.add(next->text.substr(1), std::move(each));
        }
    }
}

void predecessor::leave_sockets() {
    for (const auto& name : sockets_.names()) {
        (void)socket_message::send(channel_.number(), handover::left + name); // or it sees the end
    }
    sockets_ = {};
}

void predecessor::refuse(std::string_view why) noexcept {
    if (channel_) {
        const auto room = why.substr(0, socket_message::most_bytes - 1);
        (void)socket_message::send(channel_.number(),
                                   handover::refusal + std::string{room}); // or it sees the end
    }
}

void predecessor::tell_ready(boost::asio::io_context& control,
                             std::function<void(bool is_gone)> then) {
    if (!socket_message::send(channel_.number(), handover::ready)) {
        return then(true);
    }
    waiting_.emplace(control, channel_.release());
    hear(std::move(then));
}

void predecessor::hear(std::function<void(bool is_gone)> then) {
    waiting_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this, then = std::move(then)](const boost::system::error_code& error) {
                             if (error) {
                                 return;
                             }
                             const auto said = socket_message::receive(waiting_->native_handle());
                             waiting_.reset();
                             then(!said || said->text != handover::yours);
                         });
}

} // namespace mortise::server
