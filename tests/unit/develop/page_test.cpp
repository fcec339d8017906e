// SPDX-License-Identifier: BSL-1.0
// What a compiler writes, as a page and as a text.
#include "develop/page.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mortise::develop {
namespace {

TEST(Plain, LeavesColoursAndControlCharactersOut) {
    EXPECT_EQ(
        plain("\x1b[01m\x1b[Khello.cpp:1:2:\x1b[m\x1b[K \x1b[01;31merror: \x1b[0mno\n\tx\r\b"),
        "hello.cpp:1:2: error: no\n\tx");
    EXPECT_EQ(plain("\x1b]8;;file:///a\x1b\\name\x1b]8;;\a"), "name");
    EXPECT_EQ(plain("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
}

TEST(Plain, EndsWhereASequenceDoesNot) {
    EXPECT_EQ(plain("a\x1b"), "a");
    EXPECT_EQ(plain("a\x1b["), "a");
    EXPECT_EQ(plain("a\x1b[31"), "a");
    EXPECT_EQ(plain("a\x1b]8;;"), "a");
    EXPECT_EQ(plain("a\x1b]8;;\x1b"), "a");
}

TEST(HtmlOf, TakesNoMarkupFromItsTexts) {
    const auto made = html_of({"<b>title</b>", "</pre><script>\"&\"</script>\x1b[31m<"});
    EXPECT_NE(made.find("<h1>&lt;b&gt;title&lt;/b&gt;</h1>"), made.npos);
    EXPECT_NE(
        made.find("<pre>&lt;/pre&gt;&lt;script&gt;&quot;&amp;&quot;&lt;/script&gt;&lt;</pre>"),
        made.npos);
}

TEST(TextOf, HasTheTitleAboveTheText) {
    EXPECT_EQ(text_of({"Broken", "\x1b[31mno\n"}), "Broken\n\nno\n");
    EXPECT_EQ(text_of({"Broken", ""}), "Broken\n");
}

} // namespace
} // namespace mortise::develop
