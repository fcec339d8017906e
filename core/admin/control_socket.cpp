// SPDX-License-Identifier: BSL-1.0
// Connections over Boost.Beast.
#include "admin/control_socket.hpp"

#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace mortise::admin {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using local = asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::chrono::seconds time_to_send{10}; // for a whole request, and for an answer
constexpr std::size_t largest_content = std::size_t{64} * 1024;

// One connection. Lives by the handlers that wait for it.
class session : public std::enable_shared_from_this<session> {
public:
    session(local::socket socket, std::shared_ptr<const command_handler> handle)
        : stream_{std::move(socket)}, handle_{std::move(handle)} {}

    void read() {
        parser_.emplace();
        parser_->body_limit(largest_content);
        stream_.expires_after(time_to_send);
        http::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (!error) {
                                 self->stream_.expires_never(); // a reload takes its time
                                 self->obey();
                             }
                         });
    }

private:
    void obey() {
        const auto& request = parser_->get();
        (*handle_)({std::string{request.method_string()}, std::string{request.target()}},
                   [self = shared_from_this()](answer given) { self->write(std::move(given)); });
    }

    void write(answer given) {
        reply_ = {};
        reply_.result(given.status);
        reply_.set(http::field::content_type, "application/json");
        reply_.keep_alive(parser_->get().keep_alive());
        reply_.body() = boost::json::serialize(given.content) + "\n";
        reply_.prepare_payload();
        stream_.expires_after(time_to_send);
        http::async_write(stream_, reply_,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (!error && self->reply_.keep_alive()) {
                                  self->read();
                              }
                          });
    }

    beast::basic_stream<local> stream_;
    const std::shared_ptr<const command_handler> handle_;
    beast::flat_buffer buffer_{largest_content};
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> reply_;
};

std::string cannot_listen(const std::filesystem::path& file, const error_code& error) {
    namespace errc = boost::system::errc;
    const std::string begin = "cannot open the control socket " + file.string() + ": ";
    if (error == errc::file_exists) {
        return begin + "another file is there; choose another with --control";
    }
    if (error == errc::address_in_use) {
        return begin + "another host listens there; stop it, or choose another with --control";
    }
    return begin + error.message() +
           "; let the host's user write there, or choose another with --control";
}

} // namespace

control_socket::control_socket(asio::io_context& control) : acceptor_{control} {}

boost::system::result<std::unique_ptr<control_socket>, std::string>
control_socket::open(asio::io_context& control, const std::filesystem::path& file) {
    constexpr unsigned mode = 0660;
    auto opened = net::local_socket::open(file, mode);
    if (!opened) {
        return cannot_listen(file, opened.error());
    }
    std::unique_ptr<control_socket> made{new control_socket{control}};
    made->file_ = std::move(opened->file);
    error_code error;
    made->acceptor_.assign(local{}, opened->descriptor.number(), error);
    if (error) {
        return cannot_listen(file, error);
    }
    opened->descriptor.release();
    return made;
}

void control_socket::start(command_handler handle) {
    handle_ = std::make_shared<const command_handler>(std::move(handle));
    accept_next();
}

void control_socket::accept_next() {
    acceptor_.async_accept([this](const error_code& error, local::socket socket) {
        if (error == asio::error::operation_aborted) {
            return;
        }
        if (!error) {
            std::make_shared<session>(std::move(socket), handle_)->read();
        }
        accept_next();
    });
}

} // namespace mortise::admin
