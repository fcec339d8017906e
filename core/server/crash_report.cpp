// SPDX-License-Identifier: BSL-1.0
// Signal handlers. The report is written by a copy of the process, which may wait for a lock that
// nobody gives back, or crash in its turn: then the bare facts are written here.
#include "server/crash_report.hpp"

#include "observe/log.hpp"
#include "observe/stack.hpp"
#include "plugin/call_site.hpp"
#include "plugin/instance.hpp"
#include "server/call_text.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mortise::server {

namespace {

struct fatal_signal {
    int number;
    std::string_view name;
};
constexpr std::array fatal_signals{
    fatal_signal{SIGSEGV, "SIGSEGV"}, fatal_signal{SIGBUS, "SIGBUS"},
    fatal_signal{SIGFPE, "SIGFPE"},   fatal_signal{SIGILL, "SIGILL"},
    fatal_signal{SIGABRT, "SIGABRT"},
};

constexpr int exit_by_plugin = 1;
constexpr timespec look_again{.tv_sec = 0, .tv_nsec = 10'000'000};
constexpr int looks = 300; // at a copy that writes: three seconds

std::array<struct sigaction, fatal_signals.size()> before;
int record_of_crashes = -1;
std::atomic<bool> is_installed{false};
std::atomic<bool> is_reporting{false};
std::atomic<pthread_t> reporting{};

struct crash {
    std::string_view why; // "SIGSEGV"
    call_text call;
    observe::stack taken;
};

std::string_view headline(const call_text& call, observe::log_field* fields, std::size_t& count) {
    count = call.put(fields);
    return count != 0 ? "a plugin has crashed: this process ends"
                      : "this process has crashed, in none of the plugins' calls";
}

void tell(const crash& what, bool is_calm, auto write_line) {
    std::array<observe::log_field, 1 + call_text::max_fields> fields;
    fields[0] = {"signal", what.why};
    std::size_t count = 0;
    const auto text = headline(what.call, fields.data() + 1, count);
    write_line(text, std::span{fields}.first(1 + count));
    describe(what.taken, is_calm, [&](std::string_view line) {
        write_line(line, std::span<const observe::log_field>{});
    });
}

[[noreturn]] void tell_in_copy(const crash& what) noexcept {
    tell(what, true, [](std::string_view line, std::span<const observe::log_field> fields) {
        observe::log(observe::level::error, line, fields);
    });
    ::_exit(0);
}

void tell_barely(const crash& what) noexcept {
    tell(what, false, [](std::string_view line, std::span<const observe::log_field> fields) {
        std::array<char, 2048> room;
        base::bounded_pen pen{std::span{room}.first(room.size() - 1)};
        pen << "mortise: " << line;
        for (const auto& [key, value] : fields) {
            pen << " " << key << "=" << value;
        }
        const auto text = pen.text();
        room[text.size()] = '\n';
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, room.data(), text.size() + 1);
    });
}

void report(const crash& what) noexcept {
    const pid_t copy = ::_Fork();
    if (copy == 0) {
        tell_in_copy(what);
    }
    int status = -1;
    pid_t ended = 0;
    for (int look = 0; copy > 0 && look < looks && ended == 0; ++look) {
        ended = ::waitpid(copy, &status, WNOHANG);
        if (ended == 0) {
            ::nanosleep(&look_again, nullptr);
        }
    }
    if (copy > 0 && ended == 0) {
        ::kill(copy, SIGKILL);
        ::waitpid(copy, &status, 0);
    }
    if (status != 0) {
        tell_barely(what);
    }
}

// "1795780800 greeting 0123456789abcdef\n": crash_history reads it.
void append_record(const plugin::instance& owner) noexcept {
    if (record_of_crashes < 0) {
        return;
    }
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    std::array<char, 128> room;
    base::bounded_pen pen{room};
    pen << static_cast<std::uint64_t>(now.tv_sec) << " " << owner.id() << " ";
    pen.write(owner.digest(), 16) << "\n";
    [[maybe_unused]] const auto written =
        ::write(record_of_crashes, pen.text().data(), pen.text().size());
}

void restore(std::size_t index) noexcept {
    ::sigaction(fatal_signals[index].number, &before[index], nullptr);
}

crash look_at(std::string_view why, const void* context) noexcept {
    crash what{.why = why, .call = {}, .taken = observe::stack::take(context)};
    if (const auto* const call = plugin::entered_call::innermost()) {
        what.call = call_text{*call};
        append_record(call->owner());
    }
    return what;
}

// The first thread reports; another one that crashes meanwhile waits for the end.
bool may_report() noexcept {
    if (!is_reporting.exchange(true)) {
        reporting = ::pthread_self();
        return true;
    }
    while (!::pthread_equal(reporting, ::pthread_self())) {
        ::pause();
    }
    return false;
}

// The signal comes again when this returns: from the instruction that faults, or because it is
// raised once more where it was sent.
void on_fatal_signal(int number, siginfo_t* about, void* context) noexcept {
    const int error = errno;
    const auto found = std::ranges::find(fatal_signals, number, &fatal_signal::number);
    const bool is_first = may_report();
    for (std::size_t index = 0; index < fatal_signals.size(); ++index) {
        restore(index);
    }
    if (is_first) {
        report(look_at(found->name, context));
    }
    if (about->si_code <= 0) {
        ::raise(number);
    }
    errno = error;
}

void on_exit() noexcept {
    if (is_installed && plugin::entered_call::innermost() != nullptr && may_report()) {
        report(look_at("exit", nullptr));
        ::_exit(exit_by_plugin);
    }
}

} // namespace

crash_report::crash_report(int record) noexcept {
    record_of_crashes = record;
    observe::stack::prepare();
    for (std::size_t index = 0; index < fatal_signals.size(); ++index) {
        struct sigaction action {};
        action.sa_sigaction = on_fatal_signal;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        ::sigaction(fatal_signals[index].number, &action, &before[index]);
    }
    [[maybe_unused]] static const int once = std::atexit(on_exit);
    is_installed = true;
}

crash_report::~crash_report() {
    is_installed = false;
    for (std::size_t index = 0; index < fatal_signals.size(); ++index) {
        restore(index);
    }
    record_of_crashes = -1;
}

} // namespace mortise::server
