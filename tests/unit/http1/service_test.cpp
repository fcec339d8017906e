// SPDX-License-Identifier: BSL-1.0
// A service on a real loop, with real sockets.
#include "async/loop.hpp"
#include "http1/service.hpp"
#include "unit/http1/served.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

// A service in a thread of its own, at a port that the kernel chose.
class running_service {
public:
    explicit running_service(const settings& settings = {}, std::size_t capacity = 100)
        : settings_{settings},
          service_{std::make_unique<service>(loop_, settings_, handler, nullptr, capacity)} {
        const auto socket =
            net::open_listening_socket({boost::asio::ip::address_v4::loopback(), 0});
        endpoint_ = *net::local_endpoint(*socket);
        service_->listen(*socket);
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
    async::loop loop_{0};
    const settings settings_;
    std::unique_ptr<service> service_;
    tcp::endpoint endpoint_;
    std::thread thread_;
};

// A blocking client.
class socket_client {
public:
    explicit socket_client(const running_service& service) { socket_.connect(service.endpoint()); }

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

TEST(Service, AnswersOverASocket) {
    running_service service;
    socket_client client{service};
    for (const auto* const path : {"/a", "/b"}) {
        client.send(get(path));
        EXPECT_EQ(client.receive(answer_to(path)), answer_to(path));
    }
    EXPECT_EQ(service.ask([](auto& each) { return each.connection_count(); }), 1U);
}

TEST(Service, AnswersAClientThatShutsItsSideWithItsRequest) {
    running_service service;
    socket_client client{service};
    client.send(get("/a"));
    client.shut();
    EXPECT_EQ(client.receive_all(), answer_to("/a"));
}

TEST(Service, SendsLargeContentToAClientThatReadsLate) {
    running_service service;
    const std::string content(20'000'000, 'x');
    std::promise<void> released;
    service.ask([&](auto&) {
        service.handler.on_request = [&](http::exchange& exchange) {
            exchange.respond({.content = content,
                              .release =
                                  [](void* promise) noexcept {
                                      static_cast<std::promise<void>*>(promise)->set_value();
                                  },
                              .release_argument = &released});
        };
        return true;
    });
    socket_client client{service};
    client.send(get("/a"));
    EXPECT_EQ(client.receive(answer_to(content)), answer_to(content));
    released.get_future().get();
}

TEST(Service, AnswersWhenAHandlerDoesLater) {
    running_service service;
    keeping_client client{service};
    EXPECT_EQ(service.ask([](auto& each) { return each.exchange_count(); }), 1U);
    service.ask([&](auto&) { return client.exchange().respond({.content = "late"}); });
    EXPECT_EQ(client.receive(answer_to("late")), answer_to("late"));
    EXPECT_EQ(service.ask([](auto& each) { return each.exchange_count(); }), 0U);
}

// The connection reads nothing meanwhile: the requests behind lie in the kernel.
TEST(Service, TellsOfAResetBehindUnreadRequests) {
    running_service service;
    keeping_client client{service};
    client.send(get("/b") + get("/c"));
    client.reset();
    EXPECT_EQ(client.wait_until_abandoned(), 499U);
    service.ask([&](auto&) { return client.exchange().respond({}); });
    EXPECT_EQ(service.ask([](auto& each) { return each.exchange_count(); }), 0U);
}

TEST(Service, TellsOfAHalfCloseBehindUnreadRequests) {
    running_service service;
    keeping_client client{service, true};
    client.send(get("/b") + get("/c"));
    client.shut();
    EXPECT_EQ(client.wait_until_abandoned(), 499U);
    service.ask([&](auto&) { return client.exchange().respond({}); });
    EXPECT_EQ(client.receive_all(), "");
}

TEST(Service, TellsOfAResetThatFollowsAHalfClose) {
    running_service service;
    keeping_client client{service};
    client.shut();
    client.reset();
    EXPECT_EQ(client.wait_until_abandoned(), 499U);
    service.ask([&](auto&) { return client.exchange().respond({}); });
}

TEST(Service, TellsThatItStops) {
    running_service service;
    keeping_client client{service};
    service.ask([](auto& each) { return each.close(), true; });
    EXPECT_EQ(client.wait_until_abandoned(), 503U);
    service.ask([&](auto&) { return client.exchange().respond({}); });
}

TEST(Service, IsNotDryBeforeAHandlerThatOutlivesItsClient) {
    running_service service;
    keeping_client client{service};
    service.ask([&](auto&) { return client.exchange().set_outlives_client(true), true; });
    client.reset();
    while (service.ask([](auto& each) { return each.connection_count(); }) != 0) {
    }
    auto dry = service.drain();
    EXPECT_EQ(dry.wait_for(0s), std::future_status::timeout);
    service.ask([&](auto&) { return client.exchange().respond({}); });
    dry.get();
}

TEST(Service, LetsConnectionsBeyondItsCapacityWait) {
    running_service service{{}, 1};
    auto first = std::make_unique<socket_client>(service);
    first->send(get("/a"));
    EXPECT_EQ(first->receive(answer_to("/a")), answer_to("/a"));
    socket_client second{service};
    second.send(get("/b"));
    first->send(get("/c"));
    EXPECT_EQ(first->receive(answer_to("/c")), answer_to("/c"));
    EXPECT_EQ(service.ask([](auto& each) { return each.connection_count(); }), 1U);
    first.reset();
    EXPECT_EQ(second.receive(answer_to("/b")), answer_to("/b"));
}

TEST(Service, ClosesConnectionsThatAreIdleTooLong) {
    settings settings;
    settings.deadlines.keep_alive = 1ms;
    running_service service{settings};
    socket_client client{service};
    client.send(get("/a"));
    EXPECT_EQ(client.receive_all(), answer_to("/a"));
}

TEST(Service, EndsAConnectionWhoseHeaderSectionIsLate) {
    settings settings;
    settings.deadlines.header = 1ms;
    settings.deadlines.linger = 1ms;
    running_service service{settings};
    socket_client client{service};
    client.send("GET ");
    const auto received = client.receive_all();
    // Silent where time was over before the client's first bytes.
    EXPECT_TRUE(received.empty() || received.starts_with("HTTP/1.1 408 ")) << received;
}

TEST(Service, AnswersForAHandlerThatIsLate) {
    settings settings;
    settings.deadlines.handler = 1ms;
    settings.deadlines.linger = 1ms;
    running_service service{settings};
    http::exchange* kept = nullptr;
    service.ask([&](auto&) {
        service.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
        return true;
    });
    socket_client client{service};
    client.send(get("/a"));
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 504 "));
    service.ask([&](auto&) { return kept->respond({}); });
    EXPECT_EQ(service.ask([](auto& each) { return each.exchange_count(); }), 0U);
}

TEST(Service, IsDryAtOnceWithoutConnections) {
    running_service service;
    service.drain().get();
}

TEST(Service, ClosesIdleConnectionsWhenItDrains) {
    running_service service;
    socket_client client{service};
    client.send(get("/a"));
    EXPECT_EQ(client.receive(answer_to("/a")), answer_to("/a"));
    service.drain().get();
    EXPECT_EQ(client.receive_all(), "");
}

TEST(Service, FinishesWhatIsUnderWayWhenItDrains) {
    running_service service;
    keeping_client client{service};
    auto dry = service.drain();
    EXPECT_EQ(service.ask([](auto& each) { return each.connection_count(); }), 1U);
    service.ask([&](auto&) { return client.exchange().respond({.content = "late"}); });
    EXPECT_EQ(client.receive_all(), answer_to("late", "Connection: close\r\n"));
    dry.get();
}

TEST(Service, AcceptsNoMoreWhenItDrains) {
    running_service service;
    service.drain().get();
    EXPECT_THROW(socket_client{service}, boost::system::system_error);
}

} // namespace
} // namespace mortise::http1
