// SPDX-License-Identifier: BSL-1.0
// Starting the child, waiting for its end, and reading what it came to.
#include "server/prober.hpp"

#include "base/descriptor.hpp"
#include "observe/log.hpp"
#include "plugin/private_directory.hpp"
#include "server/child_process.hpp"
#include "server/probe.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mortise::server {

namespace {

using plugin::fault;
using plugin::load_error;

constexpr std::size_t longest_report = std::size_t{64} * 1024;

// A file without a name that holds `bytes`; the number is -1 where there is no memory.
base::descriptor file_of(std::span<const std::byte> bytes) {
    base::descriptor made{::memfd_create("mortise-probe", MFD_CLOEXEC)};
    while (made.number() >= 0 && !bytes.empty()) {
        const ssize_t written = ::write(made.number(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return base::descriptor{};
        }
        bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
    return made;
}

std::string configuration_text(const plugin::configuration& values) {
    std::string text;
    for (const auto& [key, value] : values) {
        (text.append(key) += '\0').append(value) += '\0';
    }
    return text;
}

// The plugin's file, and how to say what is wrong with it.
struct report {
    std::filesystem::path file;
    std::string id;
    std::string text; // of the child

    std::optional<fault> judge(const siginfo_t& end, bool is_late, base::milliseconds limit) const;
};

std::optional<fault> report::judge(const siginfo_t& end, bool is_late,
                                   base::milliseconds limit) const {
    std::string step = "load";
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto size = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, size);
        rest.remove_prefix(std::min(size + 1, rest.size()));
        const char kind = line.empty() ? '\0' : line.front();
        const auto said = line.empty() ? line : line.substr(1);
        if (kind == probe::step_line) {
            step = said;
        } else if (kind == probe::warning_line) {
            observe::log(observe::level::warning, said,
                         {{"plugin", id}, {"file", file.native()}, {"seen", "in a trial"}});
        } else if (kind == probe::fault_line) {
            const auto tab = std::min(said.find('\t'), said.size());
            return fault{std::string{said.substr(0, tab)},
                         std::string{said.substr(std::min(tab + 1, said.size()))}};
        } else if (kind == probe::sound_line) {
            return std::nullopt;
        }
    }
    if (is_late) {
        return fault{"does not come back from " + step + " within " +
                         std::to_string(limit.count()) + " ms",
                     "do in the background what takes long, or raise --probe-timeout"};
    }
    if (end.si_code == CLD_EXITED) {
        return fault{"ends the process in " + step + ", with exit code " +
                         std::to_string(end.si_status),
                     "give an error back instead; what it wrote is above"};
    }
    return fault{"crashes in " + step + " by " + child_process::signal_text(end.si_status),
                 "mend it; the stack is above"};
}

// One child. Lives by the handlers that wait for its end.
class attempt : public std::enable_shared_from_this<attempt> {
public:
    attempt(boost::asio::io_context& control, const plugin::catalogue::candidate& tried,
            base::milliseconds limit, prober::verdict then)
        : report_{tried.file, tried.note.id, {}},
          limit_{limit},
          end_{control},
          time_{control},
          then_{std::move(then)} {}

    // Why no child could be started; nothing: one is.
    std::optional<fault> start(std::span<const std::byte> bytes,
                               const plugin::configuration& values);
    // Lets `then` know that.
    void refuse(fault why);

private:
    void wait();
    void judge();
    void read_report();

    report report_;
    const base::milliseconds limit_;
    boost::asio::posix::stream_descriptor end_; // readable when the child has ended
    boost::asio::steady_timer time_;
    prober::verdict then_;
    base::descriptor lines_;
    std::optional<plugin::private_directory> room_; // where the child copies to
    std::optional<child_process> child_;
    bool is_late_ = false;
};

fault cannot_try(int error) {
    return {"cannot be tried in a process of its own: " + std::system_category().message(error),
            "mend that, or try nothing: --no-probe"};
}

std::optional<fault> attempt::start(std::span<const std::byte> bytes,
                                    const plugin::configuration& values) {
    auto room = plugin::private_directory::make();
    if (!room) {
        return std::move(room).error();
    }
    room_.emplace(std::move(*room));
    const std::string texts = configuration_text(values);
    const auto file = move_up(file_of(bytes));
    const auto configuration = move_up(file_of(std::as_bytes(std::span{texts})));
    std::array<int, 2> ends{-1, -1};
    if (!file || !configuration || ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        return cannot_try(errno);
    }
    lines_ = base::descriptor{ends[0]};
    const auto to_write = move_up(base::descriptor{ends[1]});
    const std::array handed{
        child_process::handed{file.number(), probe::bytes_descriptor},
        child_process::handed{configuration.number(), probe::configuration_descriptor},
        child_process::handed{to_write.number(), probe::report_descriptor},
    };
    auto started =
        child_process::start({std::string{probe::command}, report_.file, room_->path()}, handed);
    if (!started) {
        return cannot_try(started.error().value());
    }
    child_.emplace(std::move(*started));
    end_.assign(::fcntl(child_->end().number(), F_DUPFD_CLOEXEC, 0));
    wait();
    return std::nullopt;
}

void attempt::refuse(fault why) {
    boost::asio::post(end_.get_executor(), [self = shared_from_this(), why = std::move(why)] {
        self->then_(load_error{self->report_.file, why});
    });
}

void attempt::wait() {
    end_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [self = shared_from_this()](const boost::system::error_code& error) {
                        if (!error) {
                            self->judge();
                        }
                    });
    time_.expires_after(limit_);
    time_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) {
            self->is_late_ = true;
            self->child_->signal(SIGKILL);
        }
    });
}

void attempt::read_report() {
    std::array<char, 4096> room;
    while (report_.text.size() < longest_report) {
        const ssize_t got = ::read(lines_.number(), room.data(), room.size());
        if (got <= 0) {
            break;
        }
        report_.text.append(room.data(), static_cast<std::size_t>(got));
    }
}

void attempt::judge() {
    time_.cancel();
    const siginfo_t end = child_->wait();
    read_report();
    auto bad = report_.judge(end, is_late_, limit_);
    then_(bad ? std::optional{load_error{report_.file, std::move(*bad)}} : std::nullopt);
}

} // namespace

void prober::probe(const plugin::catalogue::candidate& tried, const plugin::configuration& values,
                   verdict then) {
    const auto begun = std::make_shared<attempt>(control_, tried, limit_, std::move(then));
    if (auto bad = begun->start(tried.bytes, values)) {
        begun->refuse(std::move(*bad));
    }
}

} // namespace mortise::server
