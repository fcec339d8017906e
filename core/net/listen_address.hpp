// SPDX-License-Identifier: BSL-1.0
// What stands for a place to listen at, as a text.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>

namespace mortise::net {

// A text that has been judged. Whether its name is known, and whether somebody may listen there,
// shows when it is opened.
struct listen_address {
    enum class kind : std::uint8_t {
        tcp,      // NAME:PORT, V4:PORT or [V6]:PORT
        local,    // unix:/path/file.sock
        inherited // systemd:NAME
    };

    kind is = kind::tcp;
    std::string name; // the host, without brackets; the path; or the name of the socket
    std::string port; // of tcp, in digits; at most 65535

    // The error is a line for people: what is wrong, and what is right. [any]
    static boost::system::result<listen_address, std::string> parse(const std::string& text);
};

// Whether one of them takes a place that the other one has: they cannot both be listened to. Names
// but localhost, which is 127.0.0.1, are compared as texts. [any]
bool meet(const listen_address& one, const listen_address& other);

} // namespace mortise::net
