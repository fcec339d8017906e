// SPDX-License-Identifier: BSL-1.0
// Options by the table of keys.
#include "cli/source_options.hpp"

#include "cli/options.hpp"
#include "config/keys.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <system_error>
#include <utility>
#include <vector>

namespace mortise::cli {

namespace {

using key = config::key<config::settings>;

// "(8KiB)".
std::string default_of(const key& of) {
    std::string shown = of.show(config::settings{});
    std::erase(shown, '"');
    return " (" + (shown.empty() ? of.unset : shown) + ")";
}

// A key that is true unless something is said is switched off: --no-watch.
bool switches_off(const key& of) {
    return of.flag.starts_with("--no-");
}

std::string about(const key& of) {
    if (!switches_off(of)) {
        return of.about;
    }
    std::string clause = of.about;
    clause.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(clause.front())));
    return "Switches off that " + clause;
}

void add_key(CLI::App& command, const key& of, std::vector<config::assignment>& to) {
    const auto assign = [&of, &to](std::vector<std::string> texts) {
        config::settings judged;
        if (const auto bad = of.read(judged, texts); !bad.empty()) {
            throw CLI::ValidationError(of.flag, bad);
        }
        to.push_back({of.name, std::move(texts), of.flag});
    };
    if (of.takes.front() == config::form::truth) {
        command.add_flag_callback(
            of.flag, [&of, assign] { assign({switches_off(of) ? "false" : "true"}); }, about(of));
        return;
    }
    command
        .add_option_function<std::string>(
            of.flag,
            [&of, assign](const std::string& text) {
                assign(of.takes_list() ? config::split_names(text) : std::vector{text});
            },
            about(of) + default_of(of))
        ->type_name(of.shown);
}

} // namespace

source_options::source_options(CLI::App& command) {
    command
        .add_option("--config", source_.file,
                    "The configuration (" + std::string{usual_file} +
                        " where --plugins is not given)")
        ->type_name("FILE");
    add_keys(command);
    add_repeated(command, "--listen", "ADDRESS",
                 "NAME:PORT, unix:FILE or systemd:NAME; may be repeated (localhost:8080)",
                 [this](const std::string& text) {
                     source_.flags.push_back({"listener.address", {text}, "--listen"});
                     return std::string{};
                 });
    add_repeated(
        command, "--set", "PLUGIN.KEY=VALUE",
        "A value of a plugin's configuration; may be repeated",
        [this](const std::string& text) { return config::add_plugin_value(text, source_.flags); });
    add_repeated(
        command, "--limit", "PLUGIN.LIMIT=VALUE",
        "What a plugin may have: requests, pool, time, memory or log; may be repeated (none)",
        [this](const std::string& text) { return config::add_plugin_limit(text, source_.flags); });
    command.footer(
        "SIZE is in bytes, or has a unit: KiB, MiB or GiB. TIME has one of ms, s, m and h.");
}

void source_options::add_keys(CLI::App& command) {
    for (const auto& each : config::keys()) {
        if (!each.flag.empty()) {
            add_key(command, each, source_.flags);
        }
    }
}

std::optional<config::source> source_options::source() const {
    config::source made = source_;
    const bool has_directory = std::ranges::find(made.flags, "plugins.directory",
                                                 &config::assignment::name) != made.flags.end();
    if (has_directory) { // each plugin that lies there
        made.flags.push_back({"plugins.all", {"true"}, "--plugins"});
    }
    if (made.file.empty() && !has_directory) {
        std::error_code error;
        if (!std::filesystem::exists(usual_file, error)) {
            return std::nullopt;
        }
        made.file = usual_file;
    }
    return made;
}

} // namespace mortise::cli
