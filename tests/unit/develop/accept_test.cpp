// SPDX-License-Identifier: BSL-1.0
// Who gets the page of the workbench, and who its text.
#include "workbench/accept.hpp"

#include <gtest/gtest.h>

namespace mortise::workbench {
namespace {

TEST(PrefersHtml, SaysYesToBrowsers) {
    EXPECT_TRUE(prefers_html("text/html"));
    EXPECT_TRUE(prefers_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
    EXPECT_TRUE(prefers_html("TEXT/HTML; charset=utf-8 ; Q=0.5, text/plain;q=0.5"));
    EXPECT_TRUE(prefers_html("text/plain;q=0.2, */*, text/html;q=0.3"));
}

TEST(PrefersHtml, SaysNoToAllOthers) {
    EXPECT_FALSE(prefers_html(""));
    EXPECT_FALSE(prefers_html("*/*"));
    EXPECT_FALSE(prefers_html("application/json"));
    EXPECT_FALSE(prefers_html("text/html;q=0"));
    EXPECT_FALSE(prefers_html("text/html;q=0.000"));
    EXPECT_FALSE(prefers_html("text/html;q=0.7, text/plain"));
    EXPECT_FALSE(prefers_html("text/html;q=0.7, text/*"));
    EXPECT_FALSE(prefers_html("text/html;q=high"));
    EXPECT_FALSE(prefers_html(",;,q=1;;text/html"));
}

} // namespace
} // namespace mortise::workbench
