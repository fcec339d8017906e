// SPDX-License-Identifier: BSL-1.0
// Building a response, short and long.
#include <mortise/sdk/detail/send.hpp>
#include <mortise/sdk/response.hpp>

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace mortise::test {
namespace {

std::string fields_of(const response& response) {
    std::vector<mortise_field> fields(detail::count_fields(response));
    detail::view_fields(response, fields.data());
    std::string all;
    for (const auto& [name, value] : fields) {
        all.append(name.data, name.size).append("=").append(value.data, value.size).append(";");
    }
    return all;
}

TEST(Response, JoinsThePartsOfAText) {
    const response answer = text("a", std::string{"b"}, 'c', 42u, -7);
    EXPECT_EQ(answer.status(), 200u);
    EXPECT_EQ(answer.content(), "abc42-7");
    EXPECT_EQ(fields_of(answer), "Content-Type=text/plain; charset=utf-8;");
}

TEST(Response, KeepsItsContentOverEveryLength) {
    for (std::size_t size = 0; size != 600; ++size) {
        const std::string expected(size, 'x');
        response answer;
        for (const char letter : expected) {
            answer.append(letter);
        }
        EXPECT_EQ(answer.content(), expected);
        const response copied = answer;
        EXPECT_EQ(copied.content(), expected);
        const response moved = std::move(answer);
        EXPECT_EQ(moved.content(), expected);
        response assigned{404};
        assigned = copied;
        EXPECT_EQ(assigned.content(), expected);
        EXPECT_EQ(assigned.status(), 200u);
    }
}

TEST(Response, ReplacesItsContentByAShorterOneAndGrowsAgain) {
    response answer;
    answer.with_content(std::string(1000, 'x')).with_content("short").append("er");
    EXPECT_EQ(answer.content(), "shorter");
    answer.append(std::string(1000, 'y'));
    EXPECT_EQ(answer.content(), "shorter" + std::string(1000, 'y'));
}

TEST(Response, TakesALongStringOverWithoutACopy) {
    std::string content(100'000, 'x');
    const char* const at = content.data();
    const response answer = response{}.with_content(std::move(content));
    EXPECT_EQ(answer.content().data(), at);
}

TEST(Response, ReplacesTheMediaTypeOfAText) {
    EXPECT_EQ(fields_of(text("{}").with_field("content-type", "application/json")),
              "content-type=application/json;");
    EXPECT_EQ(fields_of(text("{}").with_media_type("application/json")),
              "Content-Type=application/json;");
    EXPECT_EQ(fields_of(text("{}").with_media_type("")), "");
}

TEST(Response, KeepsManyAndLongFieldsInOrder) {
    response answer = response{204}.with_field("A", "1").with_field("A", "");
    std::string expected = "A=1;A=;";
    for (int count = 0; count != 20; ++count) {
        answer.with_field("X-Long", std::string(100, 'v'));
        expected += "X-Long=" + std::string(100, 'v') + ";";
    }
    EXPECT_EQ(answer.status(), 204u);
    EXPECT_EQ(fields_of(answer), expected);
}

} // namespace
} // namespace mortise::test
