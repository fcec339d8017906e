// SPDX-License-Identifier: BSL-1.0
// Listening sockets of the host whose place this one is to take.
#pragma once

#include "base/descriptor.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::net {

// What one host gives to the next: where they listen, as its settings have it ("localhost:8080",
// "unix:/path/file.sock", "systemd:NAME"), and open sockets that it keeps.
struct socket_offer {
    std::string name;
    std::vector<int> sockets;
};

// Closes those that nobody has taken. Thread: any one.
class handed_sockets {
public:
    void add(std::string name, base::descriptor socket) {
        entries_.push_back({std::move(name), std::move(socket)});
    }
    bool is_empty() const noexcept { return entries_.empty(); }

    // What they are called that are left.
    std::vector<std::string> names() const;

    // Those with this name; or the first of them, if any.
    std::vector<base::descriptor> take(std::string_view name);
    base::descriptor take_one(std::string_view name);
    // Those that listen at `at`; where its port is 0, those with this name at that address.
    std::vector<base::descriptor> take(std::string_view name,
                                       const boost::asio::ip::tcp::endpoint& at);
    // Those whose names begin so, with the rest of these.
    std::vector<std::pair<std::string, base::descriptor>> take_all(std::string_view prefix);

private:
    struct entry {
        std::string name;
        base::descriptor socket;
    };
    template <class Judge>
    std::vector<entry> take_where(Judge judge);

    std::vector<entry> entries_;
};

} // namespace mortise::net
