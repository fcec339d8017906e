// SPDX-License-Identifier: BSL-1.0
// mortise new, which makes a project for a plugin, and mortise sdk, which says where its SDK lies.
#pragma once

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mortise::cli {

// The new command of a command line, read by CLI11.
class new_command {
public:
    explicit new_command(CLI::App& program);

    // Does what was asked, where that was this; the process's exit code.
    std::optional<int> run() const;

private:
    // The template's name; empty: `fault` says which there are.
    std::string find_template(std::string& fault) const;

    const CLI::App* command_;
    std::string name_;
    std::string kind_ = "handler";
    bool is_c_ = false;
    bool is_rust_ = false;
};

// The sdk command, likewise.
class sdk_command {
public:
    explicit sdk_command(CLI::App& program);

    std::optional<int> run() const;

private:
    const CLI::App* command_;
};

} // namespace mortise::cli
