// SPDX-License-Identifier: BSL-1.0
// Answers of a host, as people see them.
#include "cli/control.hpp"

#include <gtest/gtest.h>
#include <sstream>
#include <string>

namespace mortise::cli {
namespace {

TEST(TextOf, GivesATerminalNoControlCharacters) {
    EXPECT_EQ(text_of("a\x1b[31m\n\x7f\xc2\x9b\x31m"), R"(a\x1b[31m\x0a\x7f\xc2\x9b1m)");
}

TEST(TextOf, LeavesEveryOtherTextAsItIs) {
    EXPECT_EQ(text_of("gr\xc3\xbc\xc3\x9f \xc2\xa0 \\ \"a\" \xc2"),
              "gr\xc3\xbc\xc3\x9f \xc2\xa0 \\ \"a\" \xc2");
    EXPECT_EQ(text_of(""), "");
}

TEST(TextOf, GivesAllElseAsJson) {
    EXPECT_EQ(text_of(12), "12");
    EXPECT_EQ(text_of(nullptr), "null");
}

TEST(PrintTable, MakesColumnsAsWideAsTheyNeed) {
    std::ostringstream to;
    print_table(to, {{"ID", "STATE"}, {"greeting", "serving"}, {"a", ""}});
    EXPECT_EQ(to.str(), "ID        STATE\ngreeting  serving\na         \n");
}

} // namespace
} // namespace mortise::cli
