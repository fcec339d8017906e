// SPDX-License-Identifier: BSL-1.0
// mortise plugin: what operators ask a running host about its plugins, and what can be seen of a
// file without one.
#pragma once

#include "config/assignment.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mortise::cli {

// The plugin command of a command line, read by CLI11.
class plugin_command {
public:
    // Adds `plugin` and its own commands to `program`, which reads into this.
    explicit plugin_command(CLI::App& program);

    // Does what was asked, where that was one of these; the process's exit code.
    std::optional<int> run() const;

private:
    void add(CLI::App& group, const std::string& name, const std::string& about,
             const std::string& verb, const std::string& about_id);
    void add_check(CLI::App& group);
    int ask_host() const;

    const CLI::App* group_;
    std::filesystem::path control_;
    std::string id_;
    std::string method_;
    std::string target_;            // with ID for the id
    std::filesystem::path checked_; // empty: a host is asked
    std::vector<config::assignment> values_;
    bool is_json_ = false;
};

} // namespace mortise::cli
