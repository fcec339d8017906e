// SPDX-License-Identifier: BSL-1.0
// Binding to a file, and taking one over.
#include "net/socket_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mortise::net {

namespace {

namespace errc = boost::system::errc;
constexpr int backlog = 4096; // the kernel cuts it to net.core.somaxconn

base::result<sockaddr_un> address_of(const std::filesystem::path& file) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    const auto& name = file.native();
    if (name.size() > longest_socket_path) {
        return make_error_code(errc::filename_too_long);
    }
    std::memcpy(at.sun_path, name.c_str(), name.size());
    return at;
}

base::result<base::descriptor> open_socket() {
    base::descriptor opened{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!opened) {
        return base::last_system_error();
    }
    return opened;
}

const sockaddr* plain(const sockaddr_un& at) noexcept {
    return reinterpret_cast<const sockaddr*>(&at);
}

// Makes room for a socket: removes one that nobody listens at any more.
base::result<void> clear_place(const std::filesystem::path& file, const sockaddr_un& at,
                               bool& was_taken) {
    struct stat about {};
    if (::lstat(file.c_str(), &about) != 0) {
        return {}; // nothing is there; whatever else is wrong, bind() says
    }
    if (!S_ISSOCK(about.st_mode)) {
        return make_error_code(errc::file_exists);
    }
    const auto probe = open_socket();
    if (!probe) {
        return probe.error();
    }
    if (::connect(probe->number(), plain(at), sizeof at) == 0 || errno == EAGAIN) {
        return make_error_code(errc::address_in_use);
    }
    if (errno != ECONNREFUSED && errno != ENOENT) {
        return base::last_system_error();
    }
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) {
        return base::last_system_error();
    }
    was_taken = true;
    return {};
}

} // namespace

std::string judge_socket_path(const std::string& path) {
    if (path.find('\0') != path.npos) {
        return "\"" + path + "\" is no path of a unix socket: it holds a zero byte; take it out";
    }
    return path.size() <= longest_socket_path
               ? std::string{}
               : "\"" + path + "\" is too long for a unix socket, with " +
                     std::to_string(path.size()) + " bytes; choose a path of at most " +
                     std::to_string(longest_socket_path) + " bytes";
}

socket_file::socket_file(std::filesystem::path file) noexcept : file_{std::move(file)} {
    struct stat about {};
    if (::lstat(file_.c_str(), &about) == 0) {
        device_ = about.st_dev;
        number_ = about.st_ino;
    }
}

socket_file::socket_file(socket_file&& from) noexcept
    : file_{std::exchange(from.file_, {})}, device_{from.device_}, number_{from.number_} {}

socket_file& socket_file::operator=(socket_file&& from) noexcept {
    std::swap(file_, from.file_);
    std::swap(device_, from.device_);
    std::swap(number_, from.number_);
    return *this;
}

// A host that was started meanwhile may have put its own there.
socket_file::~socket_file() {
    struct stat about {};
    if (!file_.empty() && ::lstat(file_.c_str(), &about) == 0 && about.st_dev == device_ &&
        about.st_ino == number_) {
        ::unlink(file_.c_str());
    }
}

base::result<unsigned> socket_file::set_mode(unsigned mode) const {
    const base::descriptor opened{::open(file_.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
    struct stat about {};
    if (!opened || ::fstat(opened.number(), &about) != 0) {
        return base::last_system_error();
    }
    if (about.st_dev != device_ || about.st_ino != number_) {
        return make_error_code(errc::file_exists);
    }
    const unsigned before = about.st_mode & 07777U;
    // By its descriptor, which fchmod() refuses: at the path, another file may be by now.
    const auto itself = "/proc/self/fd/" + std::to_string(opened.number());
    if (before != mode && ::chmod(itself.c_str(), mode) != 0) {
        return base::last_system_error();
    }
    return before;
}

base::result<local_socket> local_socket::open(const std::filesystem::path& file, unsigned mode) {
    const auto at = address_of(file);
    if (!at) {
        return at.error();
    }
    bool has_replaced = false;
    if (const auto cleared = clear_place(file, *at, has_replaced); !cleared) {
        return cleared.error();
    }
    auto opened = open_socket();
    if (!opened) {
        return opened.error();
    }
    const mode_t before = ::umask(0777 & ~mode);
    const int bound = ::bind(opened->number(), plain(*at), sizeof *at);
    const auto error = base::last_system_error();
    ::umask(before);
    if (bound != 0) {
        return error;
    }
    local_socket made{std::move(*opened), socket_file{file}, has_replaced};
    if (::listen(made.descriptor.number(), backlog) != 0) {
        return base::last_system_error();
    }
    return made;
}

} // namespace mortise::net
