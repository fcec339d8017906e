// SPDX-License-Identifier: BSL-1.0
// From a template to a project whose page shows the commands that work here.
#include "cli/new.hpp"

#include "cli/installation.hpp"
#include "cli/project.hpp"
#include "cli/run.hpp"
#include "server/server.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::array kinds{"handler", "async", "filter"};

std::string joined_kinds() {
    std::string all;
    for (const std::string_view each : kinds) {
        (all += all.empty() ? "" : "|") += each;
    }
    return all;
}

std::string with_underscores(std::string name) {
    std::ranges::replace(name, '-', '_');
    return name;
}

// The words of the pages that change: the name, and where nothing but its path leads to this
// program, that path, and what CMake has to be told.
std::vector<replacement> replacements(const std::string& name, const installation& here) {
    const std::string pattern{template_name};
    std::vector<replacement> made{{"dot-gitignore", ".gitignore"}, // which packages must not have
                                  {pattern, name},
                                  {with_underscores(pattern), with_underscores(name)}};
    if (!here.is_on_path) {
        made.push_back({"\n    mortise ", "\n    " + quoted(here.program) + " "});
        made.push_back(
            {"\n    cmake -S . -B build\n",
             "\n    cmake -S . -B build -D mortise-sdk_DIR=" + quoted(here.package) + "\n"});
    }
    return made;
}

// What mortise sdk can be asked.
struct question {
    const char* option;
    const char* about;
    std::string (*of)(const installation& here);
};

const std::array<question, 6> told{{
    {"--cflags", "What a compiler is told to find its headers",
     [](const installation& here) {
         return "-I" + quoted(here.headers) + " -fPIC -fvisibility=hidden";
     }},
    {"--ldflags", "What it is told to link a plugin's library",
     [](const installation& here) {
         return "-shared -Wl,--version-script=" + quoted(here.package / "mortise_plugin.map") +
                " -Wl,-z,defs,-z,relro,-z,now -Wl,--build-id";
     }},
    {"--cmake-dir", "The folder for CMake's mortise-sdk_DIR",
     [](const installation& here) { return here.package.string(); }},
    {"--header", "The header that a plugin in C++ includes",
     [](const installation& here) { return (here.headers / "mortise/sdk.hpp").string(); }},
    {"--template-dir", "The templates of mortise new",
     [](const installation& here) { return here.templates.string(); }},
    {"--version", "Its version, which is this program's",
     [](const installation&) { return std::string{MORTISE_VERSION}; }},
}};

std::string page_of(const fs::path& project) {
    std::ifstream file{project / "README.md"};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

new_command::new_command(CLI::App& program) {
    auto& command =
        *program.add_subcommand("new", "Make a project for a plugin: source, test, build");
    command.group("Commands for who writes plugins");
    command_ = &command;
    command.add_option("NAME", name_, "The plugin's id, and the folder that is made")
        ->required()
        ->type_name("");
    command.add_option("--kind", kind_, "What it begins with (handler)")->type_name(joined_kinds());
    auto* const in_c = command.add_flag("--c", is_c_, "In C, where there is a handler alone");
    command.add_flag("--rust", is_rust_, "In Rust, where there is a handler alone")->excludes(in_c);
    command.footer(
        "handler answers a request at once; async is a coroutine, which waits for others; "
        "filter stands\nbefore all routes. The project builds with the SDK that was "
        "installed with this program.");
}

std::string new_command::find_template(std::string& fault) const {
    if (std::ranges::find(kinds, kind_) == kinds.end()) {
        fault = "--kind: \"" + kind_ + "\" is not one of " + joined_kinds();
        return {};
    }
    const std::string language = is_c_ ? "C" : is_rust_ ? "Rust" : "";
    if (!language.empty() && kind_ != "handler") {
        fault = "there is no template of kind " + kind_ + " in " + language +
                ", only of kind handler; leave --" + (is_c_ ? "c" : "rust") + " out for C++";
        return {};
    }
    return kind_ + (is_c_ ? "-c" : is_rust_ ? "-rust" : "");
}

std::optional<int> new_command::run() const {
    if (!command_->parsed()) {
        return std::nullopt;
    }
    std::string fault;
    const auto pattern = find_template(fault);
    if (fault.empty()) {
        fault = judge_project_name(name_);
    }
    if (!fault.empty()) {
        return complain(fault + "; see mortise new --help", exit_usage);
    }
    const auto here = installation::of_this_program();
    if (fault = here.fault(); fault.empty()) {
        fault = make_project(here.templates / pattern, name_, replacements(name_, here));
    }
    if (!fault.empty()) {
        return complain(fault, server::exit_failed);
    }
    const auto shown = blocks_of(page_of(name_));
    std::cout << name_ << "/ is made. What builds, tests, judges and serves it:\n\n    cd " << name_
              << '\n';
    for (const auto& block : shown) {
        std::cout << block
                  << (&block == &shown.front()  ? "\nIt answers then:\n\n"
                      : &block != &shown.back() ? "\nAll of that again on each save:\n\n"
                                                : "");
    }
    return server::exit_clean;
}

sdk_command::sdk_command(CLI::App& program) {
    auto& command = *program.add_subcommand("sdk", "Say where the SDK of this program lies");
    command.group("Commands for who writes plugins");
    command_ = &command;
    for (const auto& each : told) {
        const std::string about = each.about;
        command.add_flag(each.option, about);
    }
    command.footer("Each option that is given has a line. A whole build is\n"
                   "g++ -std=c++20 hello.cpp -o hello.so $(mortise sdk --cflags --ldflags)");
}

std::optional<int> sdk_command::run() const {
    if (!command_->parsed()) {
        return std::nullopt;
    }
    if (command_->parse_order().empty()) {
        return complain("nothing is asked; see mortise sdk --help", exit_usage);
    }
    const auto here = installation::of_this_program();
    if (const auto fault = here.fault(); !fault.empty()) {
        return complain(fault, server::exit_failed);
    }
    for (const auto* const asked : command_->parse_order()) { // as they were given
        const auto found = std::ranges::find_if(
            told, [asked](const auto& each) { return asked->check_name(each.option); });
        std::cout << found->of(here) << '\n';
    }
    return server::exit_clean;
}

} // namespace mortise::cli
