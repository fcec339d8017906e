// SPDX-License-Identifier: BSL-1.0
// A host in small, with one plugin and no listener.
#include "server/probe.hpp"

#include "async/alternate_stack.hpp"
#include "async/thread_role.hpp"
#include "http1/limits.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/identity.hpp"
#include "plugin/private_directory.hpp"
#include "plugin/reporter.hpp"
#include "server/crash_report.hpp"
#include "server/crew.hpp"
#include "server/fleet.hpp"
#include "server/server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <optional>
#include <poll.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mortise::server {

namespace {

void write_line(char kind, std::string_view text) {
    std::string line{kind};
    line += text;
    std::ranges::replace(line, '\n', ' ');
    line += '\n';
    [[maybe_unused]] const auto written =
        ::write(probe::report_descriptor, line.data(), line.size());
}

class line_reporter final : public plugin::reporter {
public:
    void report(plugin::severity severity, std::string_view /*id*/, std::string_view text,
                std::span<const http::field> /*fields*/) noexcept override {
        if (is_on(severity)) {
            write_line(probe::warning_line, text);
        }
    }
    bool is_on(plugin::severity severity) const noexcept override {
        return severity >= plugin::severity::error; // what the host finds, not what a plugin tells
    }
    void begin_step(std::string_view name) noexcept override { write_line(probe::step_line, name); }
};

std::vector<std::byte> read_all(int descriptor) {
    struct stat about {};
    ::fstat(descriptor, &about);
    std::vector<std::byte> bytes(static_cast<std::size_t>(about.st_size));
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto got =
            ::pread(descriptor, bytes.data() + size, bytes.size() - size, static_cast<off_t>(size));
        if (got <= 0 && errno != EINTR) {
            break;
        }
        size += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    bytes.resize(size);
    return bytes;
}

plugin::configuration read_configuration() {
    const auto bytes = read_all(probe::configuration_descriptor);
    std::vector<std::string> texts{{}};
    for (const std::byte each : bytes) {
        if (each == std::byte{0}) {
            texts.emplace_back();
        } else {
            texts.back() += static_cast<char>(each);
        }
    }
    plugin::configuration values;
    for (std::size_t at = 0; at + 1 < texts.size(); at += 2) {
        values.emplace(texts[at], texts[at + 1]);
    }
    return values;
}

bool is_anybody_reading() {
    pollfd report{.fd = probe::report_descriptor, .events = POLLOUT, .revents = 0};
    return ::poll(&report, 1, 0) >= 0 && (report.revents & POLLERR) == 0;
}

std::size_t count_threads() {
    std::error_code error;
    const std::filesystem::directory_iterator all{"/proc/self/task", error};
    return error ? 0 : static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Nothing: it lived and went.
std::optional<plugin::fault> live(const std::filesystem::path& file) {
    const auto bytes = read_all(probe::bytes_descriptor);
    auto note = plugin::read_identity(bytes);
    if (!note) {
        return std::move(note).error();
    }
    line_reporter reports;
    crew one{1, 1, 16};
    const std::size_t threads = count_threads() + 1; // and the loop's
    auto made = plugin::instance::load(file, *note, bytes, read_configuration(), {1, reports});
    if (!made) {
        return plugin::fault{made.error().what, made.error().cure};
    }
    plugin::catalogue single;
    single.adopt(std::move(*made));
    fleet all{std::move(single)};
    const http1::settings http{{}, {}, {}};
    one.enter(all, {.http = http});
    const auto failed = all.errors();
    if (!failed.empty()) {
        one.leave(reports);
        return plugin::fault{failed.front().what, failed.front().cure};
    }
    if (count_threads() > threads) {
        write_line(probe::warning_line, "starts threads of its own: it can be replaced only if it "
                                        "ends them in quiesce or destroy");
    }
    one.leave(reports);
    return std::nullopt;
}

} // namespace

int run_probe(const std::filesystem::path& file, const std::filesystem::path& room) {
    plugin::private_directory::make_all_in(room);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // no longer than who asked
    if (!is_anybody_reading()) {        // who ended before that
        return exit_failed;
    }
    constexpr rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    async::role_of_this_thread = async::thread_role::control;
    const async::alternate_stack for_signals;
    const crash_report crashes{-1};
    const auto bad = live(file);
    if (bad) {
        write_line(probe::fault_line, bad->what + "\t" + bad->cure);
    } else {
        write_line(probe::sound_line, {});
    }
    return bad ? exit_failed : exit_clean;
}

} // namespace mortise::server
