// SPDX-License-Identifier: BSL-1.0
// A service on a real loop, and clients with real sockets.
#pragma once

#include "async/loop.hpp"
#include "http1/service.hpp"
#include "unit/http1/served.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace mortise::http1::test {

using boost::asio::ip::tcp;

// A service in a thread of its own, at a port that the kernel chose.
class running_service {
public:
    explicit running_service(const settings& settings = {}, std::size_t capacity = 100,
                             observe::access_writer* access_log = nullptr)
        : service_{std::make_unique<service>(loop_, settings, handler, access_log, capacity)} {
        const auto [socket, at] = open_socket();
        endpoint_ = at;
        service_->listen(socket);
        thread_ = std::thread{[this] { loop_.run(); }};
    }
    ~running_service() {
        loop_.stop();
        thread_.join();
    }

    const tcp::endpoint& endpoint() const noexcept { return endpoint_; }
    // Runs `call` on the loop and waits for its result.
    template <class Call>
    auto ask(Call call) {
        std::promise<decltype(call(*service_))> answer;
        loop_.post([&] { answer.set_value(call(*service_)); });
        return answer.get_future().get();
    }
    // One more listener, with a number that is not 0. Its endpoint.
    tcp::endpoint listen(net::listener_number number, const net::listener_settings& terms = {}) {
        const auto [socket, at] = open_socket();
        ask([&, socket = socket](auto& service) {
            service.listen(socket, terms, number);
            return true;
        });
        return at;
    }
    void stop_listening(net::listener_number number) {
        ask([number](auto& service) {
            service.stop_listening(number);
            return true;
        });
    }
    // Starts to drain; the future is there when the service is dry.
    std::future<void> drain() {
        auto dry = std::make_shared<std::promise<void>>();
        ask([&](service& service) {
            service.drain([dry] { dry->set_value(); });
            return true;
        });
        return dry->get_future();
    }

    scripted_handler handler; // changed on the loop alone

private:
    static std::pair<int, tcp::endpoint> open_socket() {
        const int socket =
            *net::open_listening_socket({boost::asio::ip::address_v4::loopback(), 0});
        return {socket, *net::local_endpoint(socket)};
    }

    async::loop loop_{0};
    std::unique_ptr<service> service_;
    tcp::endpoint endpoint_;
    std::thread thread_;
};

// A blocking client.
class socket_client {
public:
    explicit socket_client(const running_service& service) : socket_client{service.endpoint()} {}
    explicit socket_client(const tcp::endpoint& at) { socket_.connect(at); }

    void send(std::string_view bytes) {
        boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()));
    }
    // Ends the connection as a client does that crashes.
    void reset() {
        socket_.set_option(boost::asio::socket_base::linger{true, 0});
        socket_.close();
    }
    void shut() { socket_.shutdown(tcp::socket::shutdown_send); }
    // As much as `expected` is long.
    std::string receive(std::string_view expected) {
        std::string text(expected.size() + date_line.size(), '\0');
        boost::system::error_code error;
        text.resize(boost::asio::read(socket_, boost::asio::buffer(text), error));
        return without_date(text);
    }
    std::string receive_exactly(std::size_t size) {
        std::string text(size, '\0');
        boost::system::error_code error;
        text.resize(boost::asio::read(socket_, boost::asio::buffer(text), error));
        return text;
    }
    // Everything up to the end of the stream, or its breaking.
    std::string receive_all() {
        std::string text;
        boost::system::error_code error;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(text), error);
        return without_date(text);
    }

private:
    static constexpr std::string_view date_line = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

    boost::asio::io_context context_;
    tcp::socket socket_{context_};
};

// A client that has sent a request, which the handler keeps.
class keeping_client : public socket_client, private http::exchange_observer {
public:
    explicit keeping_client(running_service& service, bool half_close_leaves = false)
        : socket_client{service} {
        service.ask([&](auto&) {
            service.handler.on_request = [this, half_close_leaves](http::exchange& each) {
                each.observe(this);
                each.set_half_close_leaves(half_close_leaves);
                kept_.set_value(&each);
            };
            return true;
        });
        send(get("/a"));
        exchange_ = kept_.get_future().get();
    }

    http::exchange& exchange() const noexcept { return *exchange_; } // used on the loop alone
    // Waits until the exchange is given up, and returns why.
    unsigned wait_until_abandoned() { return abandoned_.get_future().get(); }

private:
    void on_abandoned(const http::problem& why) noexcept override {
        abandoned_.set_value(why.status);
    }

    std::promise<http::exchange*> kept_;
    std::promise<unsigned> abandoned_;
    http::exchange* exchange_ = nullptr;
};

} // namespace mortise::http1::test
