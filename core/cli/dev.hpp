// SPDX-License-Identifier: BSL-1.0
// mortise dev: a plugin project, built and served on each save.
#pragma once

#include "cli/source_options.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mortise::cli {

// The dev command of a command line, read by CLI11.
class dev_command {
public:
    explicit dev_command(CLI::App& program);

    // Does what was asked, where that was this; the process's exit code.
    std::optional<int> run() const;

private:
    std::string fault_of(const std::filesystem::path& folder) const;

    CLI::App* command_;
    std::filesystem::path folder_ = ".";
    std::string preset_;
    bool keeps_last_good_ = false;
    source_options options_;
};

} // namespace mortise::cli
