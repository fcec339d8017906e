// SPDX-License-Identifier: BSL-1.0
// The file of a listener.
#include "admin/control_socket.hpp"

#include "observe/log.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <string>
#include <utility>

namespace mortise::admin {

namespace {

std::string cannot_listen(const std::filesystem::path& file, const base::error_code& error) {
    namespace errc = boost::system::errc;
    const std::string begin = "cannot open the control socket " + file.string() + ": ";
    if (error == errc::file_exists) {
        return begin + "another file is there; choose another with --control";
    }
    if (error == errc::address_in_use) {
        return begin + "another host listens there; stop it, or choose another with --control";
    }
    if (error == errc::filename_too_long) {
        return begin + "its name is too long; choose one of at most " +
               std::to_string(net::longest_socket_path) + " bytes with --control";
    }
    return begin + error.message() +
           "; let the host's user write there, or choose another with --control";
}

} // namespace

control_socket::control_socket(boost::asio::io_context& control, std::filesystem::path file)
    : path_{std::move(file)}, listener_{std::make_shared<listener>(control)} {}

boost::system::result<std::unique_ptr<control_socket>, std::string>
control_socket::open(boost::asio::io_context& control, const std::filesystem::path& file) {
    constexpr unsigned mode = 0660;
    auto opened = net::local_socket::open(file, mode);
    if (!opened) {
        return cannot_listen(file, opened.error());
    }
    if (opened->has_replaced) {
        observe::log(observe::level::warning,
                     "a host has ended without removing its control socket, which is replaced",
                     {{"file", file.native()}});
    }
    auto made = adopt(control, file, std::move(opened->descriptor));
    if (made) {
        (*made)->file_ = std::move(opened->file);
    }
    return made;
}

boost::system::result<std::unique_ptr<control_socket>, std::string>
control_socket::adopt(boost::asio::io_context& control, const std::filesystem::path& file,
                      base::descriptor listening) {
    std::unique_ptr<control_socket> made{new control_socket{control, file}};
    if (const auto error =
            made->listener_->adopt(boost::asio::local::stream_protocol{}, std::move(listening))) {
        return cannot_listen(file, error);
    }
    return made;
}

void control_socket::own() {
    file_.release(); // where it is answered for already
    file_ = net::socket_file{path_};
}

net::socket_offer control_socket::offer() const {
    return {"control:" + path_.string(), {listener_->descriptor()}};
}

void control_socket::close(bool removes_file) noexcept {
    listener_->close();
    if (!removes_file) {
        file_.release();
    }
    file_ = {};
}

void control_socket::start(command_handler handle) {
    listener_->start(std::move(handle), {});
}

} // namespace mortise::admin
