// SPDX-License-Identifier: BSL-1.0
// A command without arguments to the control socket.
#include "cli/change.hpp"

#include "admin/client.hpp"
#include "cli/control.hpp"
#include "cli/options.hpp"
#include "cli/run.hpp"
#include "server/server.hpp"

#include <boost/json/serialize.hpp>

#include <CLI/CLI.hpp>
#include <iostream>

namespace mortise::cli {

change_commands::change_commands(CLI::App& program) : control_{default_control()} {
    add(program, "reload", "Bring the configuration into service anew, all of it or nothing");
    add(program, "upgrade", "Let the program that lies there now take the host's place");
}

void change_commands::add(CLI::App& program, const std::string& name, const std::string& about) {
    auto& command = *program.add_subcommand(name, about);
    command.group("Commands");
    add_control(command, control_, is_json_);
    command.callback([this, name] { asked_ = name; });
}

std::optional<int> change_commands::run() const {
    if (asked_.empty()) {
        return std::nullopt;
    }
    const auto given = admin::ask(control_, {"POST", "/" + asked_});
    if (!given) {
        return complain(given.error(), server::exit_failed);
    }
    const bool is_done = given->status < 400;
    if (is_json_) {
        std::cout << boost::json::serialize(given->content) << '\n';
    } else if (const auto* const process = given->content.if_contains("pid");
               is_done && process != nullptr) {
        std::cout << "process " << text_of(*process) << " serves now\n";
    } else if (is_done) {
        print_changes(given->content, "nothing has changed");
    } else {
        print_failure(given->content);
        if (asked_ == "upgrade") {
            std::cerr << "mortise: nothing has changed; the host serves on\n";
        }
    }
    return is_done ? server::exit_clean : server::exit_failed;
}

} // namespace mortise::cli
