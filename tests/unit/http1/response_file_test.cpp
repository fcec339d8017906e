// SPDX-License-Identifier: BSL-1.0
// Content out of files.
#include "loopback/file.hpp"
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

// A connection whose handler answers with a range of a file, whose descriptor it gives away.
struct filed : served {
    std::string text = pattern(100'000);
    http::file_content range{.descriptor = -1, .offset = 0, .size = text.size()};
    unsigned status = 200;

    filed() {
        handler.on_request = [this](http::exchange& exchange) {
            range.descriptor = loopback::make_file(text);
            exchange.respond({.status = status, .file = &range});
        };
    }
    static std::string pattern(std::size_t size) {
        std::string made;
        while (made.size() < size) {
            made += std::to_string(made.size()) + ' ';
        }
        made.resize(size);
        return made;
    }
    std::string ask(std::string_view request = get("/a")) {
        open();
        return send(request);
    }
    bool is_closed() const noexcept { return !loopback::is_open(range.descriptor); }
};

TEST(ResponseFile, SendsAFile) {
    filed served;
    EXPECT_EQ(served.ask(), answer_to(served.text));
    EXPECT_TRUE(served.is_closed());
    EXPECT_EQ(served.send(get("/b")), answer_to(served.text));
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, SendsARange) {
    filed served;
    served.range.offset = 12'345;
    served.range.size = 50'000;
    EXPECT_EQ(served.ask(), answer_to(served.text.substr(12'345, 50'000)));
}

TEST(ResponseFile, SendsASmallFileBesideItsHead) {
    filed served;
    served.range = {.descriptor = -1, .offset = 3, .size = 100};
    const auto answer = answer_to(served.text.substr(3, 100));
    EXPECT_EQ(served.ask(get("/a") + get("/b")), answer + answer);
    EXPECT_EQ(served.client.writes(), 1U);
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, SendsAnEmptyFile) {
    filed served;
    served.text.clear();
    served.range.size = 0;
    EXPECT_EQ(served.ask(), answer_to(""));
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, SendsNoneToHead) {
    filed served;
    EXPECT_EQ(served.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, SendsNoneWithAStatusThatHasNone) {
    filed served;
    served.status = 304;
    EXPECT_EQ(served.ask(), "HTTP/1.1 304 Not Modified\r\n\r\n");
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, SendsFilesInTheOrderOfTheirRequests) {
    filed served;
    const auto answer_plain = [](http::exchange& exchange) {
        exchange.respond({.content = "plain"});
    };
    served.handler.on_request = [&, file = served.handler.on_request](http::exchange& exchange) {
        exchange.request().path == "/file" ? file(exchange) : answer_plain(exchange);
    };
    EXPECT_EQ(served.ask(get("/a") + get("/file") + get("/b")),
              answer_to("plain") + answer_to(served.text) + answer_to("plain"));
}

TEST(ResponseFile, ReleasesAFileThatIsLent) {
    filed served;
    int released = 0;
    const int lent = loopback::make_file(served.text);
    served.handler.on_request = [&](http::exchange& exchange) {
        const http::file_content range{lent, 0, served.text.size()};
        exchange.respond({.release = [](void* count) noexcept { ++*static_cast<int*>(count); },
                          .release_argument = &released,
                          .file = &range});
    };
    EXPECT_EQ(served.ask(), answer_to(served.text));
    EXPECT_EQ(served.send(get("/b")), answer_to(served.text));
    EXPECT_EQ(released, 2);
    EXPECT_TRUE(loopback::is_open(lent));
    ::close(lent);
}

TEST(ResponseFile, KeepsTheFileUntilTheClientHasTakenIt) {
    for (const std::size_t room : {0U, 1U, 50U, 100U, 1000U}) {
        filed served;
        served.open();
        served.client.limit_room(room);
        served.client.send(get("/a") + get("/b"));
        EXPECT_FALSE(served.is_closed());
        for (int steps = 0; steps < 12; ++steps) {
            served.host->settle();
            served.client.give_room(20'000);
        }
        const auto answer = answer_to(served.text);
        EXPECT_EQ(served.receive(), answer + answer) << room;
        EXPECT_TRUE(served.is_closed());
    }
}

TEST(ResponseFile, GivesWayToOthersWhereTheClientTakesEverything) {
    filed served;
    served.text = filed::pattern(2'000'000);
    served.range.size = served.text.size();
    served.open();
    served.client.send(get("/a"));
    EXPECT_LT(served.client.received().size(), 600'000U);
    EXPECT_GT(served.client.received().size(), 500'000U);
    EXPECT_EQ(served.receive(), answer_to(served.text));
}

TEST(ResponseFile, SendsAFileLater) {
    filed served;
    http::exchange* kept = nullptr;
    served.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
    served.ask();
    served.range.descriptor = loopback::make_file(served.text);
    kept->respond({.file = &served.range});
    EXPECT_EQ(served.receive(), answer_to(served.text));
    EXPECT_TRUE(served.is_closed());
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ResponseFile, ClosesAFileWhoseClientHasLeft) {
    filed served;
    served.open();
    served.client.limit_room(1000);
    served.send(get("/a"));
    EXPECT_FALSE(served.is_closed());
    served.client.reset();
    served.receive();
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, ClosesAFileWhoseClientHadLeftBefore) {
    filed served;
    http::exchange* kept = nullptr;
    const auto respond = served.handler.on_request;
    served.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
    served.ask();
    served.client.reset();
    served.receive();
    respond(*kept);
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, ClosesAFileThatTheClientDoesNotTakeInTime) {
    filed served;
    served.open();
    served.client.limit_room(1000);
    served.send(get("/a"));
    served.pass(30s);
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, EndsWhereTheFileDoesSoEarly) {
    filed served;
    served.range.size = served.text.size() + 1;
    const auto received = served.ask(get("/a") + get("/b"));
    EXPECT_TRUE(received.ends_with(served.text));
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, AnswersForASmallFileThatEndsEarly) {
    filed served;
    served.text = "short";
    served.range.size = 6;
    EXPECT_TRUE(served.ask().starts_with("HTTP/1.1 500 "));
    EXPECT_FALSE(served.client.is_closed());
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, RefusesWhatIsNoRange) {
    const auto largest = ~std::uint64_t{};
    for (const auto& [offset, size] : {std::pair{largest, std::uint64_t{1}},
                                       {std::uint64_t{1}, largest},
                                       {largest / 2, largest / 2}}) {
        filed served;
        served.range.offset = offset;
        served.range.size = size;
        EXPECT_TRUE(served.ask().starts_with("HTTP/1.1 500 "));
        EXPECT_TRUE(served.is_closed());
    }
    filed served;
    served.handler.on_request = [](http::exchange& exchange) {
        const http::file_content none{-1, 0, 10};
        exchange.respond({.file = &none});
    };
    EXPECT_TRUE(served.ask().starts_with("HTTP/1.1 500 "));
}

TEST(ResponseFile, ClosesTheFileOfAResponseThatMayNotBeSent) {
    filed served;
    served.status = 99;
    EXPECT_TRUE(served.ask().starts_with("HTTP/1.1 500 "));
    EXPECT_TRUE(served.is_closed());
}

TEST(ResponseFile, ClosesTheFileOfAHeadThatIsStreamed) {
    filed served;
    served.handler.on_request = [&](http::exchange& exchange) {
        served.range.descriptor = loopback::make_file(served.text);
        exchange.begin_response({.file = &served.range}, std::nullopt);
        exchange.end_response();
    };
    EXPECT_TRUE(served.ask().ends_with("\r\n0\r\n\r\n"));
    EXPECT_TRUE(served.is_closed());
}

} // namespace
} // namespace mortise::http1
