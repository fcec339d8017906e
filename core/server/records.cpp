// SPDX-License-Identifier: BSL-1.0
// Bringing the numbers together: the host's own, those of the process that it is, the plugins'.
#include "server/records.hpp"

#include "config/settings.hpp"
#include "observe/log.hpp"
#include "observe/prometheus_text.hpp"
#include "plugin/metrics_text.hpp"
#include "server/fleet.hpp"

#include <array>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <pthread.h>
#include <string_view>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {

using observe::prometheus_text;
using enum observe::metric_kind;

std::optional<double> seconds_of(clockid_t clock) noexcept {
    timespec time{};
    if (::clock_gettime(clock, &time) != 0) {
        return std::nullopt;
    }
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// proc(5): pages of the program and, second, those in memory.
std::optional<std::uint64_t> resident_bytes() {
    std::ifstream file{"/proc/self/statm"};
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    if (!(file >> all >> resident)) {
        return std::nullopt;
    }
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<std::uint64_t> open_descriptors() {
    std::error_code failed;
    const std::filesystem::directory_iterator all{"/proc/self/fd", failed};
    if (failed) {
        return std::nullopt;
    }
    const auto count = std::distance(begin(all), end(all));
    return static_cast<std::uint64_t>(count - 1); // without the one that looks
}

std::optional<std::uint64_t> most_descriptors() noexcept {
    rlimit most{};
    if (::getrlimit(RLIMIT_NOFILE, &most) != 0) {
        return std::nullopt;
    }
    return most.rlim_cur;
}

// What the kernel does not tell is left out.
void write_process(prometheus_text& to, std::chrono::system_clock::time_point since) {
    to.single("process_start_time_seconds", gauge, "When the host began, since 1970.",
              std::chrono::duration<double>{since.time_since_epoch()}.count());
    if (const auto time = seconds_of(CLOCK_PROCESS_CPUTIME_ID)) {
        to.single("process_cpu_seconds_total", counter, "Time that all threads have run.", *time);
    }
    if (const auto bytes = resident_bytes()) {
        to.single("process_resident_memory_bytes", gauge, "Memory that is in use.", *bytes);
    }
    if (const auto count = open_descriptors()) {
        to.single("process_open_fds", gauge, "Descriptors that are open.", *count);
    }
    if (const auto most = most_descriptors()) {
        to.single("process_max_fds", gauge, "Descriptors that may be open.", *most);
    }
}

void write_loops(prometheus_text& to, worker_span workers) {
    constexpr std::string_view name = "mortise_loop_busy_seconds_total";
    to.head(name, counter, "Time that a loop's thread has run.");
    for (const auto& worker : workers) {
        clockid_t clock{};
        if (::pthread_getcpuclockid(worker->thread(), &clock) == 0) {
            const auto index = std::to_string(worker->index());
            const std::array<observe::metric_label, 1> which{{{"loop", index}}};
            if (const auto time = seconds_of(clock)) {
                to.line(name, which, *time);
            }
        }
    }
}

void write_tallies(prometheus_text& to, const plugin::tally_table& tallies) {
    const auto write = [&](std::string_view name, std::string_view help, auto number) {
        to.head(name, counter, help);
        for (const auto& [id, tally] : tallies) {
            const std::array<observe::metric_label, 1> which{{{"plugin", id}}};
            to.line(name, which, (tally.*number).load(std::memory_order_relaxed));
        }
    };
    write("mortise_plugin_faults_total", "Rules that a plugin has broken, and loops it has held.",
          &plugin::tally::faults);
    write("mortise_plugin_requests_turned_away_total",
          "Requests that were answered in the place of a plugin that is disabled, in quarantine or "
          "at its limit.",
          &plugin::tally::turned_away);
    write("mortise_plugin_pool_refused_total",
          "Work that the pool did not take of a plugin, being full or the plugin at its limit.",
          &plugin::tally::pool_refused);
    write("mortise_plugin_log_lines_left_out_total",
          "Lines that a plugin wrote beyond its limit, and that the log does not have.",
          &plugin::tally::log_lines_left_out);
}

} // namespace

records::records(const config::settings& chosen, std::size_t loops) : settings_{chosen} {
    if (chosen.metrics) {
        requests_.emplace(loops);
    }
}

bool records::open_access_log() {
    if (settings_.access_log == observe::access_format::off) {
        return true;
    }
    observe::access_file to{STDOUT_FILENO};
    if (const auto& file = settings_.access_log_file; !file.empty()) {
        if (const auto fault = observe::access_file::open(file.native(), to); !fault.empty()) {
            observe::log(observe::level::error, "access_log.file: " + fault + "; " +
                                                    std::string{observe::access_file::cure});
            return false;
        }
    }
    access_log_.emplace(settings_.access_log, std::move(to), settings_.access_log_sample);
    return true;
}

void records::reopen_access_log() {
    if (access_log_) {
        access_log_->reopen();
    }
}

std::string records::metrics_text(const fleet& plugins, worker_span workers) const {
    prometheus_text to;
    constexpr std::array<observe::metric_label, 1> build{{{"version", MORTISE_VERSION}}};
    to.head("mortise_build_info", gauge, "Which host this is.");
    to.line("mortise_build_info", build, std::uint64_t{1});
    write_process(to, since_);
    write_loops(to, workers);
    if (access_log_) {
        to.single("mortise_access_log_dropped_total", counter,
                  "Lines of the access log that were dropped.", access_log_->dropped());
    }
    if (requests_) {
        requests_->write(to);
    }
    write_tallies(to, tallies_);
    plugin::write_metrics(to, plugins.serving());
    return std::move(to.text());
}

} // namespace mortise::server
