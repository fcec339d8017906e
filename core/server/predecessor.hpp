// SPDX-License-Identifier: BSL-1.0
// The host whose place this one is to take.
#pragma once

#include "base/descriptor.hpp"
#include "net/handed_sockets.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace mortise::server {

// The words that two hosts say to each other, on a socket that the new one is started with. Each is
// a message of net::socket_message:
//
//   old: greeting, an offer for each place that it listens at (with its sockets), each plugin that
//        is disabled, offers_end
//   new: each offer that it has not taken up; ready, once it serves, or refusal and why it cannot
//
//   old: yours, once the service manager knows the new one and files are let go of
namespace handover {
inline constexpr const char* variable = "MORTISE_UPGRADE"; // has the descriptor's number
inline constexpr std::string_view greeting = "mortise upgrade 1";
inline constexpr char offer = '@';    // and the name
inline constexpr char disabled = '-'; // and the plugin's id
inline constexpr std::string_view offers_end = "end";
inline constexpr char left = '~'; // and the name of an offer
inline constexpr std::string_view ready = "ready";
inline constexpr char refusal = '!'; // and the reason
inline constexpr std::string_view yours = "yours";
} // namespace handover

// Everything [control].
class predecessor {
public:
    // Where the environment names one, takes what it offers. The variable goes, and no child
    // process gets the socket. Once, before there is any other thread.
    predecessor();

    // There is one, or was.
    explicit operator bool() const noexcept { return static_cast<bool>(channel_); }
    // Not understood: why. Such a host does not start.
    const std::string& fault() const noexcept { return fault_; }
    net::handed_sockets& sockets() noexcept { return sockets_; }
    // Closes what nobody has taken of these, and tells who offered them: the files go with that
    // one.
    void leave_sockets();
    // Ids of plugins that an operator has taken out of service there.
    const std::set<std::string>& disabled() const noexcept { return disabled_; }

    // This host cannot serve; the other one serves on.
    void refuse(std::string_view why) noexcept;
    // This host serves. `then` is called when the other one has let go of everything; or has ended
    // before it could, `is_gone`.
    void tell_ready(boost::asio::io_context& control, std::function<void(bool is_gone)> then);

private:
    void take_offers();
    void hear(std::function<void(bool is_gone)> then);

    base::descriptor channel_;
    net::handed_sockets sockets_;
    std::set<std::string> disabled_;
    std::string fault_;
    std::optional<boost::asio::posix::stream_descriptor> waiting_; // a copy of the channel
};

} // namespace mortise::server
