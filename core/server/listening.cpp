// SPDX-License-Identifier: BSL-1.0
// Resolving, probing, binding and inheriting.
#include "server/listening.hpp"

#include "net/handed_sockets.hpp"
#include "net/inherited_sockets.hpp"
#include "net/listen_address.hpp"
#include "net/listener.hpp"
#include "observe/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <cstddef>
#include <fcntl.h>
#include <sstream>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {

using boost::asio::ip::tcp;
using result = boost::system::result<listening, std::string>;

std::string cannot_listen(const std::string& address, const std::string& why_and_cure) {
    return "cannot listen on " + address + ": " + why_and_cure;
}

std::string cannot_listen(const std::string& address, const base::error_code& error) {
    const bool in_use = error == boost::system::errc::address_in_use;
    return cannot_listen(address,
                         error.message() + (in_use ? "; stop what listens there, or choose another"
                                                   : "; choose another address"));
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

// Takes what listens there already: each goes to a loop.
bool take_over(tcp::endpoint& at, listening& opened, net::handed_sockets& handed) {
    auto taken = handed.take(opened.settings.address, at);
    if (taken.empty()) {
        return false;
    }
    if (const auto real = net::local_endpoint(taken.front().number())) {
        at = *real;
    }
    for (std::size_t index = 0; index < taken.size(); ++index) {
        opened.sockets[index % opened.sockets.size()].push_back(taken[index].release());
    }
    return true;
}

result open_tcp(listening opened, const net::listen_address& where, net::handed_sockets& handed) {
    const std::string& listen = opened.settings.address;
    boost::asio::io_context context;
    tcp::resolver resolver{context};
    base::error_code error;
    const auto found = resolver.resolve(where.name, where.port, tcp::resolver::passive, error);
    if (error) {
        return cannot_listen(listen, error);
    }
    unsigned short port = 0;
    base::error_code missing;
    for (auto at : each_once(found)) {
        at.port(port != 0 ? port : at.port());
        error = take_over(at, opened, handed) ? base::error_code{} : open_for_each(at, opened);
        if (error && is_missing_family(error)) {
            missing = error;
            continue;
        }
        if (error) {
            close_sockets(opened);
            return cannot_listen(listen, error);
        }
        port = at.port();
    }
    if (port == 0) {
        return cannot_listen(listen, missing);
    }
    opened.url = "http://" + listen.substr(0, listen.rfind(':')) + ":" + std::to_string(port) + "/";
    return opened;
}

// Gives each loop a descriptor of the one socket. An event is told to every loop, also to those
// that lose the race for its connection. EPOLLEXCLUSIVE would not help: loops that sleep do so in
// the context's epoll set, outside of the one that has the socket, and are woken all the same; and
// a loop that is told alone, but is full, would leave the connection to nobody.
base::error_code share(const base::descriptor& socket, listening& opened) {
    for (auto& sockets : opened.sockets) {
        const int copy = ::fcntl(socket.number(), F_DUPFD_CLOEXEC, 0);
        if (copy < 0) {
            return base::last_system_error();
        }
        sockets.push_back(copy);
    }
    opened.is_shared = true;
    return {};
}

std::string local_fault(const base::error_code& error) {
    namespace errc = boost::system::errc;
    if (error == errc::address_in_use) {
        return "another host listens there; stop it, or choose another address";
    }
    if (error == errc::file_exists) {
        return "another file is there; remove it, or choose another address";
    }
    return error.message() + "; let the host's user write there, or choose another address";
}

result open_local(listening opened, const std::filesystem::path& file,
                  net::handed_sockets& handed) {
    const std::string& address = opened.settings.address;
    auto socket = handed.take_one(address);
    if (!socket) {
        auto bound = net::local_socket::open(file, opened.settings.mode);
        if (!bound) {
            return cannot_listen(address, local_fault(bound.error()));
        }
        if (bound->has_replaced) {
            observe::log(observe::level::warning,
                         "a host has ended without removing its socket, which is replaced",
                         {{"file", file.native()}});
        }
        opened.file = std::move(bound->file);
        socket = std::move(bound->descriptor);
    }
    if (const auto error = share(socket, opened)) {
        close_sockets(opened);
        return cannot_listen(address, error);
    }
    opened.url = address;
    return opened;
}

// "0660"
std::string mode_digits(unsigned mode) {
    std::string digits = "0000";
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, mode >>= 3U) {
        *at = static_cast<char>('0' + (mode & 7U));
    }
    return digits;
}

std::string mode_fault(const base::error_code& error) {
    return error == boost::system::errc::file_exists
               ? "another file is there; remove it and restart the host"
               : error.message() + "; let the host's user own the file, or restart the host";
}

// Where an inherited socket listens: its settings do not say.
std::string url_of(int socket) {
    sockaddr_un local{};
    socklen_t size = sizeof local;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&local), &size) == 0 &&
        local.sun_family == AF_UNIX) {
        const auto room = size - offsetof(sockaddr_un, sun_path);
        std::string path{local.sun_path, std::min(room, sizeof local.sun_path)};
        if (path.starts_with('\0')) { // of no file
            path.front() = '@';
        }
        return "unix:" + path.substr(0, path.find('\0'));
    }
    std::ostringstream url;
    if (const auto at = net::local_endpoint(socket)) {
        url << "http://" << *at << "/";
    }
    return url.str();
}

result open_inherited(listening opened, const std::string& name,
                      const net::inherited_sockets& inherited) {
    const std::string& address = opened.settings.address;
    const auto found = inherited.copy(name);
    if (!found) {
        return cannot_listen(address, found.error());
    }
    for (const auto& socket : *found) {
        if (const auto error = share(socket, opened)) {
            close_sockets(opened);
            return cannot_listen(address, error);
        }
    }
    opened.url = url_of(found->front().number());
    return opened;
}

} // namespace

void close_sockets(const listening& unused) noexcept {
    for (const auto& sockets : unused.sockets) {
        for (const int socket : sockets) {
            ::close(socket);
        }
    }
}

result open_listening(const net::listener_settings& asked, const net::inherited_sockets& inherited,
                      net::handed_sockets& handed, std::size_t loops) {
    const auto where = net::listen_address::parse(asked.address);
    if (!where) {
        return where.error();
    }
    listening opened;
    opened.settings = asked;
    opened.sockets.resize(loops);
    switch (where->is) {
    case net::listen_address::kind::local:
        return open_local(std::move(opened), where->name, handed);
    case net::listen_address::kind::inherited:
        return open_inherited(std::move(opened), where->name, inherited);
    case net::listen_address::kind::tcp:
        break;
    }
    return open_tcp(std::move(opened), *where, handed);
}

void open_missing(listening& taken) {
    if (!taken.is_tcp() || taken.is_shared) {
        return;
    }
    std::vector<std::vector<tcp::endpoint>> there; // by loop
    std::vector<tcp::endpoint> all;
    for (const auto& sockets : taken.sockets) {
        auto& of_loop = there.emplace_back();
        for (const int socket : sockets) {
            const auto at = net::local_endpoint(socket);
            if (at && std::ranges::find(all, *at) == all.end()) {
                all.push_back(*at);
            }
            if (at) {
                of_loop.push_back(*at);
            }
        }
    }
    for (const auto& at : all) {
        for (std::size_t loop = 0; loop < taken.sockets.size(); ++loop) {
            if (std::ranges::find(there[loop], at) != there[loop].end()) {
                continue;
            }
            if (const auto opened = net::open_listening_socket(at)) {
                taken.sockets[loop].push_back(*opened);
            } else {
                observe::log(observe::level::warning,
                             "a loop has no listening socket of its own, so that others serve for "
                             "it; raise the limit of open files",
                             {{"at", taken.url}, {"error", opened.error().message()}});
            }
        }
    }
}

std::string apply_mode(const listening& of) {
    if (!of.file) {
        return {};
    }
    const std::string& address = of.settings.address;
    const auto mode = mode_digits(of.settings.mode);
    const auto before = of.file.set_mode(of.settings.mode);
    if (!before) {
        const auto why = mode_fault(before.error());
        observe::log(observe::level::error, "the mode of a unix socket cannot be changed: " + why,
                     {{"at", address}, {"mode", mode}});
        return "mode of " + address + " is not changed: " + why;
    }
    if (*before == of.settings.mode) {
        return {};
    }
    observe::log(observe::level::info, "the mode of a unix socket is changed",
                 {{"at", address}, {"mode", mode}});
    return "mode of " + address + " is \"" + mode + "\" now";
}

void own_file(listening& taken) {
    const auto where = net::listen_address::parse(taken.settings.address);
    if (where && where->is == net::listen_address::kind::local) {
        taken.file.release(); // where it is answered for already
        taken.file = net::socket_file{where->name};
        apply_mode(taken);
    }
}

} // namespace mortise::server
