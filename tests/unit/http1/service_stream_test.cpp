// SPDX-License-Identifier: BSL-1.0
// Streams over real sockets, and clients that leave.
#include "loopback/file.hpp"
#include "unit/http1/running_service.hpp"

#include <cstdio>
#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

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

// Writes the same piece so many times, each as soon as the last was taken.
class repeating_stream final : public http::content_write {
public:
    repeating_stream(std::string piece, int times) : piece_{std::move(piece)}, rest_{times} {}
    void begin(http::exchange& exchange) {
        exchange_ = &exchange;
        exchange.begin_response({}, std::nullopt);
        complete();
    }
    int waits() const noexcept { return waits_; }

    void complete() override {
        while (rest_ > 0) {
            --rest_;
            if (exchange_->write_content(piece_, *this).now != http::write_progress::state::done) {
                ++waits_;
                return;
            }
        }
        exchange_->end_response();
    }
    void fail(const http::problem&) override {}

private:
    std::string piece_;
    http::exchange* exchange_ = nullptr;
    int rest_;
    int waits_ = 0;
};

std::string chunked(std::string_view piece, int times) {
    std::string text{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"};
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    for (int count = 0; count < times; ++count) {
        text.append(size).append(piece).append("\r\n");
    }
    return text.append("0\r\n\r\n");
}

TEST(Service, StreamsToAClientThatReadsLate) {
    running_service service;
    const std::string piece(300'000, 'x');
    repeating_stream stream{piece, 50};
    service.ask([&](auto&) {
        service.handler.on_request = [&](http::exchange& exchange) { stream.begin(exchange); };
        return true;
    });
    socket_client client{service};
    client.send(get("/a"));
    const auto expected = chunked(piece, 50);
    EXPECT_EQ(client.receive(expected), expected);
    EXPECT_GT(service.ask([&](auto&) { return stream.waits(); }), 0);
    EXPECT_EQ(service.ask([](auto& each) { return each.exchange_count(); }), 0U);
}

TEST(Service, SendsAPieceAsSoonAsItIsWritten) {
    running_service service;
    keeping_client client{service};
    repeating_stream unused{"", 0};
    service.ask([&](auto&) { return client.exchange().begin_response({}, std::nullopt); });
    const std::string head{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"};
    EXPECT_EQ(client.receive(head), head);
    for (int count = 0; count < 3; ++count) {
        service.ask([&](auto&) { return client.exchange().write_content("event", unused).now; });
        EXPECT_EQ(client.receive_exactly(10), "5\r\nevent\r\n");
    }
    service.ask([&](auto&) { return client.exchange().end_response(), true; });
    EXPECT_EQ(client.receive_exactly(5), "0\r\n\r\n");
}

TEST(Service, TellsAStreamThatItsClientIsReset) {
    running_service service;
    keeping_client client{service};
    service.ask([&](auto&) { return client.exchange().begin_response({}, std::nullopt); });
    client.send(get("/b"));
    client.reset();
    EXPECT_EQ(client.wait_until_abandoned(), 499U);
    service.ask([&](auto&) { return client.exchange().end_response(), true; });
    EXPECT_EQ(service.ask([](auto& each) { return each.exchange_count(); }), 0U);
}

TEST(Service, SendsALargeFileToAClientThatReadsLate) {
    running_service service;
    const std::string content(20'000'000, 'x');
    http::file_content file{loopback::make_file(content), 0, content.size()};
    service.ask([&](auto&) {
        service.handler.on_request = [&](http::exchange& exchange) {
            exchange.respond({.file = &file});
        };
        return true;
    });
    socket_client client{service};
    client.send(get("/a"));
    EXPECT_EQ(client.receive(answer_to(content)), answer_to(content));
    EXPECT_FALSE(service.ask([&](auto&) { return loopback::is_open(file.descriptor); }));
}

} // namespace
} // namespace mortise::http1
