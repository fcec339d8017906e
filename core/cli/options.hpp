// SPDX-License-Identifier: BSL-1.0
// Options that several commands have, over CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace mortise::cli {

// The options of a command that asks a running host.
inline void add_control(CLI::App& command, std::filesystem::path& control, bool& is_json) {
    command
        .add_option("--control", control,
                    "The host's control socket ($MORTISE_CONTROL, or /run/mortise/control.sock)")
        ->type_name("FILE");
    command.add_flag("--json", is_json, "The host's answer as it came");
}

// An option that may be repeated; `add` takes one value and says what is wrong with it.
template <class Add>
void add_repeated(CLI::App& command, const std::string& name, const std::string& shown,
                  const std::string& about, Add add) {
    command
        .add_option_function<std::vector<std::string>>(
            name,
            [name, add](const std::vector<std::string>& texts) {
                for (const std::string& text : texts) {
                    if (const auto fault = add(text); !fault.empty()) {
                        throw CLI::ValidationError(name, fault);
                    }
                }
            },
            about)
        ->type_name(shown)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

} // namespace mortise::cli
