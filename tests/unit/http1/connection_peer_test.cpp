// SPDX-License-Identifier: BSL-1.0
// Who a connection takes for its client: behind the PROXY protocol, and behind trusted proxies.
#include "observe/access_log.hpp"
#include "unit/http1/running_service.hpp"
#include "unit/http1/served.hpp"

#include <cstdio>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;

const std::string line = "PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n";
const std::string local_block = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"s;
const std::string v6_block = "\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x29"s + "\x20\x01\x0d\xb8" +
                             std::string(11, '\0') + "\x01" + std::string(16, '\2') +
                             "\x30\x39\x01\xbb" + "\x01\0\x02h2"s;

// An access log in a file.
class log_file {
public:
    observe::access_writer* writer() noexcept { return writer_.get(); }
    // The remote address of each line, once who writes is gone.
    std::vector<std::string> remotes() {
        writer_.reset();
        log_.reset(); // which waits until everything is written
        std::string text(8192, '\0');
        std::rewind(file_.get());
        text.resize(std::fread(text.data(), 1, text.size(), file_.get()));
        std::vector<std::string> found;
        constexpr std::string_view name = "\"remote\":\"";
        for (auto at = text.find(name); at != text.npos; at = text.find(name, at)) {
            at += name.size();
            found.push_back(text.substr(at, text.find('"', at) - at));
        }
        return found;
    }

private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), &std::fclose};
    std::unique_ptr<observe::access_log> log_ =
        std::make_unique<observe::access_log>(observe::access_format::json, ::fileno(file_.get()));
    std::unique_ptr<observe::access_writer> writer_ =
        std::make_unique<observe::access_writer>(*log_);
};

using remotes = std::vector<std::string>;

// A client whose connection comes from 10.0.0.1, at a listener with settings.
struct met : served {
    log_file log;
    net::listener_settings at;

    void open_at(std::string_view peer = "10.0.0.1") {
        host.emplace(settings, handler, log.writer());
        host->accept(client, at, *net::parse_address(peer));
    }
    remotes end() {
        host.reset();
        return log.remotes();
    }
};

struct behind_header : met {
    behind_header() {
        at.proxy_protocol = true;
        open_at();
    }
};

struct behind_fields : met {
    explicit behind_fields(std::string_view trusted = "10.0.0.0/8") {
        at.trusted_proxies.push_back(*net::address_block::parse(trusted));
    }
};

TEST(ConnectionPeer, IsWhomTheProxyNames) {
    for (const auto& [header, remote] :
         {std::pair{line, "192.0.2.1"}, std::pair{v6_block, "2001:db8::1"}}) {
        behind_header served;
        EXPECT_EQ(served.send(header + get("/a")), answer_to("/a"));
        EXPECT_EQ(served.send(get("/b")), answer_to("/b"));
        EXPECT_EQ(served.end(), (remotes{remote, remote}));
    }
}

TEST(ConnectionPeer, IsTheSocketsWhereTheProxyNamesNobody) {
    for (const auto& header : {local_block, "PROXY UNKNOWN\r\n"s}) {
        behind_header served;
        EXPECT_EQ(served.send(header + get("/a")), answer_to("/a"));
        EXPECT_EQ(served.end(), (remotes{"10.0.0.1"}));
    }
}

TEST(ConnectionPeer, TakesAHeaderByteByByte) {
    for (const auto& header : {line, v6_block, local_block}) {
        behind_header served;
        for (const char byte : header + get("/a")) {
            EXPECT_EQ(served.receive(), "");
            served.client.send({&byte, 1});
        }
        EXPECT_EQ(served.receive(), answer_to("/a"));
    }
}

TEST(ConnectionPeer, TakesAHeaderThatComesAlone) {
    behind_header served;
    EXPECT_EQ(served.send(line), "");
    EXPECT_EQ(served.send(get("/a")), answer_to("/a"));
    EXPECT_EQ(served.end(), (remotes{"192.0.2.1"}));
}

TEST(ConnectionPeer, ClosesAConnectionWithoutASoundHeader) {
    for (const auto& bytes :
         {get("/a"), "PROXY TCP4 a b 1 2\r\n" + get("/a"), "PROXY UNKNOWN "s + std::string(93, 'x'),
          "\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff"s, "\x16\x03\x01"s}) {
        behind_header served;
        EXPECT_EQ(served.send(bytes), "");
        EXPECT_TRUE(served.client.is_closed()) << bytes;
        EXPECT_EQ(served.host->exchange_count(), 0U);
        EXPECT_EQ(served.end(), remotes{}); // nothing was asked
    }
}

TEST(ConnectionPeer, ReadsOneHeaderAlone) {
    behind_header served;
    EXPECT_EQ(served.send(line + line + get("/a")).substr(0, 13),
              "HTTP/1.1 501 "); // PROXY is no method
}

TEST(ConnectionPeer, TakesNoHeaderThatWasNotAskedFor) {
    opened served;
    EXPECT_EQ(served.send(line + get("/a")).substr(0, 13),
              "HTTP/1.1 501 "); // PROXY is no method
}

TEST(ConnectionPeer, ClosesAConnectionThatEndsWithinItsHeader) {
    for (const auto size : {std::size_t{0}, std::size_t{1}, line.size() - 1, line.size()}) {
        behind_header served;
        EXPECT_EQ(served.send_and_shut(line.substr(0, size)), "");
        EXPECT_TRUE(served.client.is_closed()) << size;
    }
    behind_header whole;
    EXPECT_EQ(whole.send_and_shut(line + get("/a")), answer_to("/a"));
}

TEST(ConnectionPeer, GivesHeaderAndHeadOneDeadline) {
    behind_header silent;
    EXPECT_EQ(silent.pass(10s), "");
    EXPECT_TRUE(silent.client.is_closed());
    behind_header partial;
    partial.send("PROXY");
    partial.pass(9s);
    partial.send(" TCP4");
    EXPECT_FALSE(partial.client.is_closed());
    EXPECT_EQ(partial.pass(1s), "");
    EXPECT_TRUE(partial.client.is_closed());
    behind_header without_request;
    without_request.pass(9s);
    without_request.send(line);
    EXPECT_FALSE(without_request.client.is_closed());
    EXPECT_EQ(without_request.pass(1s), "");
    EXPECT_TRUE(without_request.client.is_closed());
    behind_header late;
    late.pass(9s);
    late.send(line + "GET ");
    EXPECT_TRUE(late.pass(1s).starts_with("HTTP/1.1 408 "));
}

TEST(ConnectionPeer, KeepsTimeAsUsualBehindItsFirstRequest) {
    behind_header served;
    served.pass(9s);
    EXPECT_EQ(served.send(line + get("/a")), answer_to("/a"));
    served.pass(74s);
    EXPECT_FALSE(served.client.is_closed());
    served.pass(1s);
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionPeer, IsClosedWhileItIsIdleWhenTheHostDrains) {
    for (const auto& begin : {""s, line}) {
        behind_header served;
        served.send(begin);
        served.host->drain();
        EXPECT_TRUE(served.client.is_closed());
    }
}

TEST(ConnectionPeer, IsWhomATrustedProxyNames) {
    behind_fields served;
    served.open_at();
    served.send(get("/a", "X-Forwarded-For: 198.51.100.7, 192.0.2.1, 10.0.0.2\r\n"));
    served.send(get("/b", "Forwarded: for=192.0.2.2\r\nX-Forwarded-For: 192.0.2.1\r\n"));
    served.send(get("/c"));
    served.send(get("/d", "X-Forwarded-For: unknown\r\n"));
    EXPECT_EQ(served.end(), (remotes{"192.0.2.1", "192.0.2.2", "10.0.0.1", "10.0.0.1"}));
}

TEST(ConnectionPeer, IsTheProxyWhereNoRequestCouldBeRead) {
    behind_fields served;
    served.open_at();
    served.send("BAD\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
    EXPECT_EQ(served.end(), (remotes{"10.0.0.1"}));
}

TEST(ConnectionPeer, IsNobodyElseWhereItIsNotTrusted) {
    behind_fields served;
    served.open_at("203.0.113.9");
    served.send(get("/a", "X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.2\r\n"));
    EXPECT_EQ(served.end(), (remotes{"203.0.113.9"}));
    met none;
    none.open_at();
    none.send(get("/a", "X-Forwarded-For: 192.0.2.1\r\n"));
    EXPECT_EQ(none.end(), (remotes{"10.0.0.1"}));
}

TEST(ConnectionPeer, NamesRequestsWhereItIsTrusted) {
    for (const auto& [peer, is_believed] :
         {std::pair{"10.0.0.1"sv, true}, std::pair{"203.0.113.9"sv, false}}) {
        behind_fields served;
        std::string id;
        served.handler.on_request = [&](http::exchange& exchange) {
            id = exchange.request_id();
            exchange.respond({});
        };
        served.open_at(peer);
        served.send(get("/a", "X-Request-Id: theirs\r\n"));
        EXPECT_EQ(id == "theirs", is_believed) << peer;
        EXPECT_EQ(id.size(), is_believed ? 6U : 32U);
    }
}

// Its line in the log has told it.
TEST(ConnectionPeer, LeavesARequestItsName) {
    behind_fields served;
    http::exchange* kept = nullptr;
    served.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
    served.open_at();
    served.send(get("/a", "X-Request-Id: theirs\r\n"));
    served.client.reset();
    served.receive();
    ASSERT_NE(kept, nullptr);
    EXPECT_EQ(kept->request_id(), "theirs");
    kept->respond({});
}

TEST(ConnectionPeer, IsToldToHandlersAsTheAccessLogTellsIt) {
    for (const auto& [peer, client] :
         {std::pair{"10.0.0.1"sv, "192.0.2.1"sv}, std::pair{"203.0.113.9"sv, "203.0.113.9"sv}}) {
        behind_fields served;
        std::string told;
        served.handler.on_request = [&](http::exchange& exchange) {
            told = exchange.known_as().client_address;
            exchange.respond({});
        };
        served.open_at(peer);
        served.send(get("/a", "X-Forwarded-For: 192.0.2.1\r\n"));
        EXPECT_EQ(told, client);
        EXPECT_EQ(served.end(), remotes{std::string{client}});
    }
}

// Nothing has asked for any of it before the client left.
TEST(ConnectionPeer, IsToldAlsoWhenItHasLeft) {
    for (const bool is_trusted : {true, false}) {
        served served;
        http::exchange* kept = nullptr;
        served.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
        net::listener_settings at;
        at.trusted_proxies.push_back(*net::address_block::parse("10.0.0.0/8"));
        served.host.emplace(served.settings, served.handler);
        served.host->accept(served.client, at,
                            *net::parse_address(is_trusted ? "10.0.0.1" : "203.0.113.9"));
        served.send(get("/a", "X-Request-Id: theirs\r\nX-Forwarded-For: 192.0.2.1\r\n"));
        served.client.reset();
        served.receive();
        ASSERT_NE(kept, nullptr);
        EXPECT_TRUE(kept->is_answered());
        EXPECT_EQ(kept->known_as().client_address, is_trusted ? "192.0.2.1" : "203.0.113.9");
        EXPECT_EQ(kept->known_as().request_id == "theirs", is_trusted);
        kept->respond({});
    }
}

// The header says who is trusted to say more.
TEST(ConnectionPeer, MayBeNamedByHeaderAndThenByField) {
    const std::string forwarded = get("/a", "X-Forwarded-For: 203.0.113.5\r\n");
    behind_fields both{"192.0.2.0/24"};
    both.at.proxy_protocol = true;
    both.open_at();
    both.send(line + forwarded);
    EXPECT_EQ(both.end(), (remotes{"203.0.113.5"}));
    behind_fields other;
    other.at.proxy_protocol = true;
    other.open_at();
    other.send(line + forwarded); // the header's sender is trusted, whom it names is not
    EXPECT_EQ(other.end(), (remotes{"192.0.2.1"}));
}

TEST(ConnectionPeer, IsNamedLaterByAHandlerThatAnswersLate) {
    behind_fields served;
    http::exchange* kept = nullptr;
    served.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
    served.open_at();
    served.send(get("/a", "X-Forwarded-For: 192.0.2.1\r\n"));
    ASSERT_NE(kept, nullptr);
    kept->respond({.content = "late"});
    EXPECT_EQ(served.receive(), answer_to("late"));
    EXPECT_EQ(served.end(), (remotes{"192.0.2.1"}));
}

// The same at real sockets: each listener has settings of its own, which its connections keep.
TEST(ServicePeer, IsJudgedByTheSettingsOfItsListener) {
    log_file log;
    {
        running_service service{{}, 100, log.writer()};
        net::listener_settings trusting;
        trusting.trusted_proxies.push_back(*net::address_block::parse("127.0.0.0/8"));
        net::listener_settings behind;
        behind.proxy_protocol = true;
        const std::string request = get("/a", "X-Forwarded-For: 192.0.2.7\r\n");
        socket_client plain{service};
        socket_client trusted{service.listen(1, trusting)};
        socket_client proxied{service.listen(2, behind)};
        trusted.send(request);
        EXPECT_EQ(trusted.receive(answer_to("/a")), answer_to("/a"));
        service.stop_listening(1);
        service.stop_listening(2);
        trusted.send(request);
        EXPECT_EQ(trusted.receive(answer_to("/a")), answer_to("/a"));
        proxied.send(line + request);
        EXPECT_EQ(proxied.receive(answer_to("/a")), answer_to("/a"));
        plain.send(request);
        EXPECT_EQ(plain.receive(answer_to("/a")), answer_to("/a"));
    }
    EXPECT_EQ(log.remotes(), (remotes{"192.0.2.7", "192.0.2.7", "192.0.2.1", "127.0.0.1"}));
}

} // namespace
} // namespace mortise::http1
