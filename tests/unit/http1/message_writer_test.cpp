// SPDX-License-Identifier: BSL-1.0
// What may be sent, and how its head looks.
#include "http1/message_writer.hpp"
#include "net/output.hpp"
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mortise::http1 {
namespace {

using test::without_date;

const dated_start start;
const response_frame plain{.start = start, .server = {}};

// With "D" in the place of the start of time.
std::string head_of(const http::response& response, const response_frame& frame = plain) {
    constexpr std::string_view date = "Thu, 01 Jan 1970 00:00:00 GMT";
    net::output to;
    write_head(to, response, frame);
    std::string head{to.view()};
    return head.replace(head.find(date), date.size(), "D");
}

// Why `response` is not written; nothing of it is then.
std::string_view fault_of(const http::response& response) {
    net::output to;
    to.append("before");
    const auto fault = write_head(to, response, plain);
    EXPECT_EQ(to.view() == "before", !fault.empty());
    return fault;
}

bool may_send(http::field field, std::string_view content = {}) {
    return fault_of({.fields = {&field, 1}, .content = content}).empty();
}

TEST(MessageWriter, WritesStatusLineAndFields) {
    const http::field fields[] = {{"A", "b"}, {"A", ""}};
    EXPECT_EQ(head_of({.status = 201, .fields = fields, .content = "abc"}),
              "HTTP/1.1 201 Created\r\nDate: D\r\nA: b\r\nA: \r\nContent-Length: 3\r\n\r\n");
}

TEST(MessageWriter, WritesTheDateOfItsStart) {
    dated_start dated;
    dated.set(base::unix_milliseconds{std::chrono::milliseconds{784'111'777'999}});
    for (const unsigned status : {200U, 404U}) {
        net::output to;
        write_head(to, {.status = status}, {.start = dated, .server = {}});
        EXPECT_NE(to.view().find("\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), to.view().npos);
    }
}

TEST(MessageWriter, WritesAStatusWithoutAKnownReason) {
    EXPECT_TRUE(head_of({.status = 599}).starts_with("HTTP/1.1 599 "));
}

TEST(MessageWriter, WritesContentLengthOnce) {
    const http::field fields[] = {{"content-length", "3"}};
    EXPECT_EQ(head_of({.fields = fields, .content = "abc"}),
              "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 3\r\n\r\n");
}

TEST(MessageWriter, LeavesContentLengthOutWhereThereIsNoContent) {
    EXPECT_EQ(head_of({.status = 204}), "HTTP/1.1 204 No Content\r\nDate: D\r\n\r\n");
    EXPECT_EQ(head_of({.status = 304}), "HTTP/1.1 304 Not Modified\r\nDate: D\r\n\r\n");
}

TEST(MessageWriter, WritesServerAndPersistence) {
    EXPECT_EQ(
        head_of({}, {.start = start, .server = "s", .close = true, .keep_alive_http10 = true}),
        "HTTP/1.1 200 OK\r\nDate: D\r\nServer: s\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n");
    EXPECT_EQ(head_of({}, {.start = start, .server = {}, .keep_alive_http10 = true}),
              "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
}

TEST(MessageWriter, MakesRoomForLargeFields) {
    const std::string large(100'000, 'x');
    const http::field fields[] = {{"A", large}, {"B", large}};
    EXPECT_EQ(head_of({.fields = fields}), "HTTP/1.1 200 OK\r\nDate: D\r\nA: " + large +
                                               "\r\nB: " + large + "\r\nContent-Length: 0\r\n\r\n");
}

TEST(MessageWriter, AppendsBehindWhatIsThere) {
    net::output to;
    to.append("before");
    write_head(to, {}, plain);
    EXPECT_TRUE(to.view().starts_with("beforeHTTP/1.1 200 OK\r\n"));
}

TEST(MessageWriter, RefusesStatusThatIsNoFinalOne) {
    for (const unsigned status : {0U, 100U, 101U, 199U, 600U, 1000U}) {
        EXPECT_NE(fault_of({.status = status}), "") << status;
    }
    EXPECT_EQ(fault_of({.status = 200}), "");
    EXPECT_EQ(fault_of({.status = 599}), "");
}

TEST(MessageWriter, RefusesFieldsThatWouldSplitTheResponse) {
    using namespace std::string_view_literals;
    for (const auto value : {"a\r\nB: c"sv, "a\rb"sv, "a\nb"sv, "a\0b"sv, "\x7f"sv, "\x01"sv}) {
        EXPECT_FALSE(may_send({"A", value}));
    }
    for (const auto name : {""sv, "A "sv, "A:"sv, "A\r\n"sv, "\xe4"sv}) {
        EXPECT_FALSE(may_send({name, "b"}));
    }
    EXPECT_TRUE(may_send({"A", "b\t\xe4"}));
}

TEST(MessageWriter, RefusesFieldsThatAreTheConnectionsToWrite) {
    for (const auto* const name :
         {"Date", "date", "Connection", "Keep-Alive", "TRANSFER-ENCODING", "Trailer", "Upgrade"}) {
        EXPECT_FALSE(may_send({name, "x"})) << name;
    }
    EXPECT_TRUE(may_send({"Server", "x"}));
}

TEST(MessageWriter, RefusesContentLengthThatDiffers) {
    EXPECT_TRUE(may_send({"Content-Length", "3"}, "abc"));
    for (const auto* const length : {"2", "03", "+3", "3, 3", ""}) {
        EXPECT_FALSE(may_send({"Content-Length", length}, "abc")) << length;
    }
}

TEST(MessageWriter, KnowsWhichStatusHasContent) {
    EXPECT_FALSE(may_have_content(204));
    EXPECT_FALSE(may_have_content(304));
    EXPECT_TRUE(may_have_content(200));
    EXPECT_TRUE(may_have_content(205));
}

std::string framed_head(const http::response& response, message_framing framing,
                        std::uint64_t length = 0) {
    net::output to;
    const auto fault = write_head(to, response, plain, framing, length);
    return without_date(std::string{fault.empty() ? to.view() : fault});
}

TEST(MessageWriter, FramesContentThatIsNotInTheResponse) {
    const http::field stated[] = {{"Content-Length", "7"}};
    EXPECT_EQ(framed_head({.fields = stated}, message_framing::length, 7),
              "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
    EXPECT_EQ(framed_head({}, message_framing::chunked),
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(framed_head({.status = 204}, message_framing::chunked),
              "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(framed_head({}, message_framing::close), "HTTP/1.1 200 OK\r\n\r\n");
}

TEST(MessageWriter, RefusesALengthWhereNoneIsAnnounced) {
    const http::field stated[] = {{"Content-Length", "0"}};
    const auto* const fault = "Content-Length differs from the content's size";
    EXPECT_EQ(framed_head({.fields = stated}, message_framing::chunked), fault);
    EXPECT_EQ(framed_head({.fields = stated}, message_framing::close), fault);
}

TEST(MessageWriter, WritesAChunksSizeInHexadecimal) {
    for (const auto& [size, text] : {std::pair{std::size_t{1}, "1\r\n"},
                                     {255, "ff\r\n"},
                                     {~std::size_t{}, "ffffffffffffffff\r\n"}}) {
        net::output to;
        write_chunk_size(to, size);
        EXPECT_EQ(to.view(), text);
    }
}

} // namespace
} // namespace mortise::http1
