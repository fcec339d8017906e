// SPDX-License-Identifier: BSL-1.0
// Files over the border: who closes them, and which are refused.
#include "loopback/file.hpp"
#include "unit/plugin/extension.hpp"
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

class FileExtension : public testing::Test {
protected:
    test::small_host host;
    test::served served{host, "sound"};
    loopback::exchange exchange{http::method::get, "/sound/x"};
    mortise_exchange number = host.table.hold(exchange, *served.plugin().handlers()[0]);
    mortise_reply head{sizeof head, 200, 0, 0, nullptr, {nullptr, 0}, nullptr, nullptr};
    mortise_file_range range{sizeof range, loopback::make_file("0123456789"), 2, 5};
    int released = 0;

    std::int32_t reply() { return test::file().reply(number, &head, &range); }
    bool is_open() const { return loopback::is_open(range.descriptor); }
    void lend() {
        head.release = [](void* count) { ++*static_cast<int*>(count); };
        head.release_argument = &released;
    }
    void expect_refused(std::string_view rule) {
        EXPECT_EQ(reply(), MORTISE_E_INVALID);
        EXPECT_EQ(exchange.response()->status, 500U);
        EXPECT_EQ(host.reports.count("GET /sound/{name}: reply(): " + std::string{rule}), 1U);
        EXPECT_FALSE(host.table.is_held(number));
    }
};

TEST_F(FileExtension, SendsARangeAndClosesTheFile) {
    EXPECT_EQ(reply(), MORTISE_OK);
    EXPECT_EQ(exchange.response()->content, "23456");
    EXPECT_FALSE(is_open());
}

TEST_F(FileExtension, ReleasesALentFileOnceAndClosesItNot) {
    lend();
    EXPECT_EQ(reply(), MORTISE_OK);
    EXPECT_EQ(exchange.response()->content, "23456");
    EXPECT_EQ(released, 1);
    EXPECT_TRUE(is_open());
    ::close(range.descriptor);
}

TEST_F(FileExtension, SendsAnEmptyRangeAtTheEnd) {
    range.offset = 10;
    range.length = 0;
    EXPECT_EQ(reply(), MORTISE_OK);
    EXPECT_EQ(exchange.response()->content, "");
}

TEST_F(FileExtension, RefusesARangeBeyondTheEnd) {
    range.length = 9;
    expect_refused("the range goes beyond the end of the file");
    EXPECT_FALSE(is_open());
}

TEST_F(FileExtension, RefusesARangeThatOverflows) {
    range.length = UINT64_MAX;
    lend();
    expect_refused("the range goes beyond the end of the file");
    EXPECT_EQ(released, 1);
    ::close(range.descriptor);
}

TEST_F(FileExtension, RefusesWhatIsNoFile) {
    ::close(range.descriptor);
    range.descriptor = -1;
    expect_refused("the descriptor is none of a regular file");
}

TEST_F(FileExtension, RefusesContentBesideTheFile) {
    head.content = to_abi("x");
    expect_refused("it has content beside the file");
    EXPECT_FALSE(is_open());
}

TEST_F(FileExtension, RefusesAHeadThatBreaksARule) {
    head.status = 99;
    expect_refused("the status is not between 200 and 599");
    EXPECT_FALSE(is_open());
}

TEST_F(FileExtension, LeavesTheFileAloneWhereAStructIsTooSmall) {
    range.size = 8;
    expect_refused("the range is null, or its size is smaller than mortise_file_range");
    EXPECT_TRUE(is_open());
    ::close(range.descriptor);
}

TEST_F(FileExtension, ClosesTheFileOfAnExchangeThatIsOver) {
    ASSERT_EQ(host_services().reply(number, &head), MORTISE_OK);
    EXPECT_EQ(reply(), MORTISE_E_STATE);
    EXPECT_FALSE(is_open());
}

TEST_F(FileExtension, ClosesTheFileOfAClientThatHasLeft) {
    exchange.abandon({499, "The client has left"});
    EXPECT_EQ(reply(), MORTISE_E_CANCELLED);
    EXPECT_FALSE(is_open());
}

} // namespace
} // namespace mortise::plugin
