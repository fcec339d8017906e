// SPDX-License-Identifier: BSL-1.0
// mortise check, and mortise config: what a configuration says, before a host serves by it.
#pragma once

#include "cli/source_options.hpp"
#include "config/document.hpp"

#include <optional>
#include <span>

namespace CLI {
class App;
}

namespace mortise::cli {

// One line each, on standard error.
void print_faults(std::span<const config::fault> faults);

class check_command {
public:
    explicit check_command(CLI::App& program);

    // Does what was asked, where that was this; the process's exit code.
    std::optional<int> run() const;

private:
    CLI::App& command_;
    source_options options_;
};

class config_command {
public:
    explicit config_command(CLI::App& program);

    std::optional<int> run() const;

private:
    int show() const;

    CLI::App& group_;
    CLI::App& show_;
    CLI::App& reference_;
    source_options options_;
    bool is_manual_ = false;
};

} // namespace mortise::cli
