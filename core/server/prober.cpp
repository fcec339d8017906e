// SPDX-License-Identifier: BSL-1.0
// Starting the child, waiting for its end, and reading what it came to.
#include "server/prober.hpp"

#include "observe/log.hpp"
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
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

extern "C" { // which glibc 2.36 leaves out
#include <sys/pidfd.h>
}

namespace mortise::server {

namespace {

using plugin::fault;
using plugin::load_error;

constexpr std::size_t longest_report = std::size_t{64} * 1024;

class descriptor {
public:
    explicit descriptor(int number = -1) noexcept : number_{number} {}
    descriptor(descriptor&& from) noexcept : number_{std::exchange(from.number_, -1)} {}
    descriptor& operator=(descriptor&&) = delete;
    ~descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    int number() const noexcept { return number_; }

private:
    int number_;
};

// A file without a name that holds `bytes`; the number is -1 where there is no memory.
descriptor file_of(std::span<const std::byte> bytes) {
    descriptor made{::memfd_create("mortise-probe", MFD_CLOEXEC)};
    while (made.number() >= 0 && !bytes.empty()) {
        const ssize_t written = ::write(made.number(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return descriptor{};
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

// The file that this process runs. By its name, since who runs it (valgrind, say) may stand
// between; unless that name is another file's by now.
std::filesystem::path this_program() {
    const std::filesystem::path link = "/proc/self/exe";
    std::error_code error;
    const auto named = std::filesystem::read_symlink(link, error);
    return !error && std::filesystem::exists(named, error) ? named : link;
}

// Starts the child with these as its descriptors; 0: started.
int spawn(const std::string& file, std::span<const int, 3> given, pid_t& child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    constexpr std::array to{probe::bytes_descriptor, probe::configuration_descriptor,
                            probe::report_descriptor};
    for (std::size_t index = 0; index < to.size(); ++index) { // those given lie above these
        ::posix_spawn_file_actions_adddup2(&actions, given[index], to[index]);
    }
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string program = "mortise";
    std::string command{probe::command};
    std::string name = file;
    const std::array<char*, 4> arguments{program.data(), command.data(), name.data(), nullptr};
    const int error = ::posix_spawn(&child, this_program().c_str(), &actions, &attributes,
                                    arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return error;
}

// A copy of a descriptor that is out of the way of those that the child gets.
descriptor moved_up(descriptor from) {
    return descriptor{::fcntl(from.number(), F_DUPFD_CLOEXEC, probe::report_descriptor + 1)};
}

std::string signal_text(int number) {
    const char* const name = ::sigabbrev_np(number);
    return name != nullptr ? "SIG" + std::string{name} : "signal " + std::to_string(number);
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
    return fault{"crashes in " + step + " by " + signal_text(end.si_status),
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

    // False, with errno: no child could be started.
    bool start(std::span<const std::byte> bytes, const plugin::configuration& values);
    // Lets `then` know that.
    void refuse(int error);

private:
    void wait();
    void judge();
    void read_report();

    report report_;
    const base::milliseconds limit_;
    boost::asio::posix::stream_descriptor end_; // readable when the child has ended
    boost::asio::steady_timer time_;
    prober::verdict then_;
    std::optional<descriptor> lines_;
    bool is_late_ = false;
};

bool attempt::start(std::span<const std::byte> bytes, const plugin::configuration& values) {
    const std::string texts = configuration_text(values);
    const auto file = moved_up(file_of(bytes));
    const auto configuration = moved_up(file_of(std::as_bytes(std::span{texts})));
    std::array<int, 2> ends{-1, -1};
    if (file.number() < 0 || configuration.number() < 0 ||
        ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        return false;
    }
    lines_.emplace(ends[0]);
    const auto to_write = moved_up(descriptor{ends[1]});
    const std::array given{file.number(), configuration.number(), to_write.number()};
    pid_t child = 0;
    if (const int error = spawn(report_.file, given, child); error != 0) {
        errno = error;
        return false;
    }
    end_.assign(::pidfd_open(child, 0));
    wait();
    return true;
}

void attempt::refuse(int error) {
    boost::asio::post(end_.get_executor(), [self = shared_from_this(), error] {
        self->then_(load_error{
            self->report_.file,
            {"cannot be tried in a process of its own: " + std::system_category().message(error),
             "mend that, or try nothing: --no-probe"}});
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
            ::pidfd_send_signal(self->end_.native_handle(), SIGKILL, nullptr, 0);
        }
    });
}

void attempt::read_report() {
    std::array<char, 4096> room;
    while (report_.text.size() < longest_report) {
        const ssize_t got = ::read(lines_->number(), room.data(), room.size());
        if (got <= 0) {
            break;
        }
        report_.text.append(room.data(), static_cast<std::size_t>(got));
    }
}

void attempt::judge() {
    time_.cancel();
    siginfo_t end{};
    ::waitid(P_PIDFD, static_cast<id_t>(end_.native_handle()), &end, WEXITED);
    read_report();
    auto bad = report_.judge(end, is_late_, limit_);
    then_(bad ? std::optional{load_error{report_.file, std::move(*bad)}} : std::nullopt);
}

} // namespace

void prober::probe(const plugin::catalogue::candidate& tried, const plugin::configuration& values,
                   verdict then) {
    const auto begun = std::make_shared<attempt>(control_, tried, limit_, std::move(then));
    if (!begun->start(tried.bytes, values)) {
        begun->refuse(errno);
    }
}

} // namespace mortise::server
