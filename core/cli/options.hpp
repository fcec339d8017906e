// SPDX-License-Identifier: BSL-1.0
// Kinds of options, over CLI11: each says what is wrong with its value.
#pragma once

#include "base/decimal.hpp"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise::cli {

// An option whose value `parse` reads into `to`; `allowed` says what it takes.
template <class Value, class Parse>
void add_parsed(CLI::App& command, const std::string& name, Value& to, Parse parse,
                const std::string& type, const std::string& shown, const std::string& about) {
    command
        .add_option_function<std::string>(
            name,
            [&to, parse, name, type](const std::string& text) {
                const auto value = parse(text);
                if (!value) {
                    throw CLI::ValidationError(name, "\"" + text + "\" is not " + type);
                }
                to = static_cast<Value>(*value);
            },
            about)
        ->type_name(shown);
}

// An option whose value is one of the named ones.
template <class Value>
void add_named(CLI::App& command, const std::string& name, Value& to,
               const std::vector<std::pair<std::string, Value>>& values, const std::string& about) {
    std::string names;
    for (const auto& [text, value] : values) {
        names += (names.empty() ? "" : "|") + text;
    }
    const auto parse = [values](const std::string& asked) -> std::optional<Value> {
        for (const auto& [text, value] : values) {
            if (text == asked) {
                return value;
            }
        }
        return std::nullopt;
    };
    add_parsed(command, name, to, parse, "one of " + names, names, about);
}

// An option that takes a whole number of a range.
template <class Value>
void add_number(CLI::App& command, const std::string& name, Value& to, std::size_t least,
                std::size_t most, const std::string& about) {
    const auto parse = [least, most](const std::string& text) {
        const auto number = base::parse_decimal(text);
        return number && *number >= least && *number <= most ? number : std::nullopt;
    };
    add_parsed(command, name, to, parse,
               "a number from " + std::to_string(least) + " to " + std::to_string(most), "N",
               about);
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

// The options of a command that asks a running host.
inline void add_control(CLI::App& command, std::filesystem::path& control, bool& is_json) {
    command
        .add_option("--control", control,
                    "The host's control socket ($MORTISE_CONTROL, or /run/mortise/control.sock)")
        ->type_name("FILE");
    command.add_flag("--json", is_json, "The host's answer as it came");
}

} // namespace mortise::cli
