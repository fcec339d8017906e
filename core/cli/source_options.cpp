// SPDX-License-Identifier: BSL-1.0
// Options by the table of keys.
#include "cli/source_options.hpp"

#include "cli/options.hpp"
#include "config/keys.hpp"
#include "net/listen_address.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mortise::cli {

namespace {

using key = config::key<config::settings>;

// Where plugins lie, when they change, and who commands the host.
constexpr std::array<std::string_view, 3> of_operators{"--plugins", "--no-watch", "--control"};
constexpr std::array<std::string_view, 3> about_plugins{"--set", "--limit", "--filters"};

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

source_options::source_options(CLI::App& command, given_by whom) {
    if (whom == given_by::operators) {
        add_file(command);
    }
    add_keys(command, whom);
    add_repeated(command, "--listen", "ADDRESS",
                 "NAME:PORT, unix:FILE or systemd:NAME; may be repeated (" +
                     std::string{usual_address(whom)} + ")",
                 [this](const std::string& text) {
                     if (auto judged = net::listen_address::parse(text); !judged) {
                         return std::move(judged).error();
                     }
                     source_.flags.push_back({"listener.address", {text}, "--listen"});
                     return std::string{};
                 });
    add_repeated(
        command, "--set", "PLUGIN.KEY=VALUE",
        "A value of a plugin's configuration; may be repeated",
        [this](const std::string& text) { return config::add_plugin_value(text, source_.flags); });
    command.footer(
        "SIZE is in bytes, or has a unit: KiB, MiB or GiB. TIME has one of ms, s, m and h.");
}

void source_options::add_file(CLI::App& command) {
    command
        .add_option("--config", source_.file,
                    "The configuration (" + std::string{usual_file} +
                        " where --plugins is not given)")
        ->type_name("FILE");
    add_repeated(
        command, "--limit", "PLUGIN.LIMIT=VALUE",
        "What a plugin may have: requests, pool, time, memory or log; may be repeated (none)",
        [this](const std::string& text) { return config::add_plugin_limit(text, source_.flags); });
}

void source_options::add_keys(CLI::App& command, given_by whom) {
    for (const auto& each : config::keys()) {
        const bool is_left_out = whom == given_by::developers &&
                                 std::ranges::find(of_operators, each.flag) != of_operators.end();
        if (!each.flag.empty() && !is_left_out) {
            add_key(command, each, source_.flags);
        }
    }
}

std::vector<std::string> source_options::words() const {
    std::vector<std::string> made;
    for (const auto& each : source_.flags) {
        const bool is_of_plugins =
            std::ranges::find(about_plugins, each.flag) != about_plugins.end();
        if (is_of_plugins) {
            continue;
        }
        made.push_back(each.flag);
        const auto key = std::ranges::find(config::keys(), each.flag, &config::key_text::flag);
        if (key != config::keys().end() && key->takes.front() == config::form::truth) {
            continue;
        }
        std::string value;
        for (const auto& text : each.texts) {
            value += (&text == &each.texts.front() ? "" : ",") + text;
        }
        made.push_back(std::move(value));
    }
    return made;
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
