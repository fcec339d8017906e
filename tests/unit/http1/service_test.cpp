// SPDX-License-Identifier: BSL-1.0
// A service on a real loop, with real sockets.
#include "unit/http1/running_service.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

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
