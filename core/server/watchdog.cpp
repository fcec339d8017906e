// SPDX-License-Identifier: BSL-1.0
// Looking at loops from outside. What a loop runs it says itself, in a signal handler.
#include "server/watchdog.hpp"

#include "observe/log.hpp"
#include "plugin/instance.hpp"
#include "server/call_text.hpp"
#include "server/listeners.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <semaphore.h>
#include <string>
#include <string_view>
#include <unistd.h>

namespace mortise::server {

namespace {

using observe::level;

constexpr int looks_in_a_stall = 4;
constexpr base::milliseconds longest_period{250};
constexpr std::chrono::milliseconds patience_for_sample{200};

// What a thread is asked, and what its signal handler fills in.
struct sample {
    plugin::instance* owner = nullptr; // null: the call was over
    call_text call;
    observe::stack taken;
    // Whose loop shall leave the call, if it is still the one of that number; null: none shall.
    worker* leaving = nullptr;
    std::uint32_t turn = 0;
    bool is_left = false;
};
sample asked;
std::atomic<int> open_question{0}; // its number, which no other has; 0: nobody is to answer
sem_t is_filled;

// The signal carries the number: one that comes when its question is withdrawn answers no other.
void fill_sample(int /*signal*/, siginfo_t* about, void* context) noexcept {
    const int error = errno;
    int number = about->si_value.sival_int;
    if (about->si_code == SI_QUEUE && number != 0 &&
        open_question.compare_exchange_strong(number, 0)) {
        if (const auto* const call = plugin::entered_call::innermost()) {
            asked.owner = &call->owner();
            asked.call = call_text{*call};
            asked.taken = observe::stack::take(context);
            asked.is_left = asked.leaving != nullptr &&
                            asked.leaving->call_in_progress() == asked.turn &&
                            asked.leaving->leave_call(*call, asked.taken, context);
        }
        ::sem_post(&is_filled);
    }
    errno = error;
}

// Nothing: the thread does not answer. `leaving` and `turn` as sample has them.
const sample* take_sample(pthread_t of, worker* leaving = nullptr, std::uint32_t turn = 0) {
    static int questions = 0;
    questions = questions == INT_MAX ? 1 : questions + 1;
    int number = questions;
    asked = sample{};
    asked.leaving = leaving;
    asked.turn = turn;
    open_question = number;
    sigval with{};
    with.sival_int = number;
    ::pthread_sigqueue(of, worker::sampling_signal(), with);
    timespec until{};
    ::clock_gettime(CLOCK_REALTIME, &until);
    constexpr auto patience = std::chrono::nanoseconds{patience_for_sample}.count();
    constexpr long second = 1'000'000'000;
    until.tv_nsec += patience;
    until.tv_sec += until.tv_nsec / second;
    until.tv_nsec %= second;
    while (::sem_timedwait(&is_filled, &until) != 0) {
        if (errno == ETIMEDOUT && open_question.compare_exchange_strong(number, 0)) {
            return nullptr;
        }
        if (errno == ETIMEDOUT) { // it is being filled
            until.tv_sec += 1;
        }
    }
    return &asked;
}

// False: it waits in the kernel, or nobody can tell.
bool is_running(pid_t thread) {
    std::ifstream file{"/proc/self/task/" + std::to_string(thread) + "/stat"};
    std::string line;
    std::getline(file, line);
    constexpr std::string_view before_state = ") ";
    const auto name_end = line.rfind(before_state);
    return name_end != line.npos && line.compare(name_end + before_state.size(), 1, "R") == 0;
}

std::string seconds_text(base::milliseconds time) {
    const auto tenths = std::to_string(time.count() / 100);
    return (tenths.size() > 1 ? tenths.substr(0, tenths.size() - 1) : "0") + "." + tenths.back() +
           "s";
}

// `met` null: the thread did not say which call it is in.
void log_call(std::string_view text, std::size_t loop, base::milliseconds held, const sample* met) {
    const std::string number = std::to_string(loop);
    const std::string time = seconds_text(held);
    std::array<observe::log_field, 2 + call_text::max_fields> fields{
        {{"loop", number}, {"for", time}}};
    const std::size_t count = 2 + (met != nullptr ? met->call.put(fields.data() + 2) : 0);
    observe::log(level::error, text, std::span{fields}.first(count));
}

} // namespace

watchdog::watchdog(boost::asio::io_context& control, worker_span workers, const listeners& open,
                   const call_limits& limits)
    : turn_{control},
      workers_{workers},
      listeners_{&open},
      limits_{limits},
      loops_(workers.size()) {
    observe::stack::prepare();
    ::sem_init(&is_filled, 0, 0);
    struct sigaction action {};
    action.sa_sigaction = fill_sample;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    ::sigaction(worker::sampling_signal(), &action, nullptr);
    look_later();
}

watchdog::~watchdog() {
    ::signal(worker::sampling_signal(), SIG_IGN);
    ::sem_destroy(&is_filled);
}

void watchdog::look_later() {
    turn_.expires_after(std::min(std::max(limits_.stall / looks_in_a_stall, base::milliseconds{1}),
                                 longest_period));
    turn_.async_wait([this](const boost::system::error_code& error) {
        if (error) {
            return;
        }
        for (std::size_t loop = 0; loop < workers_.size(); ++loop) {
            look(loop);
        }
        look_later();
    });
}

void watchdog::look(std::size_t loop) {
    watched& at = loops_[loop];
    const auto now = base::monotonic_now();
    const std::uint32_t turn = workers_[loop]->call_in_progress();
    if (turn != at.turn || turn == 0) {
        if (std::exchange(at.is_stalled, false)) {
            report_end(loop, now - at.since);
        }
        at.turn = turn;
        at.since = now;
    } else if (!at.is_stalled && now - at.since >= limits_.stall) {
        at.is_stalled = true;
        report_stall(loop, now - at.since);
    } else if (at.is_stalled && now - at.since >= limits_.leave) {
        try_to_leave(loop, now - at.since);
    }
    if (at.is_stalled && listeners_ != nullptr) {
        share_sockets(loop);
    }
}

void watchdog::report_stall(std::size_t loop, base::milliseconds held) const {
    const sample* const met = take_sample(workers_[loop]->thread());
    log_call(met != nullptr && met->owner == nullptr ? "a plugin held its loop, and let go just now"
                                                     : "a plugin holds its loop",
             loop, held, met);
    if (met != nullptr && met->owner != nullptr) { // not taken down while a loop is in it
        describe(met->taken, true,
                 [](std::string_view line) { observe::log_more(level::error, line); });
        met->owner->count_stall();
    }
}

void watchdog::report_end(std::size_t loop, base::milliseconds held) const {
    const std::string number = std::to_string(loop);
    const std::string time = seconds_text(held);
    observe::log(level::warning, "a loop goes on, which a plugin held",
                 {{"loop", number}, {"for", time}});
}

// A call that stands in a library at this moment is tried again at the next look. One that waits in
// the kernel is not to be woken by a signal again and again: it would begin its wait anew.
void watchdog::try_to_leave(std::size_t loop, base::milliseconds held) {
    if (!is_running(workers_[loop]->thread_number())) {
        return;
    }
    watched& at = loops_[loop];
    const sample* const met = take_sample(workers_[loop]->thread(), workers_[loop].get(), at.turn);
    if (met == nullptr || !met->is_left) {
        return;
    }
    at.is_stalled = false;
    log_call("a loop has left a call that did not return", loop, held, met);
    met->owner->report_left();
}

void watchdog::share_sockets(std::size_t loop) {
    const auto is_free = [&](const auto& each) {
        return !loops_[static_cast<std::size_t>(&each - workers_.data())].is_stalled;
    };
    const auto free = std::ranges::find_if(workers_, is_free);
    if (free == workers_.end()) {
        return;
    }
    const auto helper = static_cast<std::size_t>(free - workers_.begin());
    auto& helpers = loops_[loop].helpers;
    const bool has_help =
        std::ranges::any_of(helpers, [&](std::size_t each) { return !loops_[each].is_stalled; });
    if (has_help || !helpers.insert(helper).second) {
        return;
    }
    for (const auto& each : listeners_->all()) {
        if (each.is_shared) {
            continue; // all accept from it as it is
        }
        for (const int socket : each.sockets[loop]) {
            if (const int shared = ::fcntl(socket, F_DUPFD_CLOEXEC, 0); shared >= 0) {
                (*free)->loop().post(
                    [&to = **free, shared, settings = each.settings, number = each.number] {
                        to.listen(shared, settings, number);
                    });
            }
        }
    }
}

} // namespace mortise::server
