// SPDX-License-Identifier: BSL-1.0
// What the access log tells of a connection's answers.
#include "observe/access_log.hpp"
#include "unit/http1/served.hpp"
#include "unit/http1/streaming.hpp"

#include <cstdio>
#include <gtest/gtest.h>
#include <memory>

namespace mortise::http1 {
namespace {

using namespace test;

// A connection whose answers are logged to a file.
struct logged : served {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), &std::fclose};
    std::unique_ptr<observe::access_log> log =
        std::make_unique<observe::access_log>(observe::access_format::json, ::fileno(file.get()));
    std::unique_ptr<observe::access_writer> writer = std::make_unique<observe::access_writer>(*log);

    logged() { open(writer.get()); }
    // Every line without its time and its request's id; ends connection and log.
    std::string lines() {
        host.reset();
        writer.reset();
        log.reset(); // which waits until everything is written
        std::string text(4096, '\0');
        std::rewind(file.get());
        text.resize(std::fread(text.data(), 1, text.size(), file.get()));
        constexpr std::string_view begin = "{\"time\":\"";
        for (auto at = text.find(begin); at != text.npos; at = text.find(begin)) {
            text.erase(at, text.find("\"remote\"", at) - at);
        }
        constexpr std::string_view id = ",\"request_id\":\"";
        for (auto at = text.find(id); at != text.npos; at = text.find(id)) {
            text.erase(at, id.size() + 32 + 1);
        }
        return text;
    }
};

TEST(ConnectionLog, TellsOfEachAnswer) {
    logged served;
    served.handler.on_request = [](http::exchange& exchange) {
        static const http::served_route route{"/{name}"};
        exchange.set_route(&route);
        exchange.respond({.content = "abc"});
    };
    served.send(get("/a?b", "Referer: r\r\nUser-Agent: u\r\n") + "HEAD / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(served.lines(),
              "\"remote\":\"-\",\"status\":200,\"bytes\":3,\"duration_ms\":0,\"method\":\"GET\","
              "\"target\":\"/a?b\",\"version\":\"1.1\",\"authority\":\"a\",\"route\":\"/{name}\","
              "\"referer\":\"r\",\"user_agent\":\"u\"}\n"
              "\"remote\":\"-\",\"status\":200,\"bytes\":0,\"duration_ms\":0,\"method\":\"HEAD\","
              "\"target\":\"/\",\"version\":\"1.0\",\"route\":\"/{name}\"}\n");
}

TEST(ConnectionLog, TellsTheFirstOfSeveralAgentsWhateverTheCaseOfItsName) {
    logged served;
    served.send(get("/a", "Upgrade: no\r\nConnection: keep-alive\r\nREFERER: first\r\n"
                          "user-agent: \r\nReferer: second\r\nUser-Agent: later\r\n"));
    const auto lines = served.lines();
    EXPECT_TRUE(lines.ends_with("\"referer\":\"first\"}\n")) << lines;
}

TEST(ConnectionLog, TellsOfNoContentWhereTheStatusHasNone) {
    logged served;
    served.handler.on_request = [](http::exchange& exchange) {
        exchange.respond({.status = 304, .content = "abc"});
    };
    served.send(get("/a"));
    EXPECT_NE(served.lines().find("\"status\":304,\"bytes\":0,"), std::string::npos);
}

TEST(ConnectionLog, TellsOfARequestThatCouldNotBeRead) {
    logged served;
    const auto received = served.send("BAD\r\n");
    const auto content_size = received.size() - received.find("\r\n\r\n") - 4;
    EXPECT_EQ(served.lines(), "\"remote\":\"-\",\"status\":400,\"bytes\":" +
                                  std::to_string(content_size) + ",\"duration_ms\":0}\n");
}

TEST(ConnectionLog, TellsOnceOfAHandlerThatWasLate) {
    logged served;
    http::exchange* kept = nullptr;
    served.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
    served.send(get("/a"));
    const auto received = served.pass(std::chrono::seconds{60});
    const auto content_size = received.size() - received.find("\r\n\r\n") - 4;
    kept->respond({.content = "too late"});
    EXPECT_EQ(served.lines(),
              "\"remote\":\"-\",\"status\":504,\"bytes\":" + std::to_string(content_size) +
                  ",\"duration_ms\":60000,\"method\":\"GET\",\"target\":\"/a\","
                  "\"version\":\"1.1\",\"authority\":\"a\"}\n");
}

TEST(ConnectionLog, TellsOnceOfAClientThatLeftBeforeItsAnswer) {
    logged served;
    http::exchange* kept = nullptr;
    served.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
    served.send(get("/a"));
    served.client.reset();
    served.receive();
    kept->respond({.content = "too late"});
    EXPECT_EQ(served.lines(), "\"remote\":\"-\",\"status\":499,\"bytes\":0,\"duration_ms\":0,"
                              "\"method\":\"GET\",\"target\":\"/a\",\"version\":\"1.1\","
                              "\"authority\":\"a\"}\n");
}

TEST(ConnectionLog, TellsTheStatusThatWasSent) {
    logged served;
    served.handler.on_request = [](http::exchange& exchange) { exchange.respond({.status = 1}); };
    served.send(get("/a"));
    EXPECT_NE(served.lines().find("\"status\":500,"), std::string::npos);
}

// A handler that streams to a client, and a log with the lines that begin with its status.
struct logged_stream : logged, private http::content_write {
    http::exchange* kept = nullptr;
    logged_stream() {
        handler.on_request = [this](http::exchange& exchange) {
            kept = &exchange;
            exchange.begin_response({.status = 203}, std::nullopt);
        };
    }
    void put(std::string_view piece) { kept->write_content(piece, *this); }
    void complete() override {}
    void fail(const http::problem&) override {}
    bool has_one_line_of(std::size_t size) {
        const auto text = lines();
        return text.starts_with(
                   "\"remote\":\"-\",\"status\":203,\"bytes\":" + std::to_string(size) + ",") &&
               text.find('\n') + 1 == text.size();
    }
};

TEST(ConnectionLog, TellsOfAStreamAtItsEnd) {
    logged_stream served;
    served.send(get("/a"));
    served.put("one");
    served.receive();
    served.put("three");
    served.kept->end_response();
    served.receive();
    EXPECT_TRUE(served.has_one_line_of(8));
}

TEST(ConnectionLog, TellsOfAStreamToHead) {
    logged_stream served;
    served.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    served.put("one");
    served.kept->end_response();
    served.receive();
    EXPECT_TRUE(served.has_one_line_of(0));
}

TEST(ConnectionLog, TellsOfAStreamThatBreaksOff) {
    logged_stream served;
    served.send(get("/a"));
    served.put("one");
    served.kept->abort_response();
    served.receive();
    EXPECT_TRUE(served.has_one_line_of(3));
}

TEST(ConnectionLog, TellsWhatAClientHasTakenThatLeft) {
    logged_stream served;
    served.send(get("/a"));
    served.client.limit_room(6 + 1000); // the chunk's size, the beginning of its content
    served.put(std::string(20'000, 'x'));
    served.receive();
    served.client.reset();
    served.receive();
    served.kept->end_response();
    EXPECT_TRUE(served.has_one_line_of(1000));
}

} // namespace
} // namespace mortise::http1
