// SPDX-License-Identifier: BSL-1.0
// Files as content: of the SDK's responses, behind the testing host.
#include "loopback/file.hpp"
#include "unit/sdk/coroutine_plugin.hpp"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace mortise::test {
namespace {

class File : public ::testing::Test {
protected:
    coroutine_host served;
    int descriptor = loopback::make_file("0123456789");

    testing::pending answer(std::function<response()> make) {
        return served.begin([make = std::move(make)](exchange&) -> task<response> {
            response made = make();
            co_return made;
        });
    }
};

TEST_F(File, IsSentAndClosed) {
    auto answered = answer([&] {
                        return response{206}.with_field("A", "b").with_content(file{descriptor});
                    }).finish();
    EXPECT_EQ(answered.status(), 206U);
    EXPECT_EQ(answered.field("A"), "b");
    EXPECT_EQ(answered.content(), "0123456789");
    EXPECT_FALSE(loopback::is_open(descriptor));
}

TEST_F(File, IsSentInRangesOfRanges) {
    const file whole{descriptor};
    EXPECT_EQ(answer([&] { return response{}.with_content(whole.range(2, 6).range(1, 3)); })
                  .finish()
                  .content(),
              "345");
    EXPECT_EQ(
        answer([&] { return response{}.with_content(whole.range(10, 0)); }).finish().content(), "");
    EXPECT_THROW(whole.range(4, 7), std::out_of_range);
    EXPECT_THROW(whole.range(11, 0), std::out_of_range);
    EXPECT_THROW(whole.range(1, UINT64_MAX), std::out_of_range);
    EXPECT_TRUE(loopback::is_open(descriptor));
}

TEST_F(File, GivesWayToOtherContent) {
    const file whole{descriptor};
    EXPECT_EQ(answer([&] { return text("text").with_content(whole).with_content("other"); })
                  .finish()
                  .content(),
              "other");
    EXPECT_EQ(answer([&] { return text("text").with_content(whole); }).finish().content(),
              "0123456789");
}

TEST_F(File, IsAnsweredWith500WhereItHasBecomeShorter) {
    const file whole{descriptor};
    ASSERT_EQ(::ftruncate(descriptor, 5), 0);
    EXPECT_EQ(answer([&] { return response{}.with_content(whole); }).finish().status(), 500U);
    ASSERT_EQ(served.host.faults().size(), 1U);
    EXPECT_NE(served.host.faults()[0].find("goes beyond the end of the file"), std::string::npos);
}

TEST_F(File, IsClosedWhereTheClientHasLeft) {
    auto pending = answer([&] { return response{}.with_content(file{descriptor}); });
    pending.disconnect();
    served.host.run();
    EXPECT_FALSE(loopback::is_open(descriptor));
}

TEST_F(File, IsNoContentOfAStreamsHead) {
    coroutine_plugin::streamed = [&](exchange& exchange) -> task<> {
        response head;
        head.with_content(file{descriptor});
        EXPECT_THROW((stream{exchange, head}), std::invalid_argument);
        co_return;
    };
    served.plugin.begin(testing::get("/stream")).finish();
    EXPECT_FALSE(loopback::is_open(descriptor));
}

TEST(OpenFile, SaysWhichFileIsMissing) {
    try {
        file::open("/nowhere/at/all");
        FAIL();
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
        EXPECT_NE(std::string{error.what()}.find("/nowhere/at/all"), std::string::npos);
    }
}

TEST(OpenFile, OpensAFileAndRefusesWhatHasNoLength) {
    EXPECT_GT(file::open("/proc/self/exe").length(), 0U);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    EXPECT_THROW(file{ends[0]}, std::system_error);
    EXPECT_FALSE(loopback::is_open(ends[0]));
    ::close(ends[1]);
}

} // namespace
} // namespace mortise::test
