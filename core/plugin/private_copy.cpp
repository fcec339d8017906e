// SPDX-License-Identifier: BSL-1.0
// Writing a copy, and comparing it.
#include "plugin/private_copy.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

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

private_copy::private_copy(private_directory directory, std::string_view name)
    : directory_{std::move(directory)}, path_{directory_.path() / name} {}

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
    auto directory = private_directory::make();
    if (!directory) {
        return std::move(directory).error();
    }
    private_copy copy{std::move(*directory), name};
    if (!write_file(copy.path_, bytes)) {
        return fault{"cannot be copied to " + copy.directory_.path().string() + ": " +
                         std::system_category().message(errno),
                     "make room there, or set TMPDIR"};
    }
    return copy;
}

} // namespace mortise::plugin
