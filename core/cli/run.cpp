// SPDX-License-Identifier: BSL-1.0
// The command line, command by command.
#include "cli/run.hpp"

#include "cli/change.hpp"
#include "cli/configuration.hpp"
#include "cli/dev.hpp"
#include "cli/new.hpp"
#include "cli/plugin.hpp"
#include "cli/source_options.hpp"
#include "cli/status.hpp"
#include "config/reader.hpp"
#include "server/probe.hpp"
#include "server/server.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

namespace mortise::cli {

namespace {

int report_usage(const std::string& fault, const std::string& where) {
    server::refuse_upgrade(fault);
    return complain(fault + "; see " + where + " --help", exit_usage);
}

// mortise run.
class run_command {
public:
    explicit run_command(CLI::App& program)
        : command_{*program.add_subcommand("run", "Load plugins and serve")}, options_{command_} {
        command_.group("Commands");
        command_.add_flag("--end-with-parent", ends_with_parent_)->group(""); // not shown
    }

    std::optional<int> run() const {
        if (!command_.parsed()) {
            return std::nullopt;
        }
        const auto source = options_.source();
        if (!source) {
            return report_usage("neither --plugins nor --config is given, and there is no " +
                                    std::string{source_options::usual_file},
                                "mortise run");
        }
        auto configured = config::read(*source);
        if (configured.faults.empty()) {
            configured.chosen.ends_with_parent = ends_with_parent_;
            return server::serve(*source, std::move(configured));
        }
        if (source->file.empty()) {
            return report_usage(configured.faults.front().line(), "mortise run");
        }
        print_faults(configured.faults);
        std::string why;
        for (const auto& each : configured.faults) {
            why += (why.empty() ? "" : "\n") + each.line();
        }
        server::refuse_upgrade(why);
        return server::exit_failed;
    }

private:
    CLI::App& command_;
    source_options options_;
    bool ends_with_parent_ = false;
};

int obey(int argc, const char* const* argv) {
    if (argc == 4 && argv[1] == server::probe::command) { // by a host alone
        return server::run_probe(argv[2], argv[3]);
    }
    CLI::App program{"An HTTP server whose handlers are shared libraries.", "mortise"};
    program.set_version_flag("--version", "mortise " MORTISE_VERSION);
    program.get_formatter()->label("SUBCOMMAND", "COMMAND");
    program.footer("mortise COMMAND --help tells what a command takes.");
    const run_command runs{program};
    const check_command checks{program};
    const config_command shows{program};
    const change_commands changes{program};
    const plugin_command plugins{program};
    const status_command status{program};
    const new_command makes{program};
    const dev_command develops{program};
    const sdk_command sdk{program};
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return program.exit(error); // help and version, on standard output
        }
        const auto named = program.get_subcommands();
        return report_usage(error.what(),
                            named.empty() ? "mortise" : "mortise " + named.front()->get_name());
    }
    for (const auto code : {runs.run(), checks.run(), shows.run(), changes.run(), plugins.run(),
                            status.run(), makes.run(), develops.run(), sdk.run()}) {
        if (code) {
            return *code;
        }
    }
    return report_usage("no command is named", "mortise");
}

} // namespace

int complain(const std::string& fault, int code) {
    std::cerr << "mortise: " << fault << '\n';
    return code;
}

int run(int argc, const char* const* argv) {
    const int code = obey(argc, argv);
    if (!std::cout.flush() && code == server::exit_clean) {
        return complain("standard output could not be written whole; is its disk full?",
                        server::exit_failed);
    }
    return code;
}

} // namespace mortise::cli
