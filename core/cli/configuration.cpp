// SPDX-License-Identifier: BSL-1.0
// Faults in the order of the files, then what the plugins say.
#include "cli/configuration.hpp"

#include "cli/run.hpp"
#include "config/reference.hpp"
#include "config/show.hpp"
#include "observe/log.hpp"
#include "server/rehearsal.hpp"
#include "server/server.hpp"

#include <boost/system/result.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string>

namespace mortise::cli {

namespace {

// What the options name, without a fault; else the exit code, and why is told.
boost::system::result<config::configured, int> read(const source_options& options) {
    const auto source = options.source();
    if (!source) {
        std::cerr << "mortise: neither --config nor --plugins is given, and there is no "
                  << source_options::usual_file << "; name one\n";
        return exit_usage;
    }
    auto configured = config::read(*source);
    print_faults(configured.faults);
    if (!configured.faults.empty()) {
        return server::exit_failed;
    }
    return configured;
}

// Where the configuration speaks of it, down to the key that a warning is about.
config::place place_of(const config::configured& in, const server::finding& found) {
    const auto quote = found.what.find('"');
    if (!found.plugin.empty() && quote != found.what.npos) {
        const auto end = found.what.find('"', quote + 1);
        const auto key = found.about + ".config." + found.what.substr(quote + 1, end - quote - 1);
        if (in.from.contains(key)) {
            return in.place_of(key);
        }
    }
    const auto file = found.about + ".file";
    return in.place_of(in.from.contains(file) ? file : found.about);
}

} // namespace

void print_faults(std::span<const config::fault> faults) {
    for (const auto& each : faults) {
        std::cerr << each.line() << '\n';
    }
}

check_command::check_command(CLI::App& program)
    : command_{*program.add_subcommand("check", "Judge a configuration and its plugins, and serve "
                                                "nothing")},
      options_{command_} {
    command_.group("Commands");
}

std::optional<int> check_command::run() const {
    if (!command_.parsed()) {
        return std::nullopt;
    }
    const auto configured = read(options_);
    if (!configured) {
        return configured.error();
    }
    observe::set_log_level(observe::level::error); // warnings are told with their places
    bool is_sound = true;
    for (const auto& each : server::rehearse(configured->chosen)) {
        const bool is_warning = !each.plugin.empty();
        const config::fault told{place_of(*configured, each),
                                 (is_warning ? "warning: " + each.plugin + ": " : std::string{}) +
                                     each.what,
                                 {}};
        std::cerr << told.line() << '\n';
        is_sound = is_sound && is_warning;
    }
    if (!is_sound) {
        return server::exit_failed;
    }
    std::cout << "the configuration is sound\n";
    return server::exit_clean;
}

config_command::config_command(CLI::App& program)
    : group_{*program.add_subcommand("config",
                                     "Show a configuration, or what there is to configure")},
      show_{*group_.add_subcommand("show", "The settings that hold, and where each came from")},
      reference_{*group_.add_subcommand("reference", "Every key, as docs/configuration.md")},
      options_{show_} {
    group_.group("Commands");
    group_.require_subcommand(1);
    group_.get_formatter()->label("SUBCOMMAND", "COMMAND");
    reference_.add_flag("--man", is_manual_, "As the manual page mortise.toml(5)");
}

std::optional<int> config_command::run() const {
    if (!group_.parsed()) {
        return std::nullopt;
    }
    if (show_.parsed()) {
        return show();
    }
    std::cout << (is_manual_ ? config::reference_manual(MORTISE_VERSION)
                             : config::reference_page());
    return server::exit_clean;
}

int config_command::show() const {
    const auto configured = read(options_);
    if (!configured) {
        return configured.error();
    }
    std::cout << config::show(*configured);
    return server::exit_clean;
}

} // namespace mortise::cli
