// SPDX-License-Identifier: BSL-1.0
// The options that say where a host's settings come from: a file, and one for each key that has
// one.
#pragma once

#include "config/reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mortise::cli {

class source_options {
public:
    // Who gives them: an operator says where plugins lie; for a developer's host something else
    // does, and what says so there is left out.
    enum class given_by { operators, developers };

    // Adds them to a command; outlives the parsing.
    explicit source_options(CLI::App& command, given_by whom = given_by::operators);
    source_options(const source_options&) = delete;
    source_options& operator=(const source_options&) = delete;

    // What was given; nothing where neither a file nor a plugin directory is, and the usual file is
    // not there.
    std::optional<config::source> source() const;

    // What was given, in order.
    const std::vector<config::assignment>& flags() const noexcept { return source_.flags; }
    // The same as words of a command line of `mortise run`, without what is about single plugins.
    std::vector<std::string> words() const;

    static constexpr auto usual_file = "/etc/mortise/mortise.toml";
    // Where nothing says where to listen; a developer's host finds the port of an operator's taken.
    static constexpr const char* usual_address(given_by whom) noexcept {
        return whom == given_by::operators ? "localhost:8080" : "localhost:8081";
    }

private:
    void add_file(CLI::App& command);
    void add_keys(CLI::App& command, given_by whom);

    config::source source_;
};

} // namespace mortise::cli
