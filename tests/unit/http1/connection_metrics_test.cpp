// SPDX-License-Identifier: BSL-1.0
// What is counted of a connection's exchanges: each once, by what it came to.
#include "observe/prometheus_text.hpp"
#include "observe/request_metrics.hpp"
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using observe::outcome;

struct counted : served {
    observe::request_metrics all{1};
    observe::loop_metrics loop{all, 0};
    observe::request_series& route = all.of_route("p", "/{name}", "GET");
    http::served_route served_by{"/{name}", &route};
    http::exchange* kept = nullptr;
    net::listener_settings at; // which connections read again

    explicit counted(bool begins_by_proxy = false) {
        handler.on_request = [this](http::exchange& exchange) {
            exchange.set_route(&served_by);
            kept = &exchange;
        };
        host.emplace(settings, handler, observation{nullptr, &loop});
        at.proxy_protocol = begins_by_proxy;
        host->accept(client, at, *net::parse_address("10.0.0.1"));
    }
    // How many requests came to this, with that route and GET.
    std::uint64_t count_of(outcome came_to) const {
        std::uint64_t all_of_them = 0;
        for (const auto count : route.read(0, came_to).counts) {
            all_of_them += count;
        }
        return all_of_them;
    }
    bool shows(const std::string& line) const {
        observe::prometheus_text to;
        all.write(to);
        return to.text().find('\n' + line + '\n') != std::string::npos;
    }
    bool has_active(int number) const {
        return shows("http_server_active_requests " + std::to_string(number));
    }
};

TEST(ConnectionMetrics, CountARequestOnceItIsAnswered) {
    counted served;
    served.send(get("/a"));
    EXPECT_TRUE(served.has_active(1));
    EXPECT_EQ(served.count_of(outcome::success), 0U);
    served.kept->respond({.status = 203});
    served.receive();
    EXPECT_TRUE(served.has_active(0));
    EXPECT_EQ(served.count_of(outcome::success), 1U);
}

TEST(ConnectionMetrics, CountEachOfAPipeline) {
    counted served;
    served.handler.on_request = [&](http::exchange& exchange) {
        exchange.set_route(&served.served_by);
        exchange.respond({.status = exchange.request().path == "/a" ? 200U : 302U});
    };
    served.send(get("/a") + get("/b") + get("/a") + "HEAD / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(served.count_of(outcome::success), 2U);
    EXPECT_EQ(served.count_of(outcome::redirection), 1U);
    EXPECT_EQ(served.route.read(1, outcome::redirection).counts[0], 1U);
    EXPECT_TRUE(served.has_active(0));
    EXPECT_GT(served.route.held().count(), 0);
}

TEST(ConnectionMetrics, GoOnWhereSettingsChange) {
    counted served;
    served.send(get("/a"));
    served.host->workspace().set_settings({});
    served.kept->respond({.status = 200});
    served.receive();
    served.send(get("/b"));
    EXPECT_TRUE(served.has_active(1));
    served.kept->respond({.status = 200});
    served.receive();
    EXPECT_EQ(served.count_of(outcome::success), 2U);
}

TEST(ConnectionMetrics, CountWhatNoRouteServes) {
    counted served;
    served.handler.on_request = [](http::exchange& exchange) {
        http::respond_with(exchange, {404, "No"});
    };
    served.send(get("/a"));
    EXPECT_TRUE(
        served.shows("http_server_request_duration_seconds_count{plugin=\"\",http_route=\"\","
                     "http_request_method=\"GET\",http_response_status_class=\"4xx\"} 1"));
}

TEST(ConnectionMetrics, CountAHeadThatIsRefused) {
    counted served;
    served.send("BAD\r\n");
    EXPECT_TRUE(served.shows("mortise_requests_refused_total 1"));
    EXPECT_TRUE(served.has_active(0));
    EXPECT_TRUE(
        served.shows("http_server_request_duration_seconds_count{plugin=\"\",http_route=\"\","
                     "http_request_method=\"_OTHER\",http_response_status_class=\"4xx\"} 1"));
}

TEST(ConnectionMetrics, CountALateHandlerOnce) {
    counted served;
    served.send(get("/a"));
    served.pass(std::chrono::seconds{60});
    served.kept->respond({});
    served.receive();
    EXPECT_EQ(served.count_of(outcome::server_error), 1U);
    EXPECT_EQ(served.count_of(outcome::success), 0U);
    EXPECT_TRUE(served.has_active(0));
}

TEST(ConnectionMetrics, CountAClientThatLeftBeforeItsAnswer) {
    counted served;
    served.send(get("/a"));
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.count_of(outcome::aborted), 1U);
    EXPECT_TRUE(served.has_active(0));
    served.kept->respond({});
    served.receive();
    EXPECT_EQ(served.count_of(outcome::success), 0U);
}

TEST(ConnectionMetrics, CountAResponseThatMayNotBeSentByWhatIsSent) {
    counted served;
    served.send(get("/a"));
    served.kept->respond({.status = 1});
    served.receive();
    EXPECT_EQ(served.count_of(outcome::server_error), 1U);
}

TEST(ConnectionMetrics, TellAStreamThatBreaksOffFromAWholeOne) {
    counted served;
    served.send(get("/a"));
    ASSERT_TRUE(served.kept->begin_response({}, std::nullopt));
    served.receive();
    EXPECT_TRUE(served.has_active(1));
    served.kept->end_response();
    served.receive();
    EXPECT_EQ(served.count_of(outcome::success), 1U);
    served.send(get("/b"));
    ASSERT_TRUE(served.kept->begin_response({}, std::nullopt));
    served.kept->abort_response();
    served.receive();
    EXPECT_EQ(served.count_of(outcome::success), 1U);
    EXPECT_EQ(served.count_of(outcome::aborted), 1U);
    EXPECT_TRUE(served.has_active(0));
}

TEST(ConnectionMetrics, CountOnceWhereContentIsLeft) {
    counted served;
    served.handler.on_request = [&](http::exchange& exchange) {
        exchange.set_route(&served.served_by);
        exchange.respond({});
    };
    served.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    EXPECT_EQ(served.count_of(outcome::success), 1U);
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.count_of(outcome::success), 1U);
    EXPECT_TRUE(served.has_active(0));
}

TEST(ConnectionMetrics, CountAConnectionWithoutASoundProxyHeader) {
    counted sound{true};
    sound.send("PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n" + get("/a"));
    EXPECT_TRUE(sound.shows("mortise_proxy_headers_refused_total 0"));
    counted missing{true};
    missing.send(get("/a"));
    EXPECT_TRUE(missing.shows("mortise_proxy_headers_refused_total 1"));
    EXPECT_TRUE(missing.shows("mortise_requests_refused_total 0")); // none was read
    counted late{true};
    late.send("PROXY");
    late.pass(std::chrono::seconds{10});
    EXPECT_TRUE(late.shows("mortise_proxy_headers_refused_total 1"));
    counted silent{true}; // which has said nothing wrong
    silent.pass(std::chrono::seconds{10});
    EXPECT_TRUE(silent.shows("mortise_proxy_headers_refused_total 0"));
    counted unasked;
    unasked.send(get("/a"));
    EXPECT_TRUE(unasked.shows("mortise_proxy_headers_refused_total 0"));
}

} // namespace
} // namespace mortise::http1
