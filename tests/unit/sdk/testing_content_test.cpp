// SPDX-License-Identifier: BSL-1.0
// Content piece by piece in the testing host, both ways.
#include "unit/sdk/border_plugin.hpp"

#include <mortise/testing.hpp>

#include <array>
#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::test {
namespace {

using statuses = std::vector<std::int32_t>;
using texts = std::vector<std::string>;

class TestingContent : public ::testing::Test {
protected:
    // POST /read reads all of the content, by four bytes, and answers with "[piece]…" and how it
    // ended.
    void add_reading_route(std::uint64_t limit = 0) {
        border_.on(
            "POST", "/read", MORTISE_ROUTE_MAY_WAIT,
            [this](mortise_exchange exchange, const mortise_request&) {
                exchange_ = exchange;
                seen_.clear();
                operation_.then = [this](std::int32_t status) {
                    if (take_piece(status)) {
                        read_on();
                    }
                };
                return read_on();
            },
            limit);
    }
    std::int32_t read_on() {
        while (true) {
            const auto status =
                border_.content().read(exchange_, room_.data(), room_.size(), &operation_);
            if (status == MORTISE_PENDING) {
                return MORTISE_PENDING;
            }
            if (!take_piece(status)) {
                return MORTISE_REPLIED;
            }
        }
    }
    // False: it was the last.
    bool take_piece(std::int32_t status) {
        if (status == MORTISE_OK && operation_.result != 0) {
            seen_ += "[" + std::string{room_.data(), operation_.result} + "]";
            return true;
        }
        seen_ += status == MORTISE_OK          ? " end"
                 : status == MORTISE_E_CONTENT ? " fault " + std::to_string(operation_.result)
                                               : " " + std::to_string(status);
        border_.reply(exchange_, seen_);
        return false;
    }

    // GET /stream begins a response of this length, which the test goes on with.
    void add_streaming_route(std::int64_t length = MORTISE_LENGTH_UNKNOWN) {
        border_.on("GET", "/stream", MORTISE_ROUTE_MAY_WAIT,
                   [this, length](mortise_exchange exchange, const mortise_request&) {
                       exchange_ = exchange;
                       EXPECT_EQ(border_.begin(exchange, length), MORTISE_OK);
                       return MORTISE_PENDING;
                   });
    }
    std::int32_t write(testing::host& host, std::string_view piece) {
        std::int32_t code = MORTISE_E_FAILED;
        host.on_loop(
            [&] { code = border_.content().write(exchange_, view_of(piece), &operation_); });
        return code;
    }
    std::int32_t end(testing::host& host) {
        std::int32_t code = MORTISE_E_FAILED;
        host.on_loop([&] { code = border_.content().end(exchange_); });
        return code;
    }

    border_plugin border_;
    kept_operation operation_;
    mortise_exchange exchange_ = 0;
    std::array<char, 4> room_{};
    std::string seen_;
};

TEST_F(TestingContent, IsReadWhereItCameWithTheRequest) {
    add_reading_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::post("/read").with_content("abcdef")).content(),
              "[abcd][ef] end");
    EXPECT_EQ(plugin.send(testing::post("/read")).content(), " end");
}

TEST_F(TestingContent, IsReadInTheSameWayWhereEveryReadIsPending) {
    add_reading_route();
    testing::host host{{.completes_at_once = false}};
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::post("/read").with_content("abcdef")).content(),
              "[abcd][ef] end");
    EXPECT_EQ(operation_.statuses, (statuses{MORTISE_OK, MORTISE_OK, MORTISE_OK}));
}

TEST_F(TestingContent, IsReadAsItArrives) {
    add_reading_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::post("/read").with_content_to_come());
    pending.push_content("ab");
    host.run();
    EXPECT_EQ(seen_, "[ab]");
    pending.push_content("cdefg");
    host.run();
    EXPECT_EQ(seen_, "[ab][cdef][g]");
    pending.end_content();
    EXPECT_EQ(pending.finish().content(), "[ab][cdef][g] end");
}

TEST_F(TestingContent, TellsReadsOfItsFault) {
    add_reading_route(6);
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::post("/read").with_content_to_come());
    pending.push_content("ab");
    pending.fail_content(408);
    EXPECT_EQ(pending.finish().content(), "[ab] fault 408");

    EXPECT_EQ(plugin.send(testing::post("/read").with_content("1234567")).content(), " fault 413");
    auto growing = plugin.begin(testing::post("/read").with_content_to_come());
    growing.push_content("123456");
    host.run();
    growing.push_content("7");
    EXPECT_EQ(growing.finish().content(), "[1234][56] fault 413");
    auto short_one = plugin.begin(testing::post("/read").with_content_to_come(5));
    short_one.push_content("1");
    short_one.end_content();
    EXPECT_EQ(short_one.finish().content(), "[1] fault 400");
}

TEST_F(TestingContent, EndsReadsOfAClientThatLeaves) {
    add_reading_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::post("/read").with_content_to_come());
    pending.disconnect();
    host.run();
    EXPECT_EQ(seen_, " " + std::to_string(MORTISE_E_CANCELLED));
    EXPECT_TRUE(pending.is_over());
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingContent, LosesNothingToACancelledRead) {
    add_reading_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::post("/read").with_content_to_come());
    operation_.then = nullptr;
    host.on_loop([&] { border_.host->cancel(&operation_); });
    EXPECT_EQ(operation_.statuses, statuses{MORTISE_E_CANCELLED});
    pending.push_content("abc");
    pending.end_content();
    host.on_loop([&] { read_on(); });
    EXPECT_EQ(pending.content(), "[abc] end");
}

TEST_F(TestingContent, ReachesAHandlerThatWantsItWhole) {
    border_.on(
        "POST", "/whole", MORTISE_ROUTE_CONTENT,
        [this](mortise_exchange exchange, const mortise_request& request) {
            border_.reply(exchange, {request.content.data, request.content.size});
            return MORTISE_REPLIED;
        },
        5);
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::post("/whole").with_content_to_come());
    pending.push_content("ab");
    host.run();
    EXPECT_FALSE(pending.is_answered());
    pending.push_content("cd");
    pending.end_content();
    EXPECT_EQ(pending.finish().content(), "abcd");
    EXPECT_EQ(plugin.send(testing::post("/whole").with_content("123456")).status(), 413u);
    auto leaving = plugin.begin(testing::post("/whole").with_content_to_come());
    leaving.disconnect();
    host.run();
    EXPECT_TRUE(leaving.is_over());
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingContent, IsStreamedAndEnds) {
    add_streaming_route(6);
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    const auto pending = plugin.begin(testing::get("/stream"));
    EXPECT_TRUE(pending.is_answered());
    EXPECT_EQ(write(host, "abc"), MORTISE_OK);
    EXPECT_EQ(pending.content(), "abc");
    EXPECT_EQ(write(host, ""), MORTISE_OK);
    EXPECT_EQ(write(host, "def"), MORTISE_OK);
    EXPECT_FALSE(pending.is_ended());
    EXPECT_EQ(end(host), MORTISE_OK);
    EXPECT_TRUE(pending.is_ended());
    EXPECT_EQ(pending.content(), "abcdef");
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingContent, WaitsForASlowReader) {
    add_streaming_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::get("/stream").reads_slowly(4));
    EXPECT_EQ(write(host, "abc"), MORTISE_OK);
    EXPECT_EQ(write(host, "defgh"), MORTISE_PENDING);
    EXPECT_EQ(pending.content(), "abcd");
    pending.take(3);
    host.run();
    EXPECT_EQ(pending.content(), "abcdefg");
    EXPECT_EQ(operation_.statuses, statuses{});
    EXPECT_THROW(pending.finish(), testing::failure);
    pending.take(10);
    host.run();
    EXPECT_EQ(operation_.statuses, statuses{MORTISE_OK});
    EXPECT_EQ(end(host), MORTISE_OK);
    EXPECT_EQ(pending.content(), "abcdefgh");
}

TEST_F(TestingContent, EndsWritesOfAClientThatLeaves) {
    add_streaming_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::get("/stream").reads_slowly(0));
    EXPECT_EQ(write(host, "abc"), MORTISE_PENDING);
    pending.half_close();
    host.run();
    EXPECT_EQ(operation_.statuses, statuses{MORTISE_E_CANCELLED});
    EXPECT_EQ(write(host, "abc"), MORTISE_E_CANCELLED);
    EXPECT_FALSE(pending.is_over());
    EXPECT_EQ(end(host), MORTISE_E_CANCELLED);
    EXPECT_TRUE(pending.is_over());
    EXPECT_TRUE(pending.was_broken_off());
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingContent, IsBrokenOffByACancelledWriteAndByBreakOff) {
    add_streaming_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::get("/stream").reads_slowly(1));
    EXPECT_EQ(write(host, "abc"), MORTISE_PENDING);
    host.on_loop([&] { border_.host->cancel(&operation_); });
    EXPECT_EQ(operation_.statuses, statuses{MORTISE_E_CANCELLED});
    EXPECT_TRUE(pending.was_broken_off());
    EXPECT_EQ(end(host), MORTISE_E_CANCELLED);

    auto other = plugin.begin(testing::get("/stream"));
    write(host, "abc");
    host.on_loop([&] { EXPECT_EQ(border_.content().break_off(exchange_), MORTISE_OK); });
    EXPECT_TRUE(other.was_broken_off());
    EXPECT_TRUE(other.is_over());
    EXPECT_EQ(other.content(), "abc");
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingContent, GoesNowhereForAHeadRequest) {
    add_streaming_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::head("/stream"));
    EXPECT_EQ(write(host, "abc"), MORTISE_OK);
    EXPECT_EQ(end(host), MORTISE_OK);
    EXPECT_EQ(pending.finish().content(), "");
}

} // namespace
} // namespace mortise::test
