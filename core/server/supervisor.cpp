// SPDX-License-Identifier: BSL-1.0
// Datagrams of VARIABLE=VALUE lines to the socket that the environment names.
#include "server/supervisor.hpp"

#include "base/decimal.hpp"
#include "observe/log.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {

using observe::level;

constexpr timeval send_patience{1, 0}; // for a supervisor that reads nothing

std::string take_variable(const char* name) {
    const char* const found = std::getenv(name);
    std::string value = found != nullptr ? found : "";
    ::unsetenv(name);
    return value;
}

std::string error_text(int number) {
    return std::system_category().message(number);
}

} // namespace

supervisor::supervisor() {
    find_socket(take_variable("NOTIFY_SOCKET"));
    const std::string time = take_variable("WATCHDOG_USEC");
    find_watchdog(time, take_variable("WATCHDOG_PID"));
}

// An absolute path, or '@' and a name in the abstract namespace.
void supervisor::find_socket(std::string name) {
    if (name.empty()) {
        return;
    }
    if ((name.front() != '/' && name.front() != '@') || name.size() >= sizeof at_.sun_path) {
        observe::log(level::warning,
                     "NOTIFY_SOCKET is neither a path nor a name with @, so that the service "
                     "manager is told nothing",
                     {{"value", name}});
        return;
    }
    variables_.push_back("NOTIFY_SOCKET=" + name);
    if (name.front() == '@') {
        name.front() = '\0';
    }
    at_.sun_family = AF_UNIX;
    std::ranges::copy(name, at_.sun_path);
    size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    base::descriptor made{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (!made || ::setsockopt(made.number(), SOL_SOCKET, SO_SNDTIMEO, &send_patience,
                              sizeof send_patience) != 0) {
        observe::log(level::warning, "the service manager cannot be told anything",
                     {{"error", error_text(errno)}});
        return;
    }
    socket_ = std::move(made);
}

// Where it names another process, that one is watched and not this.
void supervisor::find_watchdog(const std::string& time, const std::string& process) {
    if (time.empty() || !socket_ || (!process.empty() && process != std::to_string(::getpid()))) {
        return;
    }
    const auto microseconds = base::parse_decimal(time);
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (!microseconds || *microseconds == 0 || *microseconds > most) {
        observe::log(level::warning,
                     "WATCHDOG_USEC is no time in microseconds, so that the service manager is not "
                     "told that the host is alive",
                     {{"value", time}});
        return;
    }
    variables_.push_back("WATCHDOG_USEC=" + time);
    watchdog_time_ = std::chrono::microseconds{static_cast<std::int64_t>(*microseconds)};
}

void supervisor::tell_ready(std::string_view status) {
    send("READY=1\nSTATUS=" + std::string{status});
}

void supervisor::tell_status(std::string_view status) {
    send("STATUS=" + std::string{status});
}

// The time is that of CLOCK_MONOTONIC, by which systemd tells a reload from the one before.
void supervisor::tell_reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto microseconds = now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void supervisor::tell_stopping(std::string_view status) {
    send("STOPPING=1\nSTATUS=" + std::string{status});
}

void supervisor::tell_alive() {
    send("WATCHDOG=1");
}

void supervisor::tell_main_process(pid_t process) {
    send("MAINPID=" + std::to_string(process));
}

void supervisor::send(std::string_view message) {
    if (!socket_) {
        return;
    }
    // Named each time: it may be another socket by now.
    const ssize_t sent = ::sendto(socket_.number(), message.data(), message.size(), MSG_NOSIGNAL,
                                  reinterpret_cast<const sockaddr*>(&at_), size_);
    if (sent < 0 && !std::exchange(has_failed_, true)) {
        observe::log(level::warning, "the service manager could not be told something",
                     {{"error", error_text(errno)}, {"message", message}});
    }
}

} // namespace mortise::server
