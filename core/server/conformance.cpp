// SPDX-License-Identifier: BSL-1.0
// A real host, a client of it, and its operator.
#include "server/conformance.hpp"

#include "admin/client.hpp"
#include "base/descriptor.hpp"
#include "base/pen.hpp"
#include "server/child_process.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <set>
#include <string_view>
#include <sys/mman.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {

namespace fs = std::filesystem;
using plugin::catalogue;

constexpr std::size_t requests = 1000;
constexpr std::size_t leaving_one_in = 10;
constexpr std::size_t reloads = 10;
constexpr std::chrono::seconds patience{10};
constexpr std::size_t most_faults = 10;

// A folder for the host, gone with this.
class scratch {
public:
    scratch() {
        std::string pattern = fs::temp_directory_path() / "mortise-check-XXXXXX";
        path_ = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string{};
        fs::create_directory(plugins());
        fs::permissions(plugins(), fs::perms::owner_all);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    fs::path plugins() const { return path_ / "plugins"; }
    fs::path control() const { return path_ / "control.sock"; }

    // Puts the file there in one step; `more` bytes behind its end make it another one.
    void put(const catalogue::candidate& judged, std::size_t more) const {
        const fs::path beside = path_ / "next";
        {
            std::ofstream to{beside, std::ios::binary};
            to.write(reinterpret_cast<const char*>(judged.bytes.data()),
                     static_cast<std::streamsize>(judged.bytes.size()));
            to << std::string(more, '\0');
        }
        fs::permissions(beside, fs::perms::owner_read | fs::perms::owner_write);
        fs::rename(beside, plugins() / "checked.so");
    }

private:
    fs::path path_;
};

// The path of a pattern, with something for each parameter.
std::string path_for(std::string_view pattern) {
    std::string path;
    while (!pattern.empty()) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        path += pattern.substr(0, open);
        pattern.remove_prefix(open);
        if (!pattern.empty()) {
            path += 'x';
            pattern.remove_prefix(std::min(pattern.find('}'), pattern.size() - 1) + 1);
        }
    }
    return path;
}

// "GET example.org/{name}" to a request for it; nothing for other methods.
std::optional<std::string> request_for(std::string_view route) {
    constexpr std::string_view method = "GET ";
    if (!route.starts_with(method)) {
        return std::nullopt;
    }
    route.remove_prefix(method.size());
    const auto slash = std::min(route.find('/'), route.size());
    std::string host{route.substr(0, slash)};
    if (host.empty()) {
        host = "localhost";
    } else if (host.starts_with("*")) {
        host.replace(0, 1, "x");
    }
    return "GET " + path_for(route.substr(slash)) + " HTTP/1.1\r\nHost: " + host +
           "\r\nConnection: close\r\n\r\n";
}

// The answer's status; 0: none came in time. A content is not waited for.
unsigned ask(std::uint16_t port, const std::string& request, bool leaves) {
    const base::descriptor to{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
    ::setsockopt(to.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(to.number(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::send(to.number(), request.data(), request.size(), MSG_NOSIGNAL) < 0 || leaves) {
        return 0;
    }
    std::array<char, 4096> room;
    std::string head;
    while (head.find("\r\n") == head.npos) {
        const ssize_t got = ::recv(to.number(), room.data(), room.size(), 0);
        if (got <= 0) {
            return 0;
        }
        head.append(room.data(), static_cast<std::size_t>(got));
    }
    constexpr std::size_t before_status = std::string_view{"HTTP/1.1 "}.size();
    unsigned status = 0;
    std::from_chars(head.data() + std::min(before_status, head.size()), head.data() + head.size(),
                    status);
    return status;
}

// The host in its process, and what it says.
class checked_host {
public:
    checked_host(const scratch& in, const std::string& id, const plugin::configuration& values,
                 conformance& result)
        : in_{in}, id_{id}, lines_{::memfd_create("mortise-check", MFD_CLOEXEC)}, result_{result} {
        std::vector<std::string> words{"run",
                                       "--plugins",
                                       in.plugins(),
                                       "--control",
                                       in.control(),
                                       "--listen",
                                       "127.0.0.1:0",
                                       "--workers",
                                       "2",
                                       "--check-plugins",
                                       "--end-with-parent",
                                       "--no-watch",
                                       "--no-probe",
                                       "--quarantine-faults",
                                       "0",
                                       "--drain-timeout",
                                       "2s"};
        for (const auto& [key, value] : values) {
            words.insert(words.end(), {"--set", id + "." + key + "=" + value});
        }
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            return;
        }
        start_line_ = base::descriptor{ends[0]};
        const auto to_write = move_up(base::descriptor{ends[1]});
        const auto log = move_up(lines_);
        const std::array handed{child_process::handed{to_write.number(), STDOUT_FILENO},
                                child_process::handed{log.number(), STDERR_FILENO}};
        if (auto started = child_process::start(words, handed)) {
            process_.emplace(std::move(*started));
        }
    }

    // The port that it listens on; 0: it did not start.
    std::uint16_t wait_for_port() {
        std::string line;
        std::array<char, 256> room;
        while (process_ && line.find('\n') == line.npos) {
            pollfd waited{.fd = start_line_.number(), .events = POLLIN, .revents = 0};
            const ssize_t got = ::poll(&waited, 1, std::chrono::milliseconds{patience}.count()) == 1
                                    ? ::read(start_line_.number(), room.data(), room.size())
                                    : 0;
            if (got <= 0) {
                return 0;
            }
            line.append(room.data(), static_cast<std::size_t>(got));
        }
        const auto colon = line.rfind(':');
        std::uint16_t port = 0;
        if (colon != line.npos) {
            std::from_chars(line.data() + colon + 1, line.data() + line.size(), port);
        }
        return port;
    }

    boost::json::object show() const {
        const auto given = admin::ask(in_.control(), {"GET", "/plugins/" + id_});
        return given && given->status == 200 ? given->content : boost::json::object{};
    }

    // False: it could not be replaced, or what was replaced does not go.
    bool reload() {
        const auto given = admin::ask(in_.control(), {"POST", "/plugins/reload"});
        if (!given || given->status != 200) {
            return false; // the log says why
        }
        const auto until = std::chrono::steady_clock::now() + patience;
        for (;;) {
            const auto now = show();
            const auto* const leaving = now.if_contains("leaving");
            if (leaving == nullptr || !leaving->is_array()) {
                return false;
            }
            if (leaving->get_array().empty()) {
                return true;
            }
            if (std::chrono::steady_clock::now() >= until) {
                result_.faults.push_back(
                    "does not leave when it is replaced; `mortise plugin list` "
                    "tells on a running host what keeps it");
                return false;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
    }

    // Ends it in order, and reads what it has said.
    void end() {
        if (!process_) {
            result_.faults.emplace_back("the host could not be started");
            return;
        }
        process_->signal(SIGTERM);
        pollfd waited{.fd = process_->end().number(), .events = POLLIN, .revents = 0};
        if (::poll(&waited, 1, 2 * std::chrono::milliseconds{patience}.count()) != 1) {
            process_->signal(SIGKILL);
            result_.faults.emplace_back("does not let the host end");
        }
        const siginfo_t how = process_->wait();
        note_errors();
        if (result_.faults.empty() && how.si_code != CLD_EXITED) {
            result_.faults.push_back("ended the host by " +
                                     child_process::signal_text(how.si_status));
        }
    }

private:
    void note_errors() {
        std::string text(static_cast<std::size_t>(::lseek(lines_.number(), 0, SEEK_END)), '\0');
        const auto size = ::pread(lines_.number(), text.data(), text.size(), 0);
        text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        std::set<std::string> told;
        for (std::size_t at = 0; at < text.size() && told.size() < most_faults;) {
            const auto end = std::min(text.find('\n', at), text.size());
            const std::string_view line{text.data() + at, end - at};
            at = end + 1;
            constexpr std::string_view error = " error ";
            const auto level = line.find(error);
            if (level == line.npos || level > line.find(' ')) {
                continue;
            }
            const std::string said{line.substr(level + error.size())};
            if (!said.starts_with("  #") && told.insert(said).second) {
                result_.faults.push_back("the host says: " + said);
            }
        }
    }

    const scratch& in_;
    const std::string id_;
    const base::descriptor lines_;
    base::descriptor start_line_;
    std::optional<child_process> process_;
    conformance& result_;
};

void ask_routes(std::uint16_t port, const boost::json::object& plugin, conformance& result) {
    std::vector<std::string> wanted;
    const auto* const routes = plugin.if_contains("routes");
    if (routes == nullptr || !routes->is_array()) {
        return;
    }
    for (const auto& each : routes->get_array()) {
        result.routes.emplace_back(each.get_string());
        if (auto request = request_for(result.routes.back())) {
            wanted.push_back(std::move(*request));
        }
    }
    for (std::size_t number = 0; number < requests && !wanted.empty(); ++number) {
        const auto& request = wanted[number % wanted.size()];
        const bool leaves = number % leaving_one_in == leaving_one_in - 1;
        const unsigned status = ask(port, request, leaves);
        result.left += leaves ? 1 : 0;
        result.requests += status != 0 ? 1 : 0;
        result.failed += status >= 500 ? 1 : 0;
        if (!leaves && status == 0) {
            result.faults.push_back("does not answer " + request.substr(0, request.find(" HTTP")) +
                                    " within " + std::to_string(patience.count()) + " s");
            return;
        }
    }
}

} // namespace

conformance run_conformance(const catalogue::candidate& judged,
                            const plugin::configuration& values) {
    conformance result;
    const scratch in;
    in.put(judged, 0);
    checked_host host{in, judged.note.id, values, result};
    if (const auto port = host.wait_for_port(); port != 0) {
        ask_routes(port, host.show(), result);
        for (std::size_t number = 1; number <= reloads; ++number) {
            in.put(judged, number);
            if (!host.reload()) {
                break;
            }
            ++result.reloads;
        }
    }
    host.end();
    if (result.faults.empty() && result.reloads != reloads) {
        result.faults.emplace_back("could not be replaced");
    }
    return result;
}

} // namespace mortise::server
