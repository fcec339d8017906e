// SPDX-License-Identifier: BSL-1.0
// Commands that change a running host as a whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mortise::cli {

// mortise reload, mortise upgrade.
class change_commands {
public:
    // Adds them to `program`, which reads into this.
    explicit change_commands(CLI::App& program);

    // Does what was asked, where that was one of these; the process's exit code.
    std::optional<int> run() const;

private:
    void add(CLI::App& program, const std::string& name, const std::string& about);

    std::filesystem::path control_;
    std::string asked_; // the command's name; empty: none of these
    bool is_json_ = false;
};

} // namespace mortise::cli
