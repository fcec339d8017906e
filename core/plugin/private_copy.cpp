// SPDX-License-Identifier: BSL-1.0
// Where a private copy may lie: the first directory from which code may be mapped.
#include "plugin/private_copy.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> candidates() {
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

bool write_file(const fs::path& path, std::span<const std::byte> bytes) noexcept {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0500);
    if (file < 0) {
        return false;
    }
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            break;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return ::close(file) == 0 && bytes.empty();
}

} // namespace

private_copy::private_copy(fs::path path) noexcept : path_{std::move(path)} {}

private_copy::private_copy(private_copy&& other) noexcept
    : path_{std::exchange(other.path_, {})}, is_kept_{other.is_kept_} {}

private_copy& private_copy::operator=(private_copy&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(is_kept_, other.is_kept_);
    return *this;
}

private_copy::~private_copy() {
    if (!path_.empty() && !is_kept_) {
        std::error_code ignored;
        fs::remove(path_, ignored);
        fs::remove(path_.parent_path(), ignored);
    }
}

bool private_copy::holds(std::span<const std::byte> bytes) const {
    std::ifstream file{path_, std::ios::binary};
    std::array<char, 64 * 1024> piece;
    while (file.read(piece.data(), piece.size()), file.gcount() != 0) {
        const auto size = static_cast<std::size_t>(file.gcount());
        if (size > bytes.size() || std::memcmp(piece.data(), bytes.data(), size) != 0) {
            return false;
        }
        bytes = bytes.subspan(size);
    }
    return file.eof() && bytes.empty();
}

judged<private_copy> private_copy::make(std::span<const std::byte> bytes, std::string_view name) {
    const fs::path directory = make_directory();
    if (directory.empty()) {
        return fault{"cannot be copied: no directory for temporary files lets code be mapped",
                     "set TMPDIR to one that is writable and not mounted noexec"};
    }
    private_copy copy{directory / name};
    if (!write_file(copy.path_, bytes)) {
        return fault{"cannot be copied to " + directory.string() + ": " +
                         std::system_category().message(errno),
                     "make room there, or set TMPDIR"};
    }
    return copy;
}

} // namespace mortise::plugin
