// SPDX-License-Identifier: BSL-1.0
// The service manager that has started the host, such as systemd, by its notify protocol.
#pragma once

#include "base/descriptor.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <vector>

namespace mortise::server {

// sd_notify(3) and sd_watchdog_enabled(3). Where nobody has started the host that way, nothing is
// told. A supervisor that cannot be told something is a line in the log, once, and no reason to
// end. [control]
class supervisor {
public:
    // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and takes them out of the environment,
    // so that no child process speaks in the host's name. Before there is any other thread.
    supervisor();

    // How long the supervisor waits for tell_alive() before it takes the process for dead; zero: it
    // does not.
    std::chrono::microseconds watchdog_time() const noexcept { return watchdog_time_; }

    // `status` is for people, in one line: "serving 3 plugins at http://localhost:8080/".
    void tell_ready(std::string_view status);
    void tell_status(std::string_view status);
    // Until tell_ready().
    void tell_reloading();
    // The process will end by itself.
    void tell_stopping(std::string_view status);
    void tell_alive();
    // Another process is to be watched from now on, in the place of this one.
    void tell_main_process(pid_t process);
    // Nothing is told any more: another process speaks for the service.
    void fall_silent() noexcept { socket_ = base::descriptor{}; }

    // What has been taken out of the environment, as NAME=VALUE, for a process that is to take the
    // place of this one.
    const std::vector<std::string>& variables() const noexcept { return variables_; }

private:
    void find_socket(std::string name);
    void find_watchdog(const std::string& time, const std::string& process);
    void send(std::string_view message);

    std::vector<std::string> variables_;
    base::descriptor socket_; // none: nobody is told
    sockaddr_un at_{};        // where it is read
    socklen_t size_ = 0;      // of that
    std::chrono::microseconds watchdog_time_{0};
    bool has_failed_ = false; // which is in the log
};

} // namespace mortise::server
