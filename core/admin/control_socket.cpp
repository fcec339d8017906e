// SPDX-License-Identifier: BSL-1.0
// The file of a listener.
#include "admin/control_socket.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace mortise::admin {

namespace {

namespace asio = boost::asio;
using local = asio::local::stream_protocol;
using boost::system::error_code;

// Whether a host listens there now.
bool is_in_use(asio::io_context& control, const std::filesystem::path& file) {
    local::socket probing{control};
    error_code error;
    probing.connect(file.native(), error);
    return !error;
}

std::string cannot_listen(const std::filesystem::path& file, const std::string& why,
                          const std::string& cure) {
    return "cannot open the control socket " + file.string() + ": " + why + "; " + cure;
}

} // namespace

control_socket::control_socket(asio::io_context& control, std::filesystem::path file)
    : listener_{std::make_shared<listener>(control)}, file_{std::move(file)} {}

boost::system::result<std::unique_ptr<control_socket>, std::string>
control_socket::open(asio::io_context& control, const std::filesystem::path& file) {
    if (file.native().size() > longest_socket_name) {
        return cannot_listen(file, "its name is too long",
                             "choose one of at most " + std::to_string(longest_socket_name) +
                                 " bytes with --control");
    }
    struct stat about {};
    if (::lstat(file.c_str(), &about) == 0) {
        if (!S_ISSOCK(about.st_mode)) {
            return cannot_listen(file, "another file is there", "choose another with --control");
        }
        if (is_in_use(control, file)) {
            return cannot_listen(file, "another host listens there",
                                 "stop it, or choose another with --control");
        }
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
    }
    std::unique_ptr<control_socket> made{new control_socket{control, file}};
    const mode_t before = ::umask(0117); // nobody else may open it, not even for a moment
    const error_code error = made->listener_->open(local::endpoint{file.native()});
    ::umask(before);
    if (error) {
        return cannot_listen(file, error.message(),
                             "let the host's user write there, or choose another with --control");
    }
    made->is_bound_ = true;
    return made;
}

control_socket::~control_socket() {
    if (is_bound_) {
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
    }
}

void control_socket::start(command_handler handle) {
    listener_->start(std::move(handle), {});
}

} // namespace mortise::admin
