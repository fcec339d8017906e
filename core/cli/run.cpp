// SPDX-License-Identifier: BSL-1.0
// mortise run, and its options.
#include "cli/run.hpp"

#include "cli/options.hpp"
#include "cli/plugin.hpp"
#include "cli/values.hpp"
#include "server/probe.hpp"
#include "server/server.hpp"
#include "server/settings.hpp"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise::cli {

namespace {

constexpr auto size_type = "a size such as 4096, 16KiB or 1MiB";
constexpr auto time_type = "a duration such as 500ms, 10s or 2m";

void add_limits(CLI::App& command, server::settings& settings) {
    const auto add_size = [&](const std::string& name, auto& to, const std::string& about) {
        add_parsed(command, name, to, parse_size, size_type, "SIZE", about);
    };
    auto& limits = settings.limits;
    add_number(command, "--max-connections", settings.max_connections, 1, 10'000'000,
               "Connections open at once; more wait (100000)");
    add_size("--max-target-size", limits.target_size, "The request target; more: 414 (8KiB)");
    add_size("--max-header-size", limits.header_size, "The header section; more: 431 (16KiB)");
    add_number(command, "--max-fields", limits.field_count, 1, 1000,
               "Field lines; more: 431 (100)");
    add_size("--max-content-size", limits.content_size,
             "A request's content, unless its route says otherwise; more: 413 (1MiB)");
    add_size("--max-chunk-extension-size", limits.chunk_extension_size,
             "The extensions of one chunk; more: 400 (256)");
    add_size("--max-trailer-size", limits.trailer_size, "The trailer section; more: 431 (8KiB)");
}

void add_deadlines(CLI::App& command, server::settings& settings) {
    const auto add_time = [&](const std::string& name, auto& to, const std::string& about) {
        add_parsed(command, name, to, parse_duration, time_type, "TIME", about);
    };
    auto& deadlines = settings.deadlines;
    add_time("--header-timeout", deadlines.header,
             "From a request's first byte to the end of its header section; then 408 (10s)");
    add_time("--content-timeout", deadlines.content,
             "Between two pieces of content; then 408 (30s)");
    add_time("--handler-timeout", deadlines.handler,
             "From a request to its handler's answer; then 504 (60s)");
    add_time("--write-timeout", deadlines.write,
             "A client that takes no byte of its answer; then closed (30s)");
    add_time("--keep-alive-timeout", deadlines.keep_alive,
             "Between two requests of a connection; then closed (75s)");
    add_time("--drain-timeout", settings.drain,
             "For what is in flight when the server is told to stop (30s)");
}

void add_observation(CLI::App& command, server::settings& settings) {
    command.add_flag("!--no-metrics", settings.metrics,
                     "Count no requests and connections for the metrics");
    command
        .add_option("--metrics-file", settings.metrics_file,
                    "Where the metrics are written every ten seconds (nowhere)")
        ->type_name("FILE");
    using observe::access_format;
    using observe::level;
    add_named<level>(command, "--log-level", settings.log_level,
                     {{"debug", level::debug},
                      {"info", level::info},
                      {"warning", level::warning},
                      {"error", level::error}},
                     "The least severe lines logged (info)");
    using observe::log_format;
    add_named<log_format>(command, "--log-format", settings.log_format,
                          {{"text", log_format::text}, {"json", log_format::json}},
                          "How these lines are written (text)");
    add_named<access_format>(command, "--access-log", settings.access_log,
                             {{"off", access_format::off},
                              {"combined", access_format::combined},
                              {"json", access_format::json}},
                             "A line for each request (off)");
    command
        .add_option("--access-log-file", settings.access_log_file,
                    "The file for these lines, opened anew by USR1 (standard output)")
        ->type_name("FILE");
    add_number(command, "--access-log-sample", settings.access_log_sample, 1, 1'000'000,
               "One of so many requests has a line, and each with 5xx (1)");
}

void add_containment(CLI::App& command, server::settings& settings) {
    const auto add_time = [&](const std::string& name, auto& to, const std::string& about) {
        add_parsed(command, name, to, parse_duration, time_type, "TIME", about);
    };
    command.add_flag("!--no-probe", settings.probe_plugins,
                     "Load plugins without a trial in a process of their own first");
    add_time("--probe-timeout", settings.probe_timeout,
             "For the trial of a plugin; one that takes longer is refused (5s)");
    add_time("--stall-timeout", settings.stall,
             "For a call of a plugin on its loop; longer is a fault, logged with its stack (1s)");
    add_time("--call-timeout", settings.call,
             "For such a call to return; then its loop leaves it, where it can (3s)");
    add_number(command, "--quarantine-faults", settings.quarantine_faults, 0, 1'000'000'000,
               "Faults that bring a plugin into quarantine: its requests get 503; 0: none (100)");
    add_time("--quarantine-window", settings.quarantine_window, "The time for these (10s)");
    add_repeated(
        command, "--limit", "PLUGIN.LIMIT=VALUE",
        "What a plugin may have: requests, pool, time, memory or log; may be repeated (none)",
        [&settings](const std::string& text) {
            return add_plugin_limit(text, settings.plugin_limits);
        });
    command
        .add_option("--control", settings.control,
                    "The unix socket that `mortise plugin` asks (none)")
        ->type_name("FILE");
    command
        .add_option("--state", settings.state,
                    "Where crashes of plugins are recorded for the next start (nowhere)")
        ->type_name("DIR");
    add_number(command, "--quarantine-crashes", settings.quarantine_crashes, 0, 1'000'000,
               "Crashes after which a plugin starts in quarantine; 0: none (3)");
    add_time("--crash-window", settings.crash_window, "The time for these (10m)");
}

void add_run(CLI::App& program, server::settings& settings) {
    auto& command = *program.add_subcommand("run", "Load the plugins of a directory and serve");
    command.group("Commands");
    command
        .add_option("--listen", settings.listen, "Where to listen (localhost:8080); port 0: any")
        ->type_name("ADDRESS:PORT");
    command
        .add_option("--plugins", settings.plugins,
                    "The directory whose *.so files are loaded (required)")
        ->type_name("DIR");
    command.add_flag("!--no-watch", settings.watch_plugins,
                     "Changes of the directory come into service by HUP alone");
    add_containment(command, settings);
    add_number(command, "--workers", settings.workers, 1, 256, "Event loops (one for each core)");
    add_number(command, "--pool-threads", settings.pool_threads, 1, 1024,
               "Threads for the blocking work of plugins (8)");
    add_number(command, "--pool-queue", settings.pool_queue, 1, 1'000'000,
               "Pieces of blocking work that wait for a thread; more are refused (1000)");
    add_repeated(command, "--set", "PLUGIN.KEY=VALUE",
                 "A value of a plugin's configuration; may be repeated",
                 [&settings](const std::string& text) {
                     return add_plugin_value(text, settings.plugin_configuration);
                 });
    command
        .add_option_function<std::string>(
            "--filters",
            [&settings](const std::string& text) {
                if (const auto fault = read_names(text, settings.filters); !fault.empty()) {
                    throw CLI::ValidationError("--filters", fault);
                }
            },
            "The plugins' filters that run, in the order that requests pass them (none)")
        ->type_name("NAME,...");
    command.add_flag("--end-with-parent", settings.ends_with_parent)->group(""); // not shown
    command.add_flag("--check-plugins", settings.check_plugins,
                     "End with a core dump where a plugin breaks a rule of the border");
    command.add_option("--server-field", settings.server_field, "The Server field (none)")
        ->type_name("TEXT");
    command.add_flag("--server-timing", settings.server_timing,
                     "A Server-Timing field with the time that each handler took");
    add_observation(command, settings);
    add_limits(command, settings);
    add_deadlines(command, settings);
    command.footer(
        "SIZE is in bytes, or has a unit: KiB, MiB or GiB. TIME has one of ms, s, m and h.");
}

int report_usage(const std::string& fault, const std::string& where) {
    std::cerr << "mortise: " << fault << "; see " << where << " --help\n";
    return exit_usage;
}

} // namespace

int run(int argc, const char* const* argv) {
    if (argc == 4 && argv[1] == server::probe::command) { // by a host alone
        return server::run_probe(argv[2], argv[3]);
    }
    server::settings settings;
    CLI::App program{"An HTTP server whose handlers are shared libraries.", "mortise"};
    program.set_version_flag("--version", "mortise " MORTISE_VERSION);
    program.get_formatter()->label("SUBCOMMAND", "COMMAND");
    program.footer("mortise COMMAND --help tells what a command takes.");
    add_run(program, settings);
    const plugin_command plugins{program};
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
    if (program.get_subcommands().empty()) {
        return report_usage("no command is named", "mortise");
    }
    if (const auto code = plugins.run()) {
        return *code;
    }
    if (settings.plugins.empty()) {
        return report_usage("--plugins is required", "mortise run");
    }
    if (const auto fault = judge(settings); !fault.empty()) {
        return report_usage(fault, "mortise run");
    }
    return server::serve(settings);
}

} // namespace mortise::cli
