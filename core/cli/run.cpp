// SPDX-License-Identifier: BSL-1.0
// mortise run, over CLI11, which no other file sees.
#include "cli/run.hpp"

#include "cli/values.hpp"
#include "server/server.hpp"
#include "server/settings.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <string>

namespace mortise::cli {

namespace {

// An option whose value `parse` reads into `to`; `allowed` says what it takes.
template <class Value, class Parse>
void add_parsed(CLI::App& command, const std::string& name, Value& to, Parse parse,
                const std::string& type, const std::string& shown, const std::string& about) {
    command
        .add_option_function<std::string>(
            name,
            [&to, parse, name, type](const std::string& text) {
                const auto value = parse(text);
                if (!value) {
                    throw CLI::ValidationError(name, "\"" + text + "\" is not " + type);
                }
                to = static_cast<Value>(*value);
            },
            about)
        ->type_name(shown);
}

constexpr auto size_type = "a size such as 4096, 16KiB or 1MiB";
constexpr auto time_type = "a duration such as 500ms, 10s or 2m";

void add_limits(CLI::App& command, server::settings& settings) {
    const auto add_size = [&](const std::string& name, auto& to, const std::string& about) {
        add_parsed(command, name, to, parse_size, size_type, "SIZE", about);
    };
    auto& limits = settings.limits;
    command
        .add_option("--max-connections", settings.max_connections,
                    "Connections open at once; more wait (100000)")
        ->check(CLI::Range(1, 10'000'000))
        ->type_name("N");
    add_size("--max-target-size", limits.target_size, "The request target; more: 414 (8KiB)");
    add_size("--max-header-size", limits.header_size, "The header section; more: 431 (16KiB)");
    command.add_option("--max-fields", limits.field_count, "Field lines; more: 431 (100)")
        ->check(CLI::Range(1, 1000))
        ->type_name("N");
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
    using observe::access_format;
    using observe::level;
    command.add_option("--log-level", settings.log_level, "The least severe lines logged (info)")
        ->transform(CLI::Transformer(std::map<std::string, level>{{"debug", level::debug},
                                                                  {"info", level::info},
                                                                  {"warning", level::warning},
                                                                  {"error", level::error}})
                        .description(""))
        ->type_name("debug|info|warning|error");
    command
        .add_option("--access-log", settings.access_log,
                    "A line for each request on standard output (off)")
        ->transform(CLI::Transformer(
                        std::map<std::string, access_format>{{"off", access_format::off},
                                                             {"combined", access_format::combined},
                                                             {"json", access_format::json}})
                        .description(""))
        ->type_name("off|combined|json");
}

void add_run(CLI::App& program, server::settings& settings) {
    auto& command = *program.add_subcommand("run", "Load the plugins of a directory and serve");
    command
        .add_option("--listen", settings.listen, "Where to listen (localhost:8080); port 0: any")
        ->type_name("ADDRESS:PORT");
    command.add_option("--plugins", settings.plugins, "The directory whose *.so files are loaded")
        ->required()
        ->type_name("DIR");
    command.add_option("--workers", settings.workers, "Event loops (one for each core)")
        ->check(CLI::Range(1, 256))
        ->type_name("N");
    command
        .add_option_function<std::vector<std::string>>(
            "--set",
            [&settings](const std::vector<std::string>& texts) {
                for (const auto& text : texts) {
                    if (const auto fault = add_plugin_value(text, settings.plugin_configuration);
                        !fault.empty()) {
                        throw CLI::ValidationError("--set", fault);
                    }
                }
            },
            "A value of a plugin's configuration; may be repeated")
        ->type_name("PLUGIN.KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--server-field", settings.server_field, "The Server field (none)")
        ->type_name("TEXT");
    add_observation(command, settings);
    add_limits(command, settings);
    add_deadlines(command, settings);
}

int report_usage(const std::string& fault) {
    std::cerr << "mortise: " << fault << "; see mortise run --help\n";
    return exit_usage;
}

} // namespace

int run(int argc, const char* const* argv) {
    server::settings settings;
    CLI::App program{"An HTTP server whose handlers are shared libraries.", "mortise"};
    program.set_version_flag("--version", "mortise " MORTISE_VERSION);
    program.require_subcommand(1);
    add_run(program, settings);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return program.exit(error); // help and version, on standard output
        }
        return report_usage(error.what());
    }
    if (const auto fault = judge(settings); !fault.empty()) {
        return report_usage(fault);
    }
    return server::serve(settings);
}

} // namespace mortise::cli
