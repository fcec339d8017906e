// SPDX-License-Identifier: BSL-1.0
// Problems as the client reads them.
#include "http/problem.hpp"
#include "loopback/exchange.hpp"

#include <array>
#include <gtest/gtest.h>

namespace mortise::http {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

constexpr problem gone{404, "No route serves this path", "for the log alone"};
constexpr auto text_type = "text/plain; charset=utf-8";
constexpr auto json_type = "application/problem+json";

// The media type of the answer to a request with these Accept fields.
std::string answered_type(std::initializer_list<std::string_view> accepted) {
    loopback::exchange exchange{method::get, "/"};
    std::vector<field> request_fields;
    for (const auto value : accepted) {
        request_fields.push_back({"aCCept", value});
    }
    exchange.head().fields = request_fields;
    respond_with(exchange, gone);
    return exchange.response()->fields.at(0).second;
}

TEST(Problem, IsTextForWhoDidNotAsk) {
    loopback::exchange exchange{method::get, "/"};
    respond_with(exchange, gone);
    EXPECT_EQ(exchange.response()->status, 404U);
    EXPECT_EQ(exchange.response()->fields, (fields{{"Content-Type", text_type}}));
    EXPECT_EQ(exchange.response()->content, "404 Not Found: No route serves this path\n");
}

TEST(Problem, IsJsonForWhoAsksForIt) {
    loopback::exchange exchange{method::get, "/"};
    const std::array<field, 1> request_fields{field{"Accept", "application/problem+json"}};
    exchange.head().fields = request_fields;
    respond_with(exchange, gone);
    EXPECT_EQ(exchange.response()->fields, (fields{{"Content-Type", json_type}}));
    EXPECT_EQ(exchange.response()->content,
              R"({"type":"about:blank","status":404,"title":"Not Found",)"
              R"("detail":"No route serves this path"})"
              "\n");
}

TEST(Problem, ReadsEachRangeOfEachAcceptField) {
    EXPECT_EQ(answered_type({"application/json"}), json_type);
    EXPECT_EQ(answered_type({"APPLICATION/Problem+JSON"}), json_type);
    EXPECT_EQ(answered_type({"text/html, application/json"}), json_type);
    EXPECT_EQ(answered_type({"text/html", "application/json"}), json_type);
    EXPECT_EQ(answered_type({"text/html;level=1 ,\tapplication/json ; charset=utf-8;q=0.5"}),
              json_type);
    EXPECT_EQ(answered_type({", ,application/json,"}), json_type);
}

TEST(Problem, IsTextForRangesThatDoNotNameJson) {
    for (const auto* const value : {"", "*/*", "application/*", "text/html", "application/jsonp",
                                    "text/html;application/json", "application/xml,,"}) {
        EXPECT_EQ(answered_type({value}), text_type) << value;
    }
}

// RFC 9110, 12.4.2
TEST(Problem, IsTextForWhoRefusesJson) {
    EXPECT_EQ(answered_type({"application/json;q=0"}), text_type);
    EXPECT_EQ(answered_type({"application/problem+json ; Q=0.000"}), text_type);
    EXPECT_EQ(answered_type({"application/json;charset=utf-8;q=0., */*"}), text_type);
    EXPECT_EQ(answered_type({"application/json;q=0, application/problem+json"}), json_type);
    EXPECT_EQ(answered_type({"application/json;q=0.001"}), json_type);
    EXPECT_EQ(answered_type({"application/json;q=1, text/html;q=0"}), json_type);
}

TEST(Problem, CarriesFurtherFields) {
    loopback::exchange exchange{method::get, "/"};
    const std::array<field, 2> extra{field{"Allow", "GET"}, field{"Retry-After", "1"}};
    respond_with(exchange, gone, extra);
    EXPECT_EQ(exchange.response()->fields,
              (fields{{"Content-Type", text_type}, {"Allow", "GET"}, {"Retry-After", "1"}}));
}

TEST(Problem, HoldsTitlesOfEveryLength) {
    const std::string title(5000, 't');
    for (const auto* const accepted : {"text/plain", "application/json"}) {
        loopback::exchange exchange{method::get, "/"};
        const std::array<field, 1> request_fields{field{"Accept", accepted}};
        exchange.head().fields = request_fields;
        respond_with(exchange, {511, title}); // whose reason phrase is among the longest
        EXPECT_NE(exchange.response()->content.find(title), std::string::npos);
        EXPECT_TRUE(exchange.response()->content.ends_with('\n'));
    }
}

TEST(ProblemText, IsCutWhereRoomEnds) {
    constexpr std::string_view whole = "404 Not Found: No route serves this path\n";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        std::vector<char> room(size);
        EXPECT_EQ(problem_text(gone, room), whole.substr(0, size));
    }
}

} // namespace
} // namespace mortise::http
