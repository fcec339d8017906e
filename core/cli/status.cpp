// SPDX-License-Identifier: BSL-1.0
// Asking for /status and /faults, once or again and again.
#include "cli/status.hpp"

#include "admin/client.hpp"
#include "cli/control.hpp"
#include "cli/options.hpp"
#include "cli/run.hpp"
#include "server/server.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <sstream>
#include <string_view>
#include <unistd.h>

namespace mortise::cli {

namespace {

namespace json = boost::json;

volatile std::sig_atomic_t is_over = 0; // somebody has seen enough

// An answer that is waited for, or a pause, ends with the signal.
void end_by_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { is_over = 1; };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

bool has_colours() {
    const char* const refused = std::getenv("NO_COLOR");
    const char* const terminal = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) != 0 && (refused == nullptr || *refused == '\0') &&
           terminal != nullptr && std::string_view{terminal} != "dumb";
}

std::string painted(const std::string& text, const char* colour) {
    return has_colours() ? std::string{"\x1b[1;"} + colour + "m" + text + "\x1b[0m" : text;
}

// The two greatest units: "3d 4h", "12m 5s", "7s".
std::string duration_text(const json::value& milliseconds) {
    struct unit {
        const char* name;
        std::uint64_t size;
    };
    constexpr std::array<unit, 4> units{{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}};
    const auto whole = milliseconds.to_number<std::uint64_t>() / 1000;
    for (std::size_t at = 0; at + 1 < units.size(); ++at) {
        const auto& [name, size] = units[at];
        if (whole >= size) {
            const auto& [next, smaller] = units[at + 1];
            return std::to_string(whole / size) + name + " " +
                   std::to_string(whole % size / smaller) + next;
        }
    }
    return std::to_string(whole) + "s";
}

bool answers(const json::value& loop) {
    return loop.at("answers").as_bool();
}

// Empty: each loop answers.
std::string silent_loops(const json::object& status) {
    std::string names;
    for (const auto& each : status.at("loops").as_array()) {
        if (!answers(each)) {
            names += (names.empty() ? "" : ", ") + text_of(each.at("loop"));
        }
    }
    return names;
}

bool is_well(const json::object& status) {
    return status.at("state") == "serving" && silent_loops(status).empty();
}

void print_head(std::ostream& to, const json::object& status) {
    const bool is_serving = status.at("state") == "serving";
    to << "mortise " << text_of(status.at("version")) << " is "
       << painted(text_of(status.at("state")), is_serving ? "32" : "33") << " at "
       << joined(status.at("listeners")) << "\nprocess " << text_of(status.at("pid")) << ", up for "
       << duration_text(status.at("uptime_ms")) << '\n';
    if (const auto& drain = status.at("drain"); drain.is_object()) {
        to << "draining for " << duration_text(drain.at("elapsed_ms")) << " of at most "
           << duration_text(drain.at("longest_ms")) << '\n';
    }
    if (const auto silent = silent_loops(status); !silent.empty()) {
        to << painted("loops that do not answer: " + silent, "31")
           << "; see the log for the plugin that holds them\n";
    }
}

void print_last_change(std::ostream& to, const json::object& status) {
    const auto& last = status.at("last_change");
    if (!last.is_object()) {
        return;
    }
    const auto& changes = last.at("changes").as_array();
    const auto& faults = last.at("faults").as_array();
    to << "\nlast change, " << text_of(last.at("cause")) << ", at " << text_of(last.at("time"))
       << (changes.empty() && faults.empty() ? ": nothing has changed\n" : "\n");
    for (const auto& each : changes) {
        to << "  " << text_of(each) << '\n';
    }
    for (const auto& each : faults) {
        to << "  " << painted("fault: ", "31") << text_of(each) << '\n';
    }
}

void print_status(std::ostream& to, const json::object& status) {
    print_head(to, status);
    table loops{{"LOOP", "CONNECTIONS", "REQUESTS"}};
    for (const auto& each : status.at("loops").as_array()) {
        const auto cell = [&](const char* member) {
            return answers(each) ? text_of(each.at(member)) : "?";
        };
        loops.push_back({text_of(each.at("loop")), cell("connections"), cell("requests")});
    }
    to << '\n';
    print_table(to, loops);
    table plugins{{"PLUGIN", "VERSION", "GENERATION", "STATE"}};
    for (const auto* const list : {"plugins", "leaving"}) {
        for (const auto& each : status.at(list).as_array()) {
            plugins.push_back({text_of(each.at("id")), text_of(each.at("version")),
                               text_of(each.at("generation")), text_of(each.at("state"))});
        }
    }
    to << '\n';
    print_table(to, plugins);
    print_last_change(to, status);
}

void print_faults(std::ostream& to, const json::object& content) {
    table rows{{"TIME", "PLUGIN", "FAULT"}};
    for (const auto& each : content.at("faults").as_array()) {
        const auto& plugin = each.at("plugin");
        rows.push_back({text_of(each.at("time")), plugin.is_null() ? "-" : text_of(plugin),
                        text_of(each.at("text"))});
    }
    if (rows.size() == 1) {
        to << "no fault since the host has started\n";
    } else {
        print_table(to, rows);
    }
}

// Over what stood on the terminal before, line by line, so that it does not flicker.
std::string in_place(const std::string& page) {
    std::string made = "\x1b[H";
    for (const char byte : page) {
        made += byte == '\n' ? "\x1b[K\n" : std::string(1, byte);
    }
    return made + "\x1b[J";
}

} // namespace

status_command::status_command(CLI::App& program) : control_{default_control()} {
    auto& command = *program.add_subcommand("status", "Show how a running host is");
    command.group("Commands");
    command_ = &command;
    add_control(command, control_, is_json_);
    command.add_flag("--watch", watches_, "Again each second, until INT");
    command.add_flag("--faults", shows_faults_, "The last faults in its place");
    command.footer(
        "Exit code: 0 the host serves and each of its loops answers; 1 it drains, a loop "
        "does not answer, or there is no host.");
}

std::optional<int> status_command::run() const {
    if (!command_->parsed()) {
        return std::nullopt;
    }
    return watches_ ? watch() : show(false);
}

int status_command::watch() const {
    end_by_signals();
    const bool is_in_place = ::isatty(STDOUT_FILENO) != 0 && !is_json_;
    if (is_in_place) {
        std::cout << "\x1b[2J";
    }
    int code = server::exit_failed;
    while (is_over == 0) {
        code = show(is_in_place).value_or(code);
        const timespec second{1, 0};
        ::nanosleep(&second, nullptr); // a signal that comes just before it is late by that
    }
    return code;
}

// Nothing: it was interrupted.
std::optional<int> status_command::show(bool is_in_place) const {
    const auto given = admin::ask(control_, {"GET", shows_faults_ ? "/faults" : "/status"});
    if (!given && is_over != 0) {
        return std::nullopt;
    }
    if (!given) {
        return complain(given.error(), server::exit_failed);
    }
    if (given->status >= 400) {
        print_failure(given->content);
        return server::exit_failed;
    }
    std::ostringstream page;
    if (is_json_) {
        page << json::serialize(given->content) << '\n';
    } else if (shows_faults_) {
        print_faults(page, given->content);
    } else {
        print_status(page, given->content);
    }
    if (!is_in_place && !is_json_ && watches_) {
        page << '\n'; // a block ends
    }
    std::cout << (is_in_place ? in_place(page.str()) : page.str()) << std::flush;
    return shows_faults_ || is_well(given->content) ? server::exit_clean : server::exit_failed;
}

} // namespace mortise::cli
