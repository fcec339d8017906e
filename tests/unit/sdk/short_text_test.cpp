// SPDX-License-Identifier: BSL-1.0
// Text that lies inside its object, and text that has outgrown it.
#include <mortise/sdk/detail/short_text.hpp>

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
namespace {

using short_text = detail::short_text<32>;

const std::string large(33, 'x'); // one more than there is room for

short_text made_of(std::string_view from) {
    short_text made;
    made.append(from);
    return made;
}

TEST(ShortText, HasRoomForSoMuchAndNoMore) {
    short_text filled = made_of(large.substr(1));
    EXPECT_FALSE(filled.is_spilled());
    filled.append("y");
    EXPECT_TRUE(filled.is_spilled());
    EXPECT_EQ(filled.view(), large.substr(1) + "y");
    filled.append("z");
    EXPECT_EQ(filled.view(), large.substr(1) + "yz");
}

TEST(ShortText, MovesWithWhatIsInItAndLeavesNothing) {
    for (const std::string& content : {std::string{}, std::string{"short"}, large}) {
        short_text from = made_of(content);
        short_text to = std::move(from);
        EXPECT_EQ(to.view(), content);
        EXPECT_EQ(from.view(), ""); // NOLINT: what is left is what is asked
        from.append("again");
        EXPECT_EQ(from.view(), "again");
        for (const std::string& before : {std::string{}, std::string{"before"}, large + "before"}) {
            short_text other = made_of(before);
            other = std::move(to);
            EXPECT_EQ(other.view(), content);
            to = std::move(other);
        }
        EXPECT_EQ(to.view(), content);
    }
}

TEST(ShortText, CopiesLeaveTheOriginal) {
    for (const std::string& content : {std::string{"short"}, large}) {
        const short_text original = made_of(content);
        short_text copy = original;
        copy.append("er");
        EXPECT_EQ(original.view(), content);
        EXPECT_EQ(copy.view(), content + "er");
        copy = original;
        EXPECT_EQ(copy.view(), content);
    }
}

TEST(ShortText, IsAssignedAPartOfItself) {
    for (const std::string& content : {std::string{"short"}, large, large + large + large}) {
        short_text changed = made_of(content);
        changed.assign(changed.view().substr(1));
        EXPECT_EQ(changed.view(), content.substr(1));
    }
}

TEST(ShortText, GrowsByAPartOfItself) {
    for (const std::string& content : {std::string{"short"}, large.substr(1), large}) {
        short_text doubled = made_of(content);
        doubled.append(doubled.view());
        EXPECT_EQ(doubled.view(), content + content);
    }
}

TEST(ShortText, TakesALargeStringOverAndGivesItAway) {
    std::string given = large + large;
    const char* const bytes = given.data();
    short_text holding = made_of("before");
    holding.assign(std::move(given));
    EXPECT_EQ(holding.view().data(), bytes);
    const std::string released = holding.release();
    EXPECT_EQ(released.data(), bytes);
    EXPECT_EQ(holding.view(), "");
    EXPECT_EQ(made_of("short").release(), "");
}

TEST(ShortText, BecomesShortAgain) {
    short_text shrunk = made_of(large);
    shrunk.assign(std::string_view{"short"});
    EXPECT_FALSE(shrunk.is_spilled());
    EXPECT_EQ(shrunk.view(), "short");
    shrunk = made_of(large);
    shrunk.assign(std::string{"string"});
    EXPECT_FALSE(shrunk.is_spilled());
    EXPECT_EQ(shrunk.view(), "string");
    shrunk.assign(std::string_view{});
    EXPECT_EQ(shrunk.view(), "");
}

} // namespace
} // namespace mortise
