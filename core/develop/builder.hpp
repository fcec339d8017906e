// SPDX-License-Identifier: BSL-1.0
// From a project's sources to plugins, by CMake.
#pragma once

#include "develop/tool.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mortise::develop {

// How a project is built.
struct project {
    std::filesystem::path sources; // where its CMakeLists.txt lies
    std::filesystem::path build;   // the folder that CMake builds in
    std::filesystem::path package; // of the SDK
    std::string preset;            // of its CMakePresets.json; empty: none
    bool has_colours = false;      // what compilers write goes to a terminal
};

// A plugin that a build has made.
struct product {
    std::string id;
    std::string version;
    std::filesystem::path file;
};

// Everything [control].
class builder {
public:
    enum class result { good, failed, stopped };
    struct outcome {
        result came_to = result::good;
        std::string output;        // of the compilers
        std::vector<product> made; // where it is good: at least one
    };
    using on_end = std::function<void(outcome)>;

    builder(boost::asio::io_context& control, household& of, project built);

    // Builds what has changed; `then` is called once, later. Not while a build is under way.
    void begin(on_end then);
    // `then` comes soon, when nothing of the build runs any more.
    void stop() { tool_.stop(); }
    bool is_running() const noexcept { return tool_.is_running(); }

private:
    void configure();
    void build();
    void run(std::vector<std::string> words, const std::function<void()>& next);
    void collect();
    void finish(result came_to);

    const project project_;
    tool tool_;
    on_end then_;
    outcome outcome_;
    bool is_configured_ = false; // by this
};

} // namespace mortise::develop
