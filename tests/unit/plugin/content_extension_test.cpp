// SPDX-License-Identifier: BSL-1.0
// Content over the border, piece by piece.
#include "unit/plugin/extension.hpp"
#include "unit/plugin/fixture.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>

namespace mortise::plugin {
namespace {

class ContentExtension : public testing::Test {
protected:
    test::small_host host;
    test::served served{host, "replies_later"};
    loopback::exchange exchange{http::method::post, "/later/x"};
    mortise_exchange number = host.table.hold(exchange, *served.plugin().handlers()[0]);
    test::noted_operation one;
    test::noted_operation two;
    std::array<char, 8> room{};
    mortise_reply head{sizeof head, 200, 0, 0, nullptr, {nullptr, 0}, nullptr, nullptr};

    std::int32_t read(test::noted_operation& noted) {
        return test::content().read(number, room.data(), room.size(), &noted.operation);
    }
    std::int32_t begin() { return test::content().begin(number, &head, MORTISE_LENGTH_UNKNOWN); }
    std::int32_t write(std::string_view piece, test::noted_operation& noted) {
        return test::content().write(number, to_abi(piece), &noted.operation);
    }
};

TEST_F(ContentExtension, ReadsWhatIsThereAtOnce) {
    exchange.give_piece("piece");
    EXPECT_EQ(read(one), MORTISE_OK);
    EXPECT_EQ(one.operation.result, 5U);
    EXPECT_FALSE(one.is_over());
    EXPECT_TRUE(host.loop.operations().is_empty());
}

TEST_F(ContentExtension, ReadsWhatArrivesLater) {
    ASSERT_EQ(read(one), MORTISE_PENDING);
    exchange.give_piece("later");
    EXPECT_EQ(one.status, MORTISE_OK);
    EXPECT_EQ(one.operation.result, 5U);
}

TEST_F(ContentExtension, SaysWhyNoMoreWillCome) {
    ASSERT_EQ(read(one), MORTISE_PENDING);
    exchange.fail_content({413, "The content is too large"});
    EXPECT_EQ(one.status, MORTISE_E_CONTENT);
    EXPECT_EQ(one.operation.result, 413U);
}

TEST_F(ContentExtension, LosesNothingOfAReadThatIsCancelled) {
    ASSERT_EQ(read(one), MORTISE_PENDING);
    host_services().cancel(&one.operation);
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(one.status, MORTISE_E_CANCELLED);
    exchange.give_piece("kept");
    EXPECT_EQ(read(two), MORTISE_OK);
    EXPECT_EQ(two.operation.result, 4U);
}

TEST_F(ContentExtension, RefusesASecondReadBesideOne) {
    ASSERT_EQ(read(one), MORTISE_PENDING);
    EXPECT_EQ(read(two), MORTISE_E_STATE);
    EXPECT_EQ(host.reports.count("read(): a read is pending already"), 1U);
    exchange.give_piece("x");
}

TEST_F(ContentExtension, StreamsAResponse) {
    ASSERT_EQ(begin(), MORTISE_OK);
    EXPECT_EQ(write("one ", one), MORTISE_OK);
    EXPECT_EQ(write("two", one), MORTISE_OK);
    EXPECT_EQ(test::content().end(number), MORTISE_OK);
    EXPECT_EQ(exchange.response()->content, "one two");
    EXPECT_FALSE(host.table.is_held(number));
}

TEST_F(ContentExtension, WaitsForAClientThatReadsSlowly) {
    exchange.read_slowly();
    ASSERT_EQ(begin(), MORTISE_OK);
    ASSERT_EQ(write("one", one), MORTISE_PENDING);
    EXPECT_EQ(write("two", two), MORTISE_E_STATE);
    exchange.take_piece_written();
    EXPECT_EQ(one.status, MORTISE_OK);
    test::content().end(number);
}

TEST_F(ContentExtension, CancelsAWrite) {
    exchange.read_slowly();
    ASSERT_EQ(begin(), MORTISE_OK);
    ASSERT_EQ(write("one", one), MORTISE_PENDING);
    host_services().cancel(&one.operation);
    EXPECT_FALSE(one.is_over());
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(one.status, MORTISE_E_CANCELLED);
    EXPECT_EQ(test::content().break_off(number), MORTISE_OK);
}

TEST_F(ContentExtension, KeepsTheExchangeWhereTheHeadIsRefused) {
    const mortise_field bad{to_abi("X"), to_abi("a\r\nb")};
    head.fields = &bad;
    head.field_count = 1;
    EXPECT_EQ(begin(), MORTISE_E_INVALID);
    EXPECT_TRUE(host.table.is_held(number));
    head.field_count = 0;
    head.status = 99;
    EXPECT_EQ(begin(), MORTISE_E_INVALID);
    head.status = 200;
    EXPECT_EQ(begin(), MORTISE_OK);
    EXPECT_EQ(begin(), MORTISE_E_STATE);
    test::content().end(number);
}

TEST_F(ContentExtension, RefusesCallsOutOfOrder) {
    EXPECT_EQ(write("x", one), MORTISE_E_STATE);
    EXPECT_EQ(test::content().end(number), MORTISE_E_STATE);
    ASSERT_EQ(begin(), MORTISE_OK);
    ASSERT_EQ(test::content().end(number), MORTISE_OK);
    EXPECT_EQ(test::content().end(number), MORTISE_E_STATE);
    EXPECT_EQ(write("x", one), MORTISE_E_STATE);
    EXPECT_EQ(read(one), MORTISE_E_STATE);
}

TEST_F(ContentExtension, RefusesPiecesAndRoomThatAreNull) {
    EXPECT_EQ(test::content().read(number, nullptr, 1, &one.operation), MORTISE_E_INVALID);
    EXPECT_EQ(test::content().read(number, room.data(), 0, &one.operation), MORTISE_E_INVALID);
    ASSERT_EQ(begin(), MORTISE_OK);
    EXPECT_EQ(test::content().write(number, {nullptr, 5}, &one.operation), MORTISE_E_INVALID);
    EXPECT_EQ(test::content().write(number, to_abi("x"), nullptr), MORTISE_E_INVALID);
    test::content().end(number);
}

TEST_F(ContentExtension, EndsAReadThatIsPendingAtTheReply) {
    ASSERT_EQ(read(one), MORTISE_PENDING);
    EXPECT_EQ(host_services().reply(number, &head), MORTISE_OK);
    EXPECT_EQ(host.reports.count("reply(): a read of the content is still pending"), 1U);
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(one.status, MORTISE_E_CANCELLED);
    EXPECT_FALSE(exchange.is_reading());
}

TEST_F(ContentExtension, EndsWhatIsPendingAtTheEndOfAResponse) {
    exchange.read_slowly();
    ASSERT_EQ(begin(), MORTISE_OK);
    ASSERT_EQ(write("one", one), MORTISE_PENDING);
    ASSERT_EQ(read(two), MORTISE_PENDING);
    EXPECT_EQ(test::content().end(number), MORTISE_OK);
    host.run_until([&] { return one.is_over() && two.is_over(); });
    EXPECT_EQ(one.status, MORTISE_E_CANCELLED);
    EXPECT_EQ(two.status, MORTISE_E_CANCELLED);
}

TEST_F(ContentExtension, TellsAWriterThatNobodyReads) {
    ASSERT_EQ(begin(), MORTISE_OK);
    exchange.abandon({499, "The client has left"});
    EXPECT_EQ(write("x", one), MORTISE_E_CANCELLED);
    EXPECT_EQ(test::content().end(number), MORTISE_OK);
}

} // namespace
} // namespace mortise::plugin
