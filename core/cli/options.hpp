// SPDX-License-Identifier: BSL-1.0
// A kind of option, over CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace mortise::cli {

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
