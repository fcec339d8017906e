// SPDX-License-Identifier: BSL-1.0
// Commands to the control socket, and their answers for people.
#include "cli/plugin.hpp"

#include "admin/client.hpp"
#include "cli/check_plugin.hpp"
#include "cli/control.hpp"
#include "cli/options.hpp"
#include "cli/run.hpp"
#include "config/assignment.hpp"
#include "plugin/identity.hpp"
#include "server/server.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <CLI/CLI.hpp>
#include <iostream>
#include <vector>

namespace mortise::cli {

namespace {

namespace json = boost::json;

// What keeps a plugin from leaving: "2 exchanges, held: the index is being written".
std::string blockers(const json::object& leaving) {
    std::string all;
    const auto add = [&all](const std::string& text) { all += (all.empty() ? "" : ", ") + text; };
    for (const auto* const what : {"exchanges", "operations", "responses"}) {
        if (const auto count = json::serialize(leaving.at(what)); count != "0") {
            add(count + " " + what);
        }
    }
    if (const auto held = joined(leaving.at("held")); !held.empty()) {
        add("held: " + held);
    }
    return all;
}

std::vector<std::string> row_of(const json::object& plugin, const std::string& last) {
    return {text_of(plugin.at("id")), text_of(plugin.at("version")),
            text_of(plugin.at("generation")), text_of(plugin.at("state")), last};
}

void print_list(const json::object& content) {
    table rows{{"ID", "VERSION", "GENERATION", "STATE", "ROUTES"}};
    for (const auto& each : content.at("plugins").as_array()) {
        const auto& plugin = each.as_object();
        rows.push_back(row_of(plugin, joined(plugin.at("routes"))));
    }
    for (const auto& each : content.at("leaving").as_array()) {
        const auto& plugin = each.as_object();
        rows.push_back(row_of(plugin, "waits for: " + blockers(plugin)));
    }
    print_table(std::cout, rows);
    if (const auto kept = content.at("kept_mapped").to_number<std::size_t>(); kept != 0) {
        std::cout << kept << (kept == 1 ? " old generation stays" : " old generations stay")
                  << " mapped, whose code is in use; the log names what holds it\n";
    }
}

void print_plugin(const json::object& plugin) {
    for (const auto* const key : {"id", "version", "generation", "state", "file"}) {
        std::cout << key << ": " << text_of(plugin.at(key)) << '\n';
    }
    std::cout << "routes: " << joined(plugin.at("routes")) << '\n'
              << "filters: " << joined(plugin.at("filters")) << '\n'
              << "can be rolled back: " << (plugin.at("can_roll_back").as_bool() ? "yes" : "no")
              << '\n';
    for (const auto& each : plugin.at("leaving").as_array()) {
        const auto& old = each.as_object();
        std::cout << "leaving: generation " << text_of(old.at("generation")) << ", "
                  << text_of(old.at("state")) << "; waits for " << blockers(old) << '\n';
    }
}

void print(const json::object& content) {
    if (content.contains("plugins")) {
        print_list(content);
    } else if (content.contains("changes")) {
        print_changes(content, "no plugin has changed");
    } else if (content.contains("id")) {
        print_plugin(content);
    }
}

} // namespace

plugin_command::plugin_command(CLI::App& program) : control_{default_control()} {
    auto& group =
        *program.add_subcommand("plugin", "Show and change the plugins of a running host");
    group.group("Commands");
    group.require_subcommand(1);
    group.get_formatter()->label("SUBCOMMAND", "COMMAND");
    group_ = &group;
    add(group, "list", "The plugins in service, and those that leave", "GET /plugins", {});
    add(group, "inspect", "One of them, or what stands in a file", "GET /plugins/ID",
        "The plugin's id, or its file's name, which has a / or ends in .so");
    add_check(group);
    add(group, "reload", "Bring the plugin directory into service, as HUP does",
        "POST /plugins/reload", {});
    add(group, "rollback", "Bring the generation back that served before",
        "POST /plugins/ID/rollback", "The plugin's id");
    add(group, "disable", "Answer its requests with 503", "POST /plugins/ID/disable",
        "The plugin's id");
    add(group, "enable", "Let requests come to it again, out of quarantine too",
        "POST /plugins/ID/enable", "The plugin's id");
}

void plugin_command::add(CLI::App& group, const std::string& name, const std::string& about,
                         const std::string& verb, const std::string& about_id) {
    auto& command = *group.add_subcommand(name, about);
    if (!about_id.empty()) {
        command.add_option("ID", id_, about_id)->required()->type_name("");
    }
    add_control(command, control_, is_json_);
    command.callback([this, verb] {
        method_ = verb.substr(0, verb.find(' '));
        target_ = verb.substr(verb.find(' ') + 1);
    });
}

void plugin_command::add_check(CLI::App& group) {
    auto& command = *group.add_subcommand("check", "Judge, try and serve a plugin's file");
    command.add_option("FILE", checked_, "The plugin's file")->required()->type_name("");
    add_repeated(
        command, "--set", "PLUGIN.KEY=VALUE", "A value of its configuration; may be repeated",
        [this](const std::string& text) { return config::add_plugin_value(text, values_); });
    command.add_flag("--json", is_json_, "What was found, for programs");
    command.footer(
        "Exit code: 0 nothing was found but cautions, 1 it can be served but has hazards, "
        "2 it cannot\nbe served. Routes for GET are asked for, others are not.");
}

std::optional<int> plugin_command::run() const {
    if (!group_->parsed()) {
        return std::nullopt;
    }
    if (!checked_.empty()) {
        return check_plugin(checked_, config::plugin_values(values_), is_json_);
    }
    const bool is_inspection = group_->got_subcommand("inspect");
    if (is_inspection && (id_.find('/') != id_.npos || id_.ends_with(".so"))) {
        return inspect_plugin(id_, is_json_);
    }
    return ask_host();
}

int plugin_command::ask_host() const {
    if (!id_.empty() && !plugin::is_plugin_id(id_)) {
        std::cerr << "mortise: \"" << id_
                  << "\" is no plugin's id, which is of the form [a-z][a-z0-9-]*; see "
                     "`mortise plugin list`\n";
        return exit_usage;
    }
    std::string target = target_;
    if (const auto place = target.find("ID"); place != target.npos) {
        target.replace(place, 2, id_);
    }
    const auto given = admin::ask(control_, {method_, target});
    if (!given) {
        return complain(given.error(), server::exit_failed);
    }
    const bool is_done = given->status < 400;
    if (is_json_) {
        std::cout << json::serialize(given->content) << '\n';
    } else {
        print(given->content);
        if (!is_done) {
            print_failure(given->content);
        }
    }
    return is_done ? server::exit_clean : server::exit_failed;
}

} // namespace mortise::cli
