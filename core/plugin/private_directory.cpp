// SPDX-License-Identifier: BSL-1.0
// Where a private directory may lie: under the first one from which code may be mapped.
#include "plugin/private_directory.hpp"

#include <cstdlib>
#include <string>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

fs::path& common_parent() {
    static fs::path parent; // empty: there is none
    return parent;
}

std::vector<fs::path> candidates() {
    if (!common_parent().empty()) {
        return {common_parent()};
    }
    std::vector<fs::path> list;
    if (const char* const runtime = std::getenv("XDG_RUNTIME_DIR")) {
        list.emplace_back(runtime);
    }
    std::error_code ignored;
    list.push_back(fs::temp_directory_path(ignored));
    list.emplace_back("/var/tmp");
    return list;
}

// A directory of mode 0700 that did not exist before; empty where none can be made.
fs::path make_directory() {
    for (const fs::path& parent : candidates()) {
        struct statvfs system {};
        if (!parent.is_absolute() || ::statvfs(parent.c_str(), &system) != 0 ||
            (system.f_flag & ST_NOEXEC) != 0) {
            continue;
        }
        std::string pattern = (parent / "mortise-XXXXXX").string();
        if (::mkdtemp(pattern.data()) != nullptr) {
            return pattern;
        }
    }
    return {};
}

} // namespace

private_directory::private_directory(fs::path path) noexcept : path_{std::move(path)} {}

private_directory::private_directory(private_directory&& other) noexcept
    : path_{std::exchange(other.path_, {})}, is_kept_{other.is_kept_} {}

private_directory& private_directory::operator=(private_directory&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(is_kept_, other.is_kept_);
    return *this;
}

private_directory::~private_directory() {
    if (!path_.empty() && !is_kept_) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
}

judged<private_directory> private_directory::make() {
    fs::path made = make_directory();
    if (made.empty()) {
        return fault{"cannot be copied: no directory for temporary files lets code be mapped",
                     "set TMPDIR to one that is writable and not mounted noexec"};
    }
    return private_directory{std::move(made)};
}

void private_directory::make_all_in(fs::path parent) {
    common_parent() = std::move(parent);
}

} // namespace mortise::plugin
