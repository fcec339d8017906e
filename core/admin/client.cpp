// SPDX-License-Identifier: BSL-1.0
// One request and its answer.
#include "admin/client.hpp"

#include "admin/control_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>

namespace mortise::admin {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

std::string cannot_connect(const std::filesystem::path& file, const error_code& error) {
    if (error == boost::system::errc::permission_denied) {
        return file.string() + ": " + error.message() + "; ask as the host's user, or as its group";
    }
    return "no host listens at " + file.string() + " (" + error.message() +
           "); start one with --control, or name its socket with --control";
}

} // namespace

boost::system::result<answer, std::string> ask(const std::filesystem::path& file,
                                               const command& asked) {
    asio::io_context context;
    asio::local::stream_protocol::socket socket{context};
    error_code error;
    if (file.native().size() > net::longest_socket_path) {
        error = boost::system::errc::make_error_code(boost::system::errc::filename_too_long);
    } else {
        socket.connect(file.native(), error);
    }
    if (error) {
        return cannot_connect(file, error);
    }
    http::request<http::empty_body> request;
    request.method_string(asked.method);
    request.target(asked.target);
    request.set(http::field::host, "localhost");
    request.keep_alive(false);
    request.prepare_payload();
    http::write(socket, request, error);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> reply;
    reply.body_limit(boost::none);
    if (!error) {
        http::read(socket, buffer, reply, error);
    }
    if (error) {
        return "the host went away before it answered (" + error.message() + ")";
    }
    const auto content = boost::json::parse(reply.get().body(), error);
    if (error || !content.is_object()) {
        return file.string() + " did not answer as a host of Mortise does";
    }
    return answer{reply.get().result_int(), content.get_object()};
}

} // namespace mortise::admin
