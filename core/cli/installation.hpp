// SPDX-License-Identifier: BSL-1.0
// Where this program lies, and what was built and installed with it.
#pragma once

#include <filesystem>
#include <string>

namespace mortise::cli {

// Everything is found from the program's own file: in a build tree, under /usr, or wherever a
// prefix was moved to. A path is empty where that is not there.
struct installation {
    std::filesystem::path program; // as it can be called from anywhere
    std::filesystem::path prefix;
    std::filesystem::path headers;   // the folder for -I
    std::filesystem::path package;   // where find_package(mortise-sdk) finds it
    std::filesystem::path templates; // of `mortise new`
    std::filesystem::path workbench; // the plugin of `mortise dev`
    bool is_on_path = false;         // "mortise" alone runs it

    static installation of_this_program();

    // Why nothing can be built with its SDK, and the cure; empty: it can.
    std::string fault() const;
};

} // namespace mortise::cli
