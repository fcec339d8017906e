// SPDX-License-Identifier: BSL-1.0
// One line of one file.
#include "config/token.hpp"

#include "base/ascii.hpp"
#include "base/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mortise::config {

namespace {
constexpr std::size_t shortest_token = 16;
}

std::string judge_token(std::string_view token) {
    if (token.size() < shortest_token) {
        return "the admin token has " + std::to_string(token.size()) +
               " characters; take at least " + std::to_string(shortest_token);
    }
    const auto is_visible = [](char byte) { return byte > ' ' && byte < 0x7f; };
    if (!std::ranges::all_of(token, is_visible)) {
        return "the admin token holds what is not visible ASCII, such as a blank or a line feed; "
               "write one line, as `openssl rand -hex 32` does";
    }
    return {};
}

std::string read_token(const std::filesystem::path& file, std::string& token) {
    const auto cannot = [&](const std::string& why, const std::string& cure) {
        return file.string() + " " + why + "; " + cure;
    };
    const base::descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat about {};
    if (!opened || ::fstat(opened.number(), &about) != 0) {
        return cannot("cannot be read: " + std::system_category().message(errno),
                      "name a file that holds the token");
    }
    if (!S_ISREG(about.st_mode)) {
        return cannot("is no file", "name one that holds the token");
    }
    if ((about.st_mode & S_IRWXO) != 0) {
        return cannot("is open to every user of this machine", "chmod o= it, and change the token");
    }
    std::array<char, 1025> room;
    const ssize_t size = ::read(opened.number(), room.data(), room.size());
    if (size < 0 || size == static_cast<ssize_t>(room.size())) {
        return cannot("holds no token", "write one line of at most 1024 characters");
    }
    std::string_view line{room.data(), static_cast<std::size_t>(size)};
    line.remove_suffix(line.ends_with("\r\n") ? 2 : line.ends_with('\n') ? 1 : 0);
    if (const auto fault = judge_token(line); !fault.empty()) {
        return file.string() + ": " + fault;
    }
    token = line;
    return {};
}

} // namespace mortise::config
