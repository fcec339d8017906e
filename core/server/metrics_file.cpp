// SPDX-License-Identifier: BSL-1.0
// A file that others read while it is written anew.
#include "server/metrics_file.hpp"

#include "observe/log.hpp"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::server {
namespace {

// 0, or the errno of what failed.
int write_whole(int to, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto written = ::write(to, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return errno;
        }
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return 0;
}

std::string failure(const std::filesystem::path& file, int number) {
    return file.string() + " cannot be written: " + std::system_category().message(number);
}

// Writes `text` beside `file` and puts it into its place. Empty: done; else what failed, and on
// which file.
std::string replace_file(const std::filesystem::path& file, std::string_view text) {
    const std::filesystem::path beside = file.string() + ".new";
    const int to =
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (to < 0) {
        return failure(beside, errno);
    }
    int failed = write_whole(to, text);
    if (::close(to) != 0 && failed == 0) {
        failed = errno;
    }
    if (failed != 0) {
        ::unlink(beside.c_str());
        return failure(beside, failed);
    }
    return std::rename(beside.c_str(), file.c_str()) == 0 ? std::string{} : failure(file, errno);
}

constexpr std::chrono::seconds period{10};

} // namespace

metrics_file::metrics_file(boost::asio::io_context& control, std::filesystem::path file,
                           std::function<std::string()> text)
    : file_{std::move(file)}, text_{std::move(text)}, turn_{control} {
    write();
    write_later();
}

void metrics_file::write() {
    const auto fault = replace_file(file_, text_());
    if (!fault.empty()) {
        observe::log(observe::level::error, "metrics: " + fault);
    }
}

void metrics_file::write_later() {
    turn_.expires_after(period);
    turn_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            write();
            write_later();
        }
    });
}

} // namespace mortise::server
