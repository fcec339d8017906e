// SPDX-License-Identifier: BSL-1.0
// From options to a workshop.
#include "cli/dev.hpp"

#include "cli/installation.hpp"
#include "cli/run.hpp"
#include "config/reader.hpp"
#include "develop/workshop.hpp"
#include "server/server.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::cli {

namespace {

namespace fs = std::filesystem;

bool is_given(const std::vector<config::assignment>& flags, std::string_view flag) {
    return std::ranges::find(flags, flag, &config::assignment::flag) != flags.end();
}

} // namespace

dev_command::dev_command(CLI::App& program)
    : command_{program.add_subcommand("dev", "Build a plugin project on each save, and serve it")},
      options_{*command_, source_options::given_by::developers} {
    command_->group("Commands for who writes plugins");
    command_->add_option("DIR", folder_, "The project, which has a CMakeLists.txt (.)")
        ->type_name("");
    command_->add_flag("--keep-last-good", keeps_last_good_,
                       "What is broken changes nothing: the plugin that was built last serves on");
    command_->add_option("--preset", preset_, "The configure preset of the project's (none)")
        ->type_name("NAME");
    command_->footer("CMake builds in DIR/build. The other options are those of mortise run.");
}

// Why nothing can be built there; empty: it can be tried.
std::string dev_command::fault_of(const fs::path& folder) const {
    std::error_code error;
    if (!fs::exists(folder / "CMakeLists.txt", error)) {
        return folder.string() +
               " has no CMakeLists.txt; name a project, or make one: mortise new NAME";
    }
    return {};
}

std::optional<int> dev_command::run() const {
    if (!command_->parsed()) {
        return std::nullopt;
    }
    config::source given{.file = {}, .flags = options_.flags()};
    given.flags.push_back({"plugins.directory", {"."}, "DIR"}); // which is judged by itself
    given.flags.push_back({"plugins.all", {"true"}, "DIR"});
    const auto read = config::read(given);
    if (!read.faults.empty()) {
        return complain(read.faults.front().line() + "; see mortise dev --help", exit_usage);
    }
    std::error_code error;
    const auto folder = fs::canonical(folder_, error);
    if (auto fault = fault_of(error ? folder_ : folder); !fault.empty()) {
        return complain(fault, server::exit_failed);
    }
    const auto here = installation::of_this_program();
    if (const auto fault = here.fault(); !fault.empty()) {
        return complain(fault, server::exit_failed);
    }
    if (here.workbench.empty()) {
        return complain("the plugin workbench.so of this program is not installed; reinstall "
                        "mortise, or build all of its tree",
                        server::exit_failed);
    }
    develop::room::terms terms{here.workbench, read.chosen.filters,
                               read.chosen.plugin_configuration};
    auto room = develop::room::make(std::move(terms));
    if (!room) {
        return complain("the plugin " + room.error().what + "; " + room.error().cure,
                        server::exit_failed);
    }
    auto options = options_.words();
    const auto take = [&](const char* flag, const char* value) {
        if (!is_given(options_.flags(), flag)) {
            options.insert(options.end(), {flag, value});
        }
    };
    take("--listen", source_options::usual_address(source_options::given_by::developers));
    take("--log-level", "warning"); // what changes is told in other words
    take("--drain-timeout", "2s");  // who has ended it does not want to wait
    develop::order what{.built = {.sources = folder,
                                  .build = folder / "build",
                                  .package = here.package,
                                  .preset = preset_,
                                  .has_colours = ::isatty(STDERR_FILENO) != 0},
                        .options = std::move(options),
                        .keeps_last_good = keeps_last_good_};
    return develop::workshop{std::move(what), std::move(*room)}.run();
}

} // namespace mortise::cli
