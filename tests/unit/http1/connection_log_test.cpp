// SPDX-License-Identifier: BSL-1.0
// What the access log tells of a connection's answers.
#include "observe/access_log.hpp"
#include "unit/http1/served.hpp"

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
    // Every line without its time; ends connection and log.
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
        return text;
    }
};

TEST(ConnectionLog, TellsOfEachAnswer) {
    logged served;
    served.handler.on_request = [](http::exchange& exchange) {
        exchange.set_route("/{name}");
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

TEST(ConnectionLog, TellsTheStatusThatWasSent) {
    logged served;
    served.handler.on_request = [](http::exchange& exchange) { exchange.respond({.status = 1}); };
    served.send(get("/a"));
    EXPECT_NE(served.lines().find("\"status\":500,"), std::string::npos);
}

} // namespace
} // namespace mortise::http1
