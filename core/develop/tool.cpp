// SPDX-License-Identifier: BSL-1.0
// Starting, listening, and seeing that nothing is left.
#include "develop/tool.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

extern "C" { // which glibc 2.36 leaves out
#include <sys/pidfd.h>
}

namespace mortise::develop {

namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using server::child_process;

int code_of(const siginfo_t& child) {
    return child.si_code == CLD_EXITED ? child.si_status : 128 + child.si_status;
}

std::vector<std::string> environment_with(std::vector<std::string> variables) {
    for (char** each = environ; *each != nullptr; ++each) {
        variables.emplace_back(*each);
    }
    return variables;
}

} // namespace

tool::tool(asio::io_context& control, household& of) noexcept
    : control_{control}, household_{of}, output_{control}, end_{control}, patience_{control} {}

void tool::start(std::vector<std::string> words, const std::vector<std::string>& variables,
                 on_end then) {
    then_ = std::move(then);
    outcome_ = {};
    is_late_ = false;
    ++run_;
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return fail("no pipe can be made");
    }
    output_.assign(ends[0]);
    output_.non_blocking(true);
    const auto to_write = server::move_up(base::descriptor{ends[1]});
    const auto nothing =
        server::move_up(base::descriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)});
    const std::array handed{
        child_process::handed{nothing.number(), STDIN_FILENO},
        child_process::handed{to_write.number(), STDOUT_FILENO},
        child_process::handed{to_write.number(), STDERR_FILENO},
    };
    words.insert(words.begin(), "env"); // which looks through PATH
    auto started = child_process::start({.file = "/usr/bin/env",
                                         .words = std::move(words),
                                         .environment = environment_with(variables),
                                         .has_own_group = true},
                                        handed);
    if (!started) {
        return fail("no process can be started: " + started.error().message());
    }
    process_.emplace(std::move(*started));
    end_.assign(::fcntl(process_->end().number(), F_DUPFD_CLOEXEC, 0));
    read();
    wait_for_end();
}

void tool::fail(const std::string& why) {
    outcome_.code = 127;
    outcome_.output = why + "\n";
    asio::post(control_, [this] { finish(); });
}

void tool::stop() {
    if (!is_running() || std::exchange(outcome_.was_stopped, true) || !process_) {
        return;
    }
    ::kill(-process_->number(), SIGTERM);
    patience_.expires_after(patience);
    patience_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            is_late_ = true;
            if (process_) {
                ::kill(-process_->number(), SIGKILL);
            } else {
                household_.end_strays();
            }
        }
    });
}

void tool::read() {
    output_.async_wait(stream_descriptor::wait_read,
                       [this, run = run_](const boost::system::error_code& error) {
                           if (!error && run == run_ && take_output()) {
                               read();
                           }
                       });
}

// False: nothing more will come.
bool tool::take_output() {
    std::array<char, 16 * 1024> room;
    boost::system::error_code error;
    while (!error) {
        const auto size = output_.read_some(asio::buffer(room), error);
        outcome_.output.append(room.data(), size);
    }
    return error == asio::error::would_block;
}

void tool::wait_for_end() {
    end_.async_wait(stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error) {
            return;
        }
        outcome_.code = code_of(process_->wait());
        process_.reset();
        end_.close();
        take_output(); // a process in the background may keep the pipe open for ever
        output_.close();
        if (outcome_.was_stopped) {
            wait_for_strays();
        } else {
            household_.forget_ended();
            finish();
        }
    });
}

// One after the other: build tools give each compiler a group of its own, and end them themselves.
void tool::wait_for_strays() {
    if (is_late_) {
        household_.end_strays();
    }
    const auto strays = household_.strays();
    if (strays.empty()) {
        return finish();
    }
    const int found = ::pidfd_open(strays.front(), 0);
    if (found < 0) {
        household_.end_strays();
        return finish();
    }
    end_.assign(found);
    end_.async_wait(stream_descriptor::wait_read,
                    [this, first = strays.front()](const boost::system::error_code& error) {
                        if (error) {
                            return;
                        }
                        end_.close();
                        ::waitpid(first, nullptr, WNOHANG);
                        wait_for_strays();
                    });
}

void tool::finish() {
    patience_.cancel();
    const auto then = std::exchange(then_, nullptr);
    then(std::exchange(outcome_, {}));
}

} // namespace mortise::develop
