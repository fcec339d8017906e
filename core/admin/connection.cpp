// SPDX-License-Identifier: BSL-1.0
// Requests and answers over Boost.Beast.
#include "admin/connection.hpp"

#include "admin/json_text.hpp"

#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mortise::admin {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::chrono::seconds time_to_send{10}; // for a whole request, and for an answer
constexpr std::size_t largest_content = std::size_t{64} * 1024;

// Lives by the handlers that wait for it.
class connection : public std::enable_shared_from_this<connection> {
public:
    connection(asio::generic::stream_protocol::socket socket, std::shared_ptr<const service> by,
               std::shared_ptr<void> place)
        : place_{std::move(place)}, stream_{std::move(socket)}, by_{std::move(by)} {}

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
        if (auto refused = refusal(head(), by_->terms)) {
            return write(std::move(*refused));
        }
        const auto& request = parser_->get();
        by_->handle({std::string{request.method_string()}, std::string{request.target()}},
                    [self = shared_from_this()](answer given) { self->write(std::move(given)); });
    }

    request_head head() const {
        const auto& request = parser_->get();
        const auto only = [&](auto name) -> std::string_view {
            return request.count(name) == 1 ? std::string_view{request[name]} : std::string_view{};
        };
        return {.method = request.method_string(),
                .target = request.target(),
                .host = only(http::field::host),
                .has_origin = request.count(http::field::origin) != 0,
                .fetch_site = only("Sec-Fetch-Site"),
                .authorization = only(http::field::authorization)};
    }

    void write(answer given) {
        reply_ = {};
        reply_.result(given.status);
        reply_.keep_alive(parser_->get().keep_alive());
        reply_.set(http::field::content_type,
                   given.other ? given.other->media_type : "application/json");
        reply_.set(http::field::cache_control, "no-store");
        for (const auto& [name, value] : given.fields) {
            reply_.set(name, value);
        }
        reply_.body() =
            given.other ? std::move(given.other->content) : json_text(given.content) + "\n";
        reply_.prepare_payload();
        if (parser_->get().method() == http::verb::head) {
            reply_.body().clear(); // its length is told all the same
        }
        stream_.expires_after(time_to_send);
        http::async_write(stream_, reply_,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (!error && self->reply_.keep_alive()) {
                                  self->read();
                              }
                          });
    }

    const std::shared_ptr<void> place_;
    beast::basic_stream<asio::generic::stream_protocol> stream_;
    const std::shared_ptr<const service> by_;
    beast::flat_buffer buffer_{largest_content};
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> reply_;
};

} // namespace

void serve(asio::generic::stream_protocol::socket socket, std::shared_ptr<const service> by,
           std::shared_ptr<void> place) {
    std::make_shared<connection>(std::move(socket), std::move(by), std::move(place))->read();
}

} // namespace mortise::admin
