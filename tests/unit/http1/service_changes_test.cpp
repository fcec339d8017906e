// SPDX-License-Identifier: BSL-1.0
// A service that is changed while it serves: where it listens, its settings, and its winding down.
#include "unit/http1/running_service.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

void change(running_service& running, const settings& next) {
    running.ask([&](auto& service) {
        service.set_settings(next);
        return true;
    });
}

void expect_answer(socket_client& client, std::string_view path, std::string_view more = {}) {
    client.send(get(path));
    EXPECT_EQ(client.receive(answer_to(path, more)), answer_to(path, more));
}

TEST(ServiceChanges, ListensAtOneMorePlace) {
    running_service service;
    socket_client first{service};
    expect_answer(first, "/a");
    const auto at = service.listen(1);
    socket_client second{at};
    expect_answer(second, "/b");
    expect_answer(first, "/c");
}

TEST(ServiceChanges, StopsListeningAtOnePlaceAlone) {
    running_service service;
    const auto at = service.listen(1);
    socket_client at_it{at};
    expect_answer(at_it, "/a");
    service.stop_listening(1);
    EXPECT_THROW(socket_client{at}, boost::system::system_error);
    expect_answer(at_it, "/b"); // it lives on
    socket_client other{service};
    expect_answer(other, "/c");
}

TEST(ServiceChanges, StopsAllListenersOfANumber) {
    running_service service;
    const auto one = service.listen(1);
    const auto two = service.listen(1);
    service.stop_listening(1);
    EXPECT_THROW(socket_client{one}, boost::system::system_error);
    EXPECT_THROW(socket_client{two}, boost::system::system_error);
    service.stop_listening(1); // there is none any more
    const auto three = service.listen(1);
    socket_client client{three};
    expect_answer(client, "/a");
}

TEST(ServiceChanges, ServesWhoWaitsWhereItStopsListening) {
    running_service service{{}, 1};
    const auto at = service.listen(1);
    socket_client first{at};
    expect_answer(first, "/a");
    std::vector<std::unique_ptr<socket_client>> waiting;
    for (int count = 0; count < 5; ++count) {
        waiting.push_back(std::make_unique<socket_client>(at));
        waiting.back()->send(get("/b"));
    }
    service.stop_listening(1);
    for (auto& each : waiting) {
        EXPECT_EQ(each->receive(answer_to("/b")), answer_to("/b"));
    }
}

TEST(ServiceChanges, FollowsNewLimitsOnOpenConnections) {
    running_service service;
    socket_client client{service};
    expect_answer(client, "/a");
    settings next;
    next.limits.target_size = 4;
    next.limits.field_count = 500;
    next.server_field = "later";
    change(service, next);
    const auto answer = [](const std::string& path) {
        return "HTTP/1.1 200 OK\r\nServer: later\r\nContent-Length: 2\r\n\r\n" + path;
    };
    client.send(get("/b"));
    EXPECT_EQ(client.receive(answer("/b")), answer("/b"));
    std::string fields;
    for (int count = 0; count < 400; ++count) {
        fields += "X: y\r\n";
    }
    client.send(get("/c", fields));
    EXPECT_EQ(client.receive(answer("/c")), answer("/c"));
    client.send(get("/toolong"));
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 414 "));
}

TEST(ServiceChanges, LetsRunningDeadlinesFollow) {
    running_service service;
    socket_client idle{service};
    expect_answer(idle, "/a");
    settings next;
    next.deadlines.keep_alive = 1ms;
    change(service, next);
    EXPECT_EQ(idle.receive_all(), "");
    EXPECT_EQ(service.ask([](auto& each) { return each.connection_count(); }), 0U);
}

TEST(ServiceChanges, LetsHandlersHaveTheirNewTime) {
    running_service service;
    keeping_client client{service};
    settings next;
    next.deadlines.handler = 1ms;
    next.deadlines.linger = 1ms;
    change(service, next);
    EXPECT_EQ(client.wait_until_abandoned(), 504U);
    service.ask([&](auto&) { return client.exchange().respond({}); });
}

TEST(ServiceChanges, AcceptsWhoWaitsWhenItsCapacityGrows) {
    running_service service{{}, 1};
    socket_client first{service};
    expect_answer(first, "/a");
    socket_client second{service};
    second.send(get("/b"));
    expect_answer(first, "/c");
    EXPECT_EQ(service.ask([](auto& each) { return each.connection_count(); }), 1U);
    service.ask([](auto& each) {
        each.set_capacity(2);
        return true;
    });
    EXPECT_EQ(second.receive(answer_to("/b")), answer_to("/b"));
    service.ask([](auto& each) {
        each.set_capacity(1); // nobody is closed for it
        return true;
    });
    expect_answer(first, "/d");
    expect_answer(second, "/e");
}

TEST(ServiceChanges, WindsDownWithoutLosingARequest) {
    running_service service;
    socket_client idle{service};
    expect_answer(idle, "/a");
    keeping_client busy{service};
    service.ask([](auto& each) {
        each.wind_down();
        return true;
    });
    service.ask([&](auto&) {
        service.handler.on_request = scripted_handler{}.on_request;
        return busy.exchange().respond({.content = "late"});
    });
    EXPECT_EQ(busy.receive_all(), answer_to("late", "Connection: close\r\n"));
    EXPECT_EQ(service.ask([](auto& each) { return each.connection_count(); }), 1U); // the idle one
    socket_client late{service};
    late.send(get("/b"));
    EXPECT_EQ(late.receive_all(), answer_to("/b", "Connection: close\r\n"));
    idle.send(get("/c"));
    EXPECT_EQ(idle.receive_all(), answer_to("/c", "Connection: close\r\n"));
}

TEST(ServiceChanges, DrainsWhenItHasWoundDown) {
    running_service service;
    socket_client idle{service};
    expect_answer(idle, "/a");
    service.ask([](auto& each) {
        each.wind_down();
        return true;
    });
    service.drain().get();
    EXPECT_EQ(idle.receive_all(), "");
    EXPECT_THROW(socket_client{service}, boost::system::system_error);
}

// Nobody else measures here, so this alone is what the exact clock is read for.
TEST(ServiceChanges, BeginsAndEndsTellingHowLongHandlersTook) {
    running_service service;
    const auto tells = [&service] {
        socket_client client{service};
        client.send(get("/a", "Connection: close\r\n"));
        return client.receive_all().find("\r\nServer-Timing: handler;dur=") != std::string::npos;
    };
    EXPECT_FALSE(tells());
    settings timing;
    timing.server_timing = true;
    change(service, timing);
    EXPECT_TRUE(tells());
    change(service, {});
    EXPECT_FALSE(tells());
}

} // namespace
} // namespace mortise::http1
