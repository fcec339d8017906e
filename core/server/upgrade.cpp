// SPDX-License-Identifier: BSL-1.0
// The old host's half of an upgrade.
#include "server/upgrade.hpp"

#include "net/socket_message.hpp"
#include "server/predecessor.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <span>
#include <sstream>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {

using boost::asio::posix::stream_descriptor;
using net::socket_message;

constexpr int channel_of_child = 3;

std::string text_of(const boost::system::error_code& error) {
    return error.message();
}

boost::system::result<void> send_estate(int to, const upgrade::estate& given) {
    if (const auto sent = socket_message::send(to, handover::greeting); !sent) {
        return sent.error();
    }
    for (const auto& each : given.offers) {
        for (std::span<const int> rest{each.sockets}; !rest.empty();) {
            const auto now = rest.first(std::min(rest.size(), socket_message::most_files));
            const auto sent = socket_message::send(to, handover::offer + each.name, now);
            if (!sent) {
                return sent.error();
            }
            rest = rest.subspan(now.size());
        }
    }
    for (const auto& id : given.disabled) {
        if (const auto sent = socket_message::send(to, handover::disabled + id); !sent) {
            return sent.error();
        }
    }
    return socket_message::send(to, handover::offers_end);
}

std::string end_text(const siginfo_t& end, bool is_late) {
    if (is_late) {
        return "the new host was not ready within " +
               std::to_string(upgrade::longest_start.count()) + " s";
    }
    const std::string how = end.si_code == CLD_EXITED
                                ? "with exit code " + std::to_string(end.si_status)
                                : "by " + child_process::signal_text(end.si_status);
    return "the new host ended " + how + " before it was ready, and the log tells more";
}

// Where a program may lie that was started by this name, as a shell would look for it.
std::vector<std::filesystem::path> places_of(const std::string& name) {
    std::error_code error;
    if (name.find('/') != name.npos) {
        return {std::filesystem::absolute(name, error)};
    }
    std::vector<std::filesystem::path> places;
    const char* const path = std::getenv("PATH");
    std::istringstream folders{path != nullptr ? path : ""};
    for (std::string folder; std::getline(folders, folder, ':');) {
        places.push_back(std::filesystem::absolute(folder.empty() ? "." : folder, error) / name);
    }
    return places;
}

} // namespace

own_program own_program::of_this_process() {
    own_program found;
    std::ifstream from{"/proc/self/cmdline"};
    for (std::string word; std::getline(from, word, '\0');) {
        found.words.push_back(word);
    }
    const std::filesystem::path link = "/proc/self/exe";
    std::error_code error;
    for (auto& named : places_of(found.words.empty() ? std::string{} : found.words.front())) {
        if (std::filesystem::equivalent(named, link, error)) {
            found.file = std::move(named);
            return found;
        }
    }
    found.file = std::filesystem::read_symlink(link, error);
    return found;
}

void upgrade::begin(estate given, on_done done) {
    done_ = std::move(done);
    refusal_.clear();
    left_.clear();
    is_late_ = false;
    if (auto fault = start(std::move(given)); !fault.empty()) {
        boost::asio::post(time_.get_executor(), [this, fault = std::move(fault)] {
            finish({.process = 0, .fault = fault});
        });
        return;
    }
    listen();
    wait_for_end();
    time_.expires_after(longest_start);
    time_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            is_late_ = true;
            abort();
        }
    });
}

// Empty: it is started.
std::string upgrade::start(estate given) {
    auto ends = net::two_ends();
    if (!ends) {
        return "no socket to the new host can be made: " + text_of(ends.error());
    }
    if (const auto sent = send_estate(ends->first.number(), given); !sent) {
        return "the listening sockets cannot be offered: " + text_of(sent.error());
    }
    auto& variables = given.variables;
    for (char** each = environ; *each != nullptr; ++each) {
        variables.emplace_back(*each);
    }
    variables.push_back(std::string{handover::variable} + "=" + std::to_string(channel_of_child));
    const auto theirs = move_up(ends->second);
    const std::array handed{child_process::handed{theirs.number(), channel_of_child}};
    auto started = child_process::start(
        {.file = program_.file, .words = program_.words, .environment = std::move(variables)},
        handed);
    if (!started) {
        return program_.file.string() + " cannot be started: " + text_of(started.error());
    }
    child_.emplace(std::move(*started));
    channel_.assign(ends->first.release());
    end_.assign(::fcntl(child_->end().number(), F_DUPFD_CLOEXEC, 0));
    return {};
}

void upgrade::listen() {
    channel_.async_wait(stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                            if (error) {
                                return;
                            }
                            const auto said = socket_message::receive(channel_.native_handle());
                            if (said && !said->text.empty()) {
                                take(said->text);
                            } // else it is about to end
                        });
}

void upgrade::take(std::string_view said) {
    if (said == handover::ready) {
        return finish({.process = child_->number(), .fault = {}, .left = left_});
    }
    if (said.front() == handover::left) {
        left_.insert(std::string{said.substr(1)});
    }
    if (said.front() == handover::refusal) {
        refusal_ = said.substr(1);
    }
    listen();
}

void upgrade::wait_for_end() {
    end_.async_wait(stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error) {
            return;
        }
        const siginfo_t end = child_->wait();
        if (const auto said = socket_message::receive(channel_.native_handle());
            refusal_.empty() && said && said->text.starts_with(handover::refusal)) {
            refusal_ = said->text.substr(1);
        }
        channel_.close();
        finish({.process = 0, .fault = refusal_.empty() ? end_text(end, is_late_) : refusal_});
    });
}

void upgrade::finish(outcome came_to) {
    time_.cancel();
    end_.close();
    std::exchange(done_, {})(came_to);
}

void upgrade::confirm() {
    (void)socket_message::send(channel_.native_handle(), handover::yours); // or it sees the end
    channel_.close();
}

void upgrade::abort() noexcept {
    if (is_under_way() && child_) {
        child_->signal(SIGKILL);
    }
}

} // namespace mortise::server
