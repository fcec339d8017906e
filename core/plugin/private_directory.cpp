// SPDX-License-Identifier: BSL-1.0
// Where a private directory may lie: under the first one from which code may be mapped.
#include "plugin/private_directory.hpp"

#include "base/lasting.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

fs::path& common_parent() {
    static fs::path& parent = base::lasting<fs::path>(); // empty: there is none
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

constexpr std::string_view name_begin = "mortise-copy-";

// Nothing: another process has it.
base::descriptor lock(const fs::path& directory) noexcept {
    base::descriptor opened{
        ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    const bool is_locked = opened && ::flock(opened.number(), LOCK_EX | LOCK_NB) == 0;
    return is_locked ? std::move(opened) : base::descriptor{};
}

// It is made under another name until it is locked, or somebody could take it for left behind.
bool lock_and_name(const fs::path& made, const fs::path& named, base::descriptor& held) noexcept {
    held = lock(made);
    return held && ::rename(made.c_str(), named.c_str()) == 0;
}

bool is_own_directory(const fs::path& path) noexcept {
    struct stat about {};
    return ::lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) &&
           about.st_uid == ::geteuid() && (about.st_mode & 0777) == 0700;
}

// A directory of mode 0700 that did not exist before; empty where none can be made.
fs::path make_directory(base::descriptor& held) {
    for (const fs::path& parent : candidates()) {
        struct statvfs system {};
        if (!parent.is_absolute() || ::statvfs(parent.c_str(), &system) != 0 ||
            (system.f_flag & ST_NOEXEC) != 0) {
            continue;
        }
        std::string pattern = (parent / "mortise-new-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            continue;
        }
        const std::string end = pattern.substr(pattern.rfind('-') + 1);
        fs::path named = parent / (std::string{name_begin} + end);
        if (lock_and_name(pattern, named, held)) {
            return named;
        }
        ::rmdir(pattern.c_str());
    }
    return {};
}

} // namespace

private_directory::private_directory(fs::path path, base::descriptor lock) noexcept
    : path_{std::move(path)}, lock_{std::move(lock)} {}

private_directory::private_directory(private_directory&& other) noexcept
    : path_{std::exchange(other.path_, {})},
      lock_{std::move(other.lock_)},
      is_kept_{other.is_kept_} {}

private_directory& private_directory::operator=(private_directory&& other) noexcept {
    std::swap(path_, other.path_);
    lock_ = std::move(other.lock_);
    std::swap(is_kept_, other.is_kept_);
    return *this;
}

private_directory::~private_directory() {
    if (path_.empty()) {
        return;
    }
    if (is_kept_) {
        lock_.release(); // until the process ends
        return;
    }
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

judged<private_directory> private_directory::make() {
    base::descriptor held;
    fs::path made = make_directory(held);
    if (made.empty()) {
        return fault{"cannot be copied: no directory for temporary files lets code be mapped",
                     "set TMPDIR to one that is writable and not mounted noexec"};
    }
    return private_directory{std::move(made), std::move(held)};
}

void private_directory::make_all_in(fs::path parent) {
    common_parent() = std::move(parent);
}

std::size_t private_directory::remove_left_behind() {
    std::size_t removed = 0;
    for (const fs::path& parent : candidates()) {
        std::error_code error;
        for (fs::directory_iterator at{parent, error}, end; !error && at != end;
             at.increment(error)) {
            const bool is_ours = at->path().filename().native().starts_with(name_begin) &&
                                 is_own_directory(at->path());
            if (is_ours && lock(at->path())) {
                std::error_code failed;
                removed += fs::remove_all(at->path(), failed) > 0 && !failed ? 1 : 0;
            }
        }
    }
    return removed;
}

} // namespace mortise::plugin
