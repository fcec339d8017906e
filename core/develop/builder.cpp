// SPDX-License-Identifier: BSL-1.0
// Configuring, building, and looking for what came of it.
#include "develop/builder.hpp"

#include "plugin/identity.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

namespace mortise::develop {

namespace {

namespace fs = std::filesystem;

constexpr int not_found = 127; // env's exit code

std::vector<char> bytes_of(const fs::path& file) {
    std::ifstream from{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{from}, {}};
}

} // namespace

builder::builder(boost::asio::io_context& control, household& of, project built)
    : project_{std::move(built)}, tool_{control, of} {}

void builder::begin(on_end then) {
    then_ = std::move(then);
    outcome_ = {};
    std::error_code error;
    if (is_configured_ && fs::exists(project_.build / "CMakeCache.txt", error)) {
        build();
    } else {
        configure();
    }
}

void builder::configure() {
    std::vector<std::string> words{"cmake", "-S", project_.sources, "-B", project_.build};
    if (!project_.preset.empty()) {
        words.insert(words.end(), {"--preset", project_.preset});
    }
    words.push_back("-Dmortise-sdk_DIR=" + project_.package.string());
    if (project_.has_colours) { // build tools put compilers behind pipes, where they have none
        words.emplace_back("-DCMAKE_COLOR_DIAGNOSTICS=ON");
    }
    run(std::move(words), [this] {
        is_configured_ = true;
        outcome_.output.clear(); // nobody asked for what went well
        build();
    });
}

void builder::build() {
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    run({"cmake", "--build", project_.build, "--parallel", std::to_string(cores)},
        [this] { collect(); });
}

void builder::run(std::vector<std::string> words, const std::function<void()>& next) {
    std::vector<std::string> variables;
    if (project_.has_colours) {
        variables.emplace_back("CLICOLOR_FORCE=1");
    }
    tool_.start(std::move(words), variables, [this, next](tool::outcome came_to) {
        outcome_.output += came_to.output;
        if (came_to.was_stopped) {
            return finish(result::stopped);
        }
        if (came_to.code == not_found) {
            outcome_.output += "cmake cannot be run; apt install cmake\n";
        }
        if (came_to.code != 0) {
            return finish(result::failed);
        }
        next();
    });
}

// Every library that says it is a plugin, wherever in its build folder the project puts it.
void builder::collect() {
    std::error_code error;
    for (fs::recursive_directory_iterator entry{project_.build, error}, end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != ".so") {
            continue;
        }
        const auto bytes = bytes_of(entry->path());
        auto note = plugin::read_identity(std::as_bytes(std::span{bytes}));
        if (note) {
            outcome_.made.push_back({note->id, note->version, entry->path()});
        }
    }
    std::ranges::sort(outcome_.made, {}, &product::id);
    const auto twin = std::ranges::adjacent_find(outcome_.made, {}, &product::id);
    if (twin != outcome_.made.end()) {
        outcome_.output += "two files are the plugin " + twin->id + ": " + twin->file.string() +
                           " and " + std::next(twin)->file.string() +
                           "; remove the one that is not built any more\n";
    } else if (outcome_.made.empty()) {
        outcome_.output += "no plugin lies in " + project_.build.string() +
                           "; let the CMakeLists.txt make one by mortise_add_plugin(), and leave "
                           "CMAKE_LIBRARY_OUTPUT_DIRECTORY as it is\n";
    }
    const bool is_good = !outcome_.made.empty() && twin == outcome_.made.end();
    finish(is_good ? result::good : result::failed);
}

void builder::finish(result came_to) {
    outcome_.came_to = came_to;
    const auto then = std::exchange(then_, nullptr);
    then(std::exchange(outcome_, {}));
}

} // namespace mortise::develop
