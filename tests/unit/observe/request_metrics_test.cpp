// SPDX-License-Identifier: BSL-1.0
// Series of requests: which there are, what is counted where.
#include "observe/prometheus_text.hpp"
#include "observe/request_metrics.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>

namespace mortise::observe {
namespace {

using namespace std::chrono_literals;

std::string text_of(const request_metrics& all) {
    prometheus_text to;
    all.write(to);
    return to.text();
}

// The line of a duration's count, or of a bucket of it.
std::string line_of(std::string_view suffix, std::string_view plugin, std::string_view route,
                    std::string_view method, std::string_view status, std::string_view rest) {
    return "http_server_request_duration_seconds" + std::string{suffix} + "{plugin=\"" +
           std::string{plugin} + "\",http_route=\"" + std::string{route} +
           "\",http_request_method=\"" + std::string{method} + "\",http_response_status_class=\"" +
           std::string{status} + '"' + std::string{rest} + '\n';
}

bool has(const std::string& text, const std::string& line) {
    return text.find('\n' + line) != text.npos;
}

TEST(RequestSeries, CountsADurationWithinItsBound) {
    request_series series{"p", "/", {"GET", "HEAD"}, 1};
    series.count(0, 1, outcome::success, 5ms);
    series.count(0, 1, outcome::success, 5ms + 1ns);
    series.count(0, 1, outcome::success, 10s);
    series.count(0, 1, outcome::success, 10s + 1ns);
    const auto total = series.read(1, outcome::success);
    EXPECT_EQ(total.counts[0], 1U);
    EXPECT_EQ(total.counts[1], 1U);
    EXPECT_EQ(total.counts[13], 1U);
    EXPECT_EQ(total.counts[14], 1U);
    EXPECT_EQ(total.nanoseconds, 20'010'000'002U);
    EXPECT_EQ(series.read(0, outcome::success).nanoseconds, 0U);
    EXPECT_EQ(series.read(1, outcome::redirection).nanoseconds, 0U);
}

TEST(RequestSeries, TellsWhatAStatusComesTo) {
    EXPECT_EQ(outcome_of(200), outcome::success);
    EXPECT_EQ(outcome_of(399), outcome::redirection);
    EXPECT_EQ(outcome_of(404), outcome::client_error);
    EXPECT_EQ(outcome_of(599), outcome::server_error);
    EXPECT_EQ(outcome_of(0), outcome::aborted);
    EXPECT_EQ(outcome_of(600), outcome::aborted);
}

TEST(RequestMetrics, AreThereWithTheirRoute) {
    request_metrics all{2};
    const auto before = text_of(all);
    EXPECT_TRUE(has(before, line_of("_count", "", "", "GET", "2xx", "} 0")));
    EXPECT_TRUE(has(before, line_of("_count", "", "", "_OTHER", "aborted", "} 0")));
    all.of_route("p", "a.example/{x}", "GET");
    const auto after = text_of(all);
    EXPECT_TRUE(
        has(after, line_of("_bucket", "p", "a.example/{x}", "HEAD", "5xx", ",le=\"+Inf\"} 0")));
}

TEST(RequestMetrics, GoOnWhereTheRouteComesAgain) {
    request_metrics all{1};
    auto& first = all.of_route("p", "/", "PUT");
    EXPECT_EQ(&all.of_route("p", "/", "PUT"), &first);
    EXPECT_NE(&all.of_route("p", "/", "POST"), &first);
    EXPECT_NE(&all.of_route("q", "/", "PUT"), &first);
}

TEST(RequestMetrics, AddUpLoops) {
    request_metrics all{2};
    auto& route = all.of_route("p", "/", "GET");
    for (const std::size_t loop : {0, 1}) {
        loop_metrics side{all, loop};
        side.open_connection();
        side.open_connection();
        side.close_connection();
        side.begin_request();
        side.begin_request();
        side.hold(&route, 250ms);
        side.end_request(route, false, outcome::success, 30ms);
    }
    const auto text = text_of(all);
    EXPECT_TRUE(has(text, line_of("_count", "p", "/", "GET", "2xx", "} 2")));
    EXPECT_TRUE(has(text, line_of("_bucket", "p", "/", "GET", "2xx", ",le=\"0.025\"} 0")));
    EXPECT_TRUE(has(text, line_of("_bucket", "p", "/", "GET", "2xx", ",le=\"0.05\"} 2")));
    EXPECT_TRUE(has(text, line_of("_sum", "p", "/", "GET", "2xx", "} 0.06")));
    EXPECT_TRUE(has(text, "http_server_active_requests 2\n"));
    EXPECT_TRUE(has(text, "http_server_open_connections 2\n"));
    EXPECT_TRUE(has(text, "mortise_connections_accepted_total 4\n"));
    EXPECT_TRUE(has(text, "mortise_plugin_loop_seconds_total{plugin=\"p\",route=\"/\"} 0.5\n"));
}

TEST(RequestMetrics, CountHeadWithGetUnlessItHasARoute) {
    request_metrics all{1};
    loop_metrics side{all, 0};
    auto& get = all.of_route("p", "/", "GET");
    side.end_request(get, true, outcome::success, 1ms);
    EXPECT_TRUE(has(text_of(all), line_of("_count", "p", "/", "HEAD", "2xx", "} 1")));
    auto& head = all.of_route("p", "/", "HEAD");
    side.end_request(head, true, outcome::success, 1ms);
    const auto text = text_of(all);
    const auto line = line_of("_count", "p", "/", "HEAD", "2xx", "} 2");
    EXPECT_TRUE(has(text, line));
    EXPECT_EQ(text.find(line), text.rfind(line));
}

TEST(RequestMetrics, MakeNoSeriesOfMethodsThatNobodyNamed) {
    request_metrics all{1};
    loop_metrics side{all, 0};
    const auto lines = [&] { return std::ranges::count(text_of(all), '\n'); };
    const auto before = lines();
    side.refuse("<unknown>", 501, 1ms);
    side.refuse("", 400, 1ms);
    side.end_unrouted("PROPFIND", outcome::client_error, 1ms);
    side.end_unrouted("DELETE", outcome::client_error, 1ms);
    const auto text = text_of(all);
    EXPECT_EQ(lines(), before);
    EXPECT_TRUE(has(text, line_of("_count", "", "", "_OTHER", "5xx", "} 1")));
    EXPECT_TRUE(has(text, line_of("_count", "", "", "_OTHER", "4xx", "} 2")));
    EXPECT_TRUE(has(text, line_of("_count", "", "", "DELETE", "4xx", "} 1")));
    EXPECT_TRUE(has(text, "mortise_requests_refused_total 2\n"));
}

} // namespace
} // namespace mortise::observe
