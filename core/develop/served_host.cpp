// SPDX-License-Identifier: BSL-1.0
// Starting the host, hearing from it, and asking it.
#include "develop/served_host.hpp"

#include "admin/client.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/array.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::develop {

namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using server::child_process;

std::vector<std::string> texts_of(const boost::json::object& content, std::string_view key) {
    std::vector<std::string> texts;
    const auto* const found = content.if_contains(key);
    if (found != nullptr && found->is_array()) {
        for (const auto& each : found->get_array()) {
            texts.emplace_back(each.as_string());
        }
    }
    return texts;
}

served_host::change ask(const std::filesystem::path& control) {
    served_host::change came_to;
    const auto given = admin::ask(control, {"POST", "/reload"});
    if (!given) {
        came_to.has_gone = true;
        return came_to;
    }
    came_to.made = texts_of(given->content, "changes");
    std::erase_if(came_to.made, [](const std::string& each) { // it is another one each time
        return each.starts_with("plugins.directory ");
    });
    if (given->status >= 400) {
        came_to.faults = texts_of(given->content, "faults");
        if (came_to.faults.empty()) {
            came_to.faults.emplace_back("the host has refused the change");
        }
    }
    return came_to;
}

} // namespace

served_host::served_host(asio::io_context& control, household& of, order what)
    : control_{control}, household_{of}, order_{std::move(what)}, words_{control}, end_{control} {}

served_host::~served_host() {
    if (process_) {
        process_->signal(SIGKILL);
        process_->wait();
    }
    if (asking_.joinable()) {
        asking_.join();
    }
}

std::string served_host::start(std::function<void()> on_ready,
                               std::function<void(const siginfo_t&)> on_end) {
    on_ready_ = std::move(on_ready);
    on_end_ = std::move(on_end);
    if (auto fault = listen(); !fault.empty()) {
        return fault;
    }
    const base::descriptor opened{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    const auto nothing = server::move_up(opened);
    const std::array handed{child_process::handed{nothing.number(), STDIN_FILENO}};
    child_process::command what{
        .file = child_process::this_program(),
        .words = {"mortise", "run", "--end-with-parent", "--config", order_.configuration},
        .environment = {"NOTIFY_SOCKET=" + order_.notify.string()},
        .has_own_group = true};
    what.words.insert(what.words.end(), order_.options.begin(), order_.options.end());
    for (char** each = environ; *each != nullptr; ++each) {
        what.environment.emplace_back(*each);
    }
    auto started = child_process::start(std::move(what), handed);
    if (!started) {
        return "the host cannot be started: " + started.error().message();
    }
    process_.emplace(std::move(*started));
    household_.add(process_->number());
    end_.assign(::fcntl(process_->end().number(), F_DUPFD_CLOEXEC, 0));
    wait_for_word();
    wait_for_end();
    return {};
}

// As a service manager does.
std::string served_host::listen() {
    words_.close();
    ::unlink(order_.notify.c_str());
    base::descriptor made{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    const auto& name = order_.notify.native();
    if (name.size() >= sizeof at.sun_path) {
        return name + " is too long for a socket; set TMPDIR to a shorter one";
    }
    std::memcpy(at.sun_path, name.c_str(), name.size());
    if (!made || ::bind(made.number(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
        return name + ": " + std::system_category().message(errno);
    }
    words_.assign(made.release());
    return {};
}

void served_host::wait_for_word() {
    words_.async_wait(stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error || !words_.is_open()) {
            return;
        }
        std::array<char, 4096> room;
        const ssize_t size = ::recv(words_.native_handle(), room.data(), room.size(), 0);
        const std::string_view said{room.data(), static_cast<std::size_t>(size < 0 ? 0 : size)};
        wait_for_word(); // what it says later is for service managers, and somebody must listen
        if (on_ready_ && said.starts_with("READY=1")) {
            std::exchange(on_ready_, nullptr)();
        }
    });
}

void served_host::wait_for_end() {
    end_.async_wait(stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error) {
            return;
        }
        const siginfo_t end = process_->wait();
        household_.remove(process_->number());
        process_.reset();
        end_.close();
        words_.close();
        on_end_(end);
    });
}

void served_host::reload(std::function<void(change)> then) {
    if (asking_.joinable()) {
        asking_.join(); // it has answered
    }
    asking_ = std::thread{[this, then = std::move(then)]() mutable {
        auto came_to = ask(order_.control);
        asio::post(control_, [then = std::move(then), came_to = std::move(came_to)]() mutable {
            then(std::move(came_to));
        });
    }};
}

void served_host::stop() {
    if (process_) {
        process_->signal(SIGTERM);
    }
}

} // namespace mortise::develop
