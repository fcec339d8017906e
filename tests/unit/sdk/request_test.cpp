// SPDX-License-Identifier: BSL-1.0
// What a handler reads from its request.
#include "unit/sdk/fake_request.hpp"

#include <mortise/sdk/request.hpp>

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace mortise::test {
namespace {

TEST(Request, FindsFieldsWithoutRegardToCase) {
    fake_request fake;
    fake.with_field("ACCEPT", "text/html").with_field("accept", "*/*").with_field("X-Empty", "");
    const request request{fake.raw()};
    EXPECT_EQ(request.field("Accept"), "text/html");
    EXPECT_EQ(request.field("x-empty"), "");
    EXPECT_EQ(request.field("Accep"), std::nullopt);
    EXPECT_EQ(request.fields().size(), 3u);
}

TEST(Request, ComparesOnlyLettersWithoutRegardToCase) {
    fake_request fake;
    fake.with_field("a[b", "1").with_field("a@b", "2");
    const request request{fake.raw()};
    EXPECT_EQ(request.field("A{B"), std::nullopt);
    EXPECT_EQ(request.field("a`b"), std::nullopt);
}

TEST(Request, ListsFieldsInTheOrderReceived) {
    fake_request fake;
    fake.with_field("B", "1").with_field("A", "2");
    std::string seen;
    const request request{fake.raw()};
    for (const auto& [name, value] : request.fields()) {
        seen.append(name).append("=").append(value).append(";");
    }
    EXPECT_EQ(seen, "B=1;A=2;");
}

TEST(Request, GivesPathParametersAndNamesAMissingOne) {
    fake_request fake;
    fake.with_param("id", "7").with_param("rest", "a/b");
    const request request{fake.raw()};
    EXPECT_EQ(request.param("id"), "7");
    EXPECT_EQ(request.param("rest"), "a/b");
    try {
        request.param("nmae");
        FAIL();
    } catch (const std::out_of_range& error) {
        EXPECT_STREQ(error.what(), "the route's pattern has no {nmae}");
    }
}

TEST(Request, GivesTheHeadAndTheContent) {
    fake_request fake{"POST", "/a%20b"};
    fake.with_query("x=1").with_content("abc");
    const request request{fake.raw()};
    EXPECT_EQ(request.method(), "POST");
    EXPECT_EQ(request.target(), "/a%20b");
    EXPECT_EQ(request.path(), "/a%20b");
    EXPECT_EQ(request.query(), "x=1");
    EXPECT_EQ(request.authority(), "localhost:8080");
    EXPECT_EQ(request.version(), 11u);
    EXPECT_EQ(request.content(), "abc");
    EXPECT_EQ(request.content_length(), 3u);
}

TEST(Request, HasNoContentLengthWhereTheRequestSaysNone) {
    fake_request fake;
    EXPECT_EQ(request{fake.raw()}.content_length(), std::nullopt);
    EXPECT_TRUE(request{fake.raw()}.content().empty());
}

} // namespace
} // namespace mortise::test
