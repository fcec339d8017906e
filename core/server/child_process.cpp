// SPDX-License-Identifier: BSL-1.0
// posix_spawn, and what it takes to be no burden to the child.
#include "server/child_process.hpp"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

extern "C" { // which glibc 2.36 leaves out
#include <sys/pidfd.h>
}

namespace mortise::server {

namespace {

constexpr int above_handed = 6;

// What the child is to begin with.
class beginning {
public:
    beginning() {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, flags);
    }
    beginning(const beginning&) = delete;
    beginning& operator=(const beginning&) = delete;
    ~beginning() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }

    void be_silent() {
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    }
    void hand(std::span<const child_process::handed> descriptors) {
        for (const auto& each : descriptors) {
            ::posix_spawn_file_actions_adddup2(&actions_, each.given, each.as);
        }
    }

    void have_own_group() {
        ::posix_spawnattr_setflags(&attributes_, flags | POSIX_SPAWN_SETPGROUP);
    }

    const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
    const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

private:
    static constexpr short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;

    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

// As exec() takes them; they live as long as `words`.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    std::ranges::transform(words, std::back_inserter(pointers),
                           [](std::string& word) { return word.data(); });
    pointers.push_back(nullptr);
    return pointers;
}

base::result<std::pair<pid_t, base::descriptor>> spawn(const std::filesystem::path& file,
                                                       const beginning& first,
                                                       std::vector<std::string> words,
                                                       char* const* environment) {
    pid_t child = 0;
    const int error = ::posix_spawn(&child, file.c_str(), first.actions(), first.attributes(),
                                    pointers_to(words).data(), environment);
    if (error != 0) {
        return base::error_code{error, boost::system::system_category()};
    }
    base::descriptor end{::pidfd_open(child, 0)};
    if (!end) {
        const auto failed = base::last_system_error();
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        return failed;
    }
    return std::pair{child, std::move(end)};
}

} // namespace

base::result<child_process> child_process::start(const std::vector<std::string>& arguments,
                                                 std::span<const handed> descriptors) {
    beginning first;
    first.be_silent();
    first.hand(descriptors);
    std::vector<std::string> words{"mortise"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto started = spawn(this_program(), first, std::move(words), environ);
    if (!started) {
        return started.error();
    }
    return child_process{started->first, std::move(started->second)};
}

base::result<child_process> child_process::start(command what,
                                                 std::span<const handed> descriptors) {
    beginning first;
    first.hand(descriptors);
    if (what.has_own_group) {
        first.have_own_group();
    }
    auto started =
        spawn(what.file, first, std::move(what.words), pointers_to(what.environment).data());
    if (!started) {
        return started.error();
    }
    return child_process{started->first, std::move(started->second)};
}

// By its name, since who runs it (valgrind, say) may stand
// between; unless that name is another file's by now.
std::filesystem::path child_process::this_program() {
    const std::filesystem::path link = "/proc/self/exe";
    std::error_code error;
    const auto named = std::filesystem::read_symlink(link, error);
    return !error && std::filesystem::exists(named, error) ? named : link;
}

void child_process::signal(int number) const noexcept {
    ::pidfd_send_signal(end_.number(), number, nullptr, 0);
}

siginfo_t child_process::wait() const noexcept {
    siginfo_t about{};
    ::waitid(P_PIDFD, static_cast<id_t>(end_.number()), &about, WEXITED);
    return about;
}

std::string child_process::signal_text(int number) {
    const char* const name = ::sigabbrev_np(number);
    return name != nullptr ? "SIG" + std::string{name} : "signal " + std::to_string(number);
}

base::descriptor move_up(const base::descriptor& from) noexcept {
    return base::descriptor{::fcntl(from.number(), F_DUPFD_CLOEXEC, above_handed)};
}

} // namespace mortise::server
