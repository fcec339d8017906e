// SPDX-License-Identifier: BSL-1.0
// Opening the access log, and mending its end.
#include "observe/access_file.hpp"

#include "observe/log.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mortise::observe {

namespace {

// Whether the file is one with bytes, the last of which ends no line.
bool ends_within_line(const std::string& path) noexcept {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        return false;
    }
    struct stat about {};
    char last = '\n';
    const bool has_bytes =
        ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
    const bool is_read = has_bytes && ::pread(descriptor, &last, 1, about.st_size - 1) == 1;
    ::close(descriptor);
    return is_read && last != '\n';
}

// Nothing is waited for: a FIFO that nobody reads is an error, and one that is full is waited for
// when it is written.
constexpr int appending = O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

std::string cannot_open(const std::string& path, int number) {
    return path + " cannot be opened: " + std::system_category().message(number);
}

} // namespace

std::string access_file::judge(const std::string& path) {
    std::error_code error;
    const auto there = std::filesystem::status(path, error);
    if (std::filesystem::is_directory(there)) {
        return cannot_open(path, EISDIR);
    }
    const bool may_be_made =
        there.type() == std::filesystem::file_type::not_found &&
        std::filesystem::is_directory(std::filesystem::absolute(path).parent_path(), error);
    if (std::filesystem::exists(there) || may_be_made || error == std::errc::permission_denied) {
        return {}; // as far as who asks may see
    }
    return cannot_open(path, error ? error.value() : ENOENT);
}

std::string access_file::open(std::string path, access_file& to) {
    const int descriptor = ::open(path.c_str(), appending | O_CREAT, 0640);
    if (descriptor < 0) {
        return cannot_open(path, errno);
    }
    access_file opened{descriptor};
    opened.path_ = std::move(path);
    if (ends_within_line(opened.path_) && ::write(descriptor, "\n", 1) == 1) {
        log(level::warning, "the access log ended within a line, which was ended",
            {{"file", opened.path_}});
    }
    to = std::move(opened);
    return {};
}

access_file::~access_file() {
    if (!path_.empty()) {
        ::close(descriptor_);
    }
}

void access_file::reopen() {
    if (path_.empty()) {
        return;
    }
    if (const auto fault = open(path_, *this); !fault.empty()) {
        log(level::error, "access log: " + fault + "; what was open is written on");
    } else {
        log(level::info, "the access log was opened anew", {{"file", path_}});
    }
}

} // namespace mortise::observe
