// SPDX-License-Identifier: BSL-1.0
// The old host's half of an upgrade.
#include "server/upgrade.hpp"

#include "net/socket_message.hpp"
#include "server/predecessor.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <span>
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

boost::system::result<void> send_offers(int to, const std::vector<net::socket_offer>& offers) {
    if (const auto sent = socket_message::send(to, handover::greeting); !sent) {
        return sent.error();
    }
    for (const auto& each : offers) {
        for (std::span<const int> rest{each.sockets}; !rest.empty();) {
            const auto now = rest.first(std::min(rest.size(), socket_message::most_files));
            const auto sent = socket_message::send(to, handover::offer + each.name, now);
            if (!sent) {
                return sent.error();
            }
            rest = rest.subspan(now.size());
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

} // namespace

own_program own_program::of_this_process() {
    own_program found;
    std::ifstream from{"/proc/self/cmdline"};
    for (std::string word; std::getline(from, word, '\0');) {
        found.words.push_back(word);
    }
    const std::filesystem::path link = "/proc/self/exe";
    std::error_code error;
    if (!found.words.empty() && found.words.front().find('/') != std::string::npos) {
        auto named = std::filesystem::absolute(found.words.front(), error);
        if (!error && std::filesystem::equivalent(named, link, error)) {
            found.file = std::move(named);
            return found;
        }
    }
    found.file = std::filesystem::read_symlink(link, error);
    return found;
}

void upgrade::begin(const std::vector<net::socket_offer>& offers,
                    std::vector<std::string> variables, on_done done) {
    done_ = std::move(done);
    refusal_.clear();
    is_late_ = false;
    if (auto fault = start(offers, std::move(variables)); !fault.empty()) {
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
std::string upgrade::start(const std::vector<net::socket_offer>& offers,
                           std::vector<std::string> variables) {
    auto ends = net::two_ends();
    if (!ends) {
        return "no socket to the new host can be made: " + text_of(ends.error());
    }
    if (const auto sent = send_offers(ends->first.number(), offers); !sent) {
        return "the listening sockets cannot be offered: " + text_of(sent.error());
    }
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
        return finish({.process = child_->number(), .fault = {}});
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
