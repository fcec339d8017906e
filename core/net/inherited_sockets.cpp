// SPDX-License-Identifier: BSL-1.0
// Reading the three variables of socket activation.
#include "net/inherited_sockets.hpp"

#include "base/decimal.hpp"
#include "base/result.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mortise::net {

namespace {

constexpr int first_descriptor = 3;          // SD_LISTEN_FDS_START
constexpr std::uint64_t most_sockets = 4096; // more is no count but a mistake

std::string_view variable(const char* name) {
    const char* const text = std::getenv(name);
    return text != nullptr ? text : std::string_view{};
}

int option(int socket, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

bool is_listening_stream(int socket) {
    const int domain = option(socket, SO_DOMAIN);
    return (domain == AF_INET || domain == AF_INET6 || domain == AF_UNIX) &&
           option(socket, SO_TYPE) == SOCK_STREAM && option(socket, SO_ACCEPTCONN) == 1;
}

// The names up to the next colon each; where there are too few, "unknown", as systemd has it.
std::string next_name(std::string_view& names) {
    const auto colon = names.find(':');
    const auto name = names.substr(0, colon);
    names.remove_prefix(colon == names.npos ? names.size() : colon + 1);
    return name.empty() ? "unknown" : std::string{name};
}

} // namespace

inherited_sockets inherited_sockets::take_from_environment() {
    inherited_sockets taken;
    const auto owner = base::parse_decimal(variable("LISTEN_PID"));
    const auto count = base::parse_decimal(variable("LISTEN_FDS"));
    if (owner == static_cast<std::uint64_t>(::getpid()) && count && *count <= most_sockets) {
        auto names = variable("LISTEN_FDNAMES");
        for (int socket = first_descriptor; socket < first_descriptor + static_cast<int>(*count);
             ++socket) {
            auto name = next_name(names);
            if (::fcntl(socket, F_SETFD, FD_CLOEXEC) == 0) { // else it is none of the process's
                taken.entries_.push_back({std::move(name), base::descriptor{socket}});
            }
        }
    }
    for (const auto* const name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
        ::unsetenv(name);
    }
    return taken;
}

std::vector<socket_offer> inherited_sockets::offers() const {
    std::vector<socket_offer> all;
    for (const auto& each : entries_) {
        all.push_back({"systemd:" + each.name, {each.socket.number()}});
    }
    return all;
}

std::string inherited_sockets::names() const {
    std::string all;
    for (const auto& each : entries_) {
        all += (all.empty() ? "" : ", ") + each.name;
    }
    return all;
}

boost::system::result<std::vector<base::descriptor>, std::string>
inherited_sockets::copy(std::string_view name) const {
    std::vector<base::descriptor> copies;
    for (const auto& each : entries_) {
        if (each.name != name) {
            continue;
        }
        const int socket = each.socket.number();
        if (!is_listening_stream(socket)) {
            return "descriptor " + std::to_string(socket) +
                   " is no listening stream socket; write ListenStream= and Accept=no in the "
                   "socket unit";
        }
        base::descriptor made{::fcntl(socket, F_DUPFD_CLOEXEC, 0)};
        const int flags = ::fcntl(socket, F_GETFL);
        if (!made || flags < 0 || ::fcntl(socket, F_SETFL, flags | O_NONBLOCK) != 0) {
            return base::last_system_error().message() + "; raise the limit of open files";
        }
        const int on = 1; // accepted sockets inherit it; those of unix have no such thing
        ::setsockopt(made.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        copies.push_back(std::move(made));
    }
    if (!copies.empty()) {
        return copies;
    }
    return entries_.empty() ? "no socket was inherited; start the host by a socket unit with "
                              "FileDescriptorName=" +
                                  std::string{name}
                            : "no socket of that name was inherited; there is " + names();
}

} // namespace mortise::net
