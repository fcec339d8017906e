// SPDX-License-Identifier: BSL-1.0
// The options that say where a host's settings come from: a file, and one for each key that has
// one.
#pragma once

#include "config/reader.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mortise::cli {

class source_options {
public:
    // Adds them to a command; outlives the parsing.
    explicit source_options(CLI::App& command);
    source_options(const source_options&) = delete;
    source_options& operator=(const source_options&) = delete;

    // What was given; nothing where neither a file nor a plugin directory is, and the usual file is
    // not there.
    std::optional<config::source> source() const;

    static constexpr auto usual_file = "/etc/mortise/mortise.toml";

private:
    void add_keys(CLI::App& command);

    config::source source_;
};

} // namespace mortise::cli
