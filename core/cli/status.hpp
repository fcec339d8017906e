// SPDX-License-Identifier: BSL-1.0
// mortise status: how a running host is, for people.
#pragma once

#include <filesystem>
#include <optional>

namespace CLI {
class App;
}

namespace mortise::cli {

// The status command of a command line, read by CLI11.
class status_command {
public:
    // Adds `status` to `program`, which reads into this.
    explicit status_command(CLI::App& program);

    // Does what was asked, where that was this; the process's exit code: that of a host that serves
    // and is alive, or else that of a failure.
    std::optional<int> run() const;

private:
    int watch() const;
    std::optional<int> show(bool is_in_place) const;

    const CLI::App* command_;
    std::filesystem::path control_;
    bool is_json_ = false;
    bool watches_ = false;
    bool shows_faults_ = false;
};

} // namespace mortise::cli
