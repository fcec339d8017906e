// SPDX-License-Identifier: BSL-1.0
// Methods and their names.
#include "http/method.hpp"

#include <gtest/gtest.h>

namespace mortise::http {
namespace {

TEST(Method, IsKnownByItsName) {
    for (unsigned number = 1; number <= static_cast<unsigned>(method::unlink); ++number) {
        const auto known = static_cast<method>(number);
        EXPECT_EQ(parse_method(method_name(known)), known) << method_name(known);
    }
}

TEST(Method, IsOneOfTheStandard) {
    EXPECT_EQ(parse_method("GET"), method::get);
    EXPECT_EQ(parse_method("HEAD"), method::head);
    EXPECT_EQ(parse_method("POST"), method::post);
    EXPECT_EQ(parse_method("PUT"), method::put);
    EXPECT_EQ(parse_method("DELETE"), method::delete_);
    EXPECT_EQ(parse_method("OPTIONS"), method::options);
    EXPECT_EQ(parse_method("PATCH"), method::patch);
    EXPECT_EQ(parse_method("M-SEARCH"), method::msearch);
}

TEST(Method, MindsCase) {
    EXPECT_EQ(parse_method("get"), method::unknown);
    EXPECT_EQ(parse_method("Get"), method::unknown);
    EXPECT_EQ(parse_method("PoST"), method::unknown);
}

TEST(Method, IsUnknownForEveryOtherToken) {
    for (const auto* const token : {"", "G", "GE", "GETS", "GET ", "BREW", "<unknown>"}) {
        EXPECT_EQ(parse_method(token), method::unknown) << token;
    }
}

} // namespace
} // namespace mortise::http
