// SPDX-License-Identifier: BSL-1.0
// The folders that an install tree has, looked for from the program on.
#include "cli/installation.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace mortise::cli {

namespace {

namespace fs = std::filesystem;

// Of the package's version file, which CMake writes.
constexpr const char* version_line = "set(PACKAGE_VERSION \"";

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

// "lib/x86_64-linux-gnu" where Debian has it, "lib" in a build tree.
fs::path in_library_folder(const fs::path& prefix, const fs::path& wanted) {
    for (const char* const folder : {MORTISE_LIBRARY_FOLDER, "lib", "share"}) {
        if (is_there(prefix / folder / wanted)) {
            return prefix / folder / wanted;
        }
    }
    return {};
}

// What the shell runs for "mortise".
bool is_first_on_path(const fs::path& program) {
    const char* const listed = std::getenv("PATH");
    std::istringstream folders{listed != nullptr ? listed : ""};
    for (std::string folder; std::getline(folders, folder, ':');) {
        const auto found = fs::path{folder} / program.filename();
        std::error_code error;
        if (!folder.empty() && is_there(found)) {
            return program.filename() == "mortise" &&
                   fs::weakly_canonical(folder, error) / program.filename() == program;
        }
    }
    return false;
}

std::string version_of(const fs::path& package) {
    std::ifstream file{package / "mortise-sdk-config-version.cmake"};
    const std::string begin = version_line;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(begin)) {
            return line.substr(begin.size(), line.find('"', begin.size()) - begin.size());
        }
    }
    return "of no version";
}

} // namespace

installation installation::of_this_program() {
    installation found;
    std::error_code error;
    found.program = fs::read_symlink("/proc/self/exe", error);
    found.prefix = found.program.parent_path().parent_path();
    if (is_there(found.prefix / "include/mortise/sdk.hpp")) {
        found.headers = found.prefix / "include";
    }
    const auto config =
        in_library_folder(found.prefix, "cmake/mortise-sdk/mortise-sdk-config.cmake");
    found.package = config.parent_path();
    if (is_there(found.prefix / "share/mortise/templates")) {
        found.templates = found.prefix / "share/mortise/templates";
    }
    found.workbench = in_library_folder(found.prefix, "mortise/workbench.so");
    found.is_on_path = is_first_on_path(found.program);
    return found;
}

std::string installation::fault() const {
    const auto is_missing = [](const fs::path& path) {
        return "the SDK of this host is not installed: there is no " + path.string() +
               "; apt install mortise-dev";
    };
    if (headers.empty()) {
        return is_missing(prefix / "include/mortise/sdk.hpp");
    }
    if (package.empty()) {
        return is_missing(prefix / MORTISE_LIBRARY_FOLDER / "cmake/mortise-sdk");
    }
    if (templates.empty()) {
        return is_missing(prefix / "share/mortise/templates");
    }
    if (const auto version = version_of(package); version != MORTISE_VERSION) {
        return "the SDK in " + package.string() + " is " + version +
               ", and this host is " MORTISE_VERSION
               "; install mortise and mortise-dev of one version";
    }
    return {};
}

} // namespace mortise::cli
