// SPDX-License-Identifier: BSL-1.0
// Resolving, probing and binding.
#include "server/listening.hpp"

#include "base/decimal.hpp"
#include "net/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <unistd.h>

namespace mortise::server {

namespace {

using boost::asio::ip::tcp;

struct address_text {
    std::string host;
    std::string port;
};

// Empty host: the text is not ADDRESS:PORT.
address_text split(const std::string& listen) {
    const auto colon = listen.rfind(':');
    if (colon == std::string::npos || colon == 0) {
        return {};
    }
    address_text parts{listen.substr(0, colon), listen.substr(colon + 1)};
    if (base::parse_decimal(parts.port).value_or(65536) > 65535) {
        return {};
    }
    if (parts.host.starts_with('[') && parts.host.ends_with(']')) {
        parts.host = parts.host.substr(1, parts.host.size() - 2);
    } else if (parts.host.find(':') != std::string::npos) {
        return {}; // an IPv6 address without its brackets
    }
    return parts;
}

void close_all(const listening& opened) {
    for (const auto& sockets : opened.sockets) {
        for (const int socket : sockets) {
            ::close(socket);
        }
    }
}

std::string cannot_listen(const std::string& listen, const base::error_code& error) {
    const bool in_use = error == boost::system::errc::address_in_use;
    return "cannot listen on " + listen + ": " + error.message() +
           (in_use ? "; stop what listens there, or choose another with --listen"
                   : "; choose another address with --listen");
}

// Opens `at` once for each loop; `at` gets the real port.
base::error_code open_for_each(tcp::endpoint& at, listening& opened) {
    if (const auto probed = net::probe_address(at); !probed) {
        return probed.error();
    }
    for (auto& sockets : opened.sockets) {
        const auto socket = net::open_listening_socket(at);
        if (!socket) {
            return socket.error();
        }
        sockets.push_back(*socket);
        if (const auto real = net::local_endpoint(*socket)) {
            at = *real;
        }
    }
    return {};
}

// The addresses that a name stands for, each once: the hosts file may name one in several lines.
std::vector<tcp::endpoint> each_once(const tcp::resolver::results_type& found) {
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found) {
        if (std::ranges::find(endpoints, entry.endpoint()) == endpoints.end()) {
            endpoints.push_back(entry.endpoint());
        }
    }
    return endpoints;
}

// A name may stand for addresses of a family that this machine does not have.
bool is_missing_family(const base::error_code& error) {
    return error == boost::system::errc::address_family_not_supported ||
           error == boost::system::errc::address_not_available;
}

} // namespace

boost::system::result<listening, std::string> open_listening(const std::string& listen,
                                                             std::size_t loops) {
    const auto parts = split(listen);
    if (parts.host.empty()) {
        return "\"" + listen +
               "\" is no address to listen on; write NAME:PORT, 127.0.0.1:8080 or " + "[::1]:8080";
    }
    boost::asio::io_context context;
    tcp::resolver resolver{context};
    base::error_code error;
    const auto found = resolver.resolve(parts.host, parts.port, tcp::resolver::passive, error);
    if (error) {
        return cannot_listen(listen, error);
    }
    listening opened{std::vector<std::vector<int>>(loops), {}};
    unsigned short port = 0;
    base::error_code missing;
    for (auto at : each_once(found)) {
        at.port(port != 0 ? port : at.port());
        error = open_for_each(at, opened);
        if (error && is_missing_family(error)) {
            missing = error;
            continue;
        }
        if (error) {
            close_all(opened);
            return cannot_listen(listen, error);
        }
        port = at.port();
    }
    if (port == 0) {
        return cannot_listen(listen, missing);
    }
    const auto host = listen.substr(0, listen.rfind(':'));
    opened.url = "http://" + host + ":" + std::to_string(port) + "/";
    return opened;
}

} // namespace mortise::server
