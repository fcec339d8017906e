// SPDX-License-Identifier: BSL-1.0
// Finding a field among others.
#include "http/field.hpp"

#include <array>
#include <gtest/gtest.h>

namespace mortise::http {
namespace {

constexpr std::array<field, 3> fields{field{"Host", "localhost"}, field{"Accept", "text/html"},
                                      field{"accept", "application/json"}};

TEST(FindField, IgnoresCase) {
    EXPECT_EQ(find_field(fields, "hOST"), &fields[0]);
}

TEST(FindField, TakesTheFirst) {
    EXPECT_EQ(find_field(fields, "accept"), &fields[1]);
}

TEST(FindField, WantsTheWholeName) {
    EXPECT_EQ(find_field(fields, "Hos"), nullptr);
    EXPECT_EQ(find_field(fields, "Hosts"), nullptr);
    EXPECT_EQ(find_field(fields, ""), nullptr);
}

TEST(FindField, FindsNothingInNothing) {
    EXPECT_EQ(find_field({}, "Host"), nullptr);
}

} // namespace
} // namespace mortise::http
