// SPDX-License-Identifier: BSL-1.0
// A connection under test: a client without a socket, a handler that does what the test says.
#pragma once

#include "http/exchange.hpp"
#include "http/handler.hpp"
#include "loopback/http1_host.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise::http1::test {

// Answers each request with its path, unless the test says otherwise.
class scripted_handler final : public http::handler {
public:
    std::function<void(http::exchange&)> on_request = [](http::exchange& exchange) {
        const std::string path{exchange.request().path};
        exchange.respond({.content = path});
    };
    void handle(http::exchange& exchange) noexcept override { on_request(exchange); }
};

// The text of a response as the tests write it, which is without the Date field's line.
inline std::string without_date(std::string text) {
    constexpr std::string_view name = "\r\nDate: ";
    for (auto at = text.find(name); at != text.npos; at = text.find(name)) {
        text.erase(at, text.find("\r\n", at + name.size()) - at);
    }
    return text;
}

// What the scripted handler's usual answer to `path` looks like; `more` are further field lines.
inline std::string answer_to(std::string_view path, std::string_view more = {}) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(path.size()) + "\r\n" +
           std::string{more} + "\r\n" + std::string{path};
}

// The host's own answer with `status` and `title`, after which the connection ends.
inline std::string refusal(std::string_view status, std::string_view title) {
    const std::string content = std::string{status} + ": " + std::string{title} + "\n";
    return "HTTP/1.1 " + std::string{status} +
           "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
           std::to_string(content.size()) + "\r\nConnection: close\r\n\r\n" + content;
}

inline std::string get(std::string_view path, std::string_view more = {}) {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n" + std::string{more} + "\r\n";
}

// One client and its connection. Settings and handler are chosen before open().
struct served {
    http1::settings settings;
    scripted_handler handler;
    loopback::wire client;
    std::optional<loopback::http1_host> host;

    void open(observe::access_writer* access_log = nullptr) {
        host.emplace(settings, handler, access_log);
        host->accept(client);
    }
    // What the client receives because of what it sends.
    std::string send(std::string_view bytes) {
        client.send(bytes);
        return receive();
    }
    std::string send_and_shut(std::string_view bytes) {
        client.send_and_shut(bytes);
        return receive();
    }
    // What the client receives once every turn has been given.
    std::string receive() {
        host->settle();
        return without_date(client.take_received());
    }
    std::string pass(base::milliseconds time) {
        host->pass(time);
        return receive();
    }
};

// The same, opened with all that is usual.
struct opened : served {
    opened() { open(); }
};

// Reads an exchange's content to its end or failure, piece by piece, then answers with it, or
// with the status of the failure. Outlives the exchange.
class content_echo final : public http::content_read {
public:
    explicit content_echo(http::exchange& exchange, std::size_t room = 4096)
        : exchange_{exchange}, room_(room, '\0') {}

    // Asks for pieces until one is not there yet, or `pieces` were read.
    void read(std::size_t pieces = std::string::npos) {
        for (; pieces > 0 && !over_; --pieces) {
            const auto progress = exchange_.read_content(room_, *this);
            if (progress.now == http::read_progress::state::pending) {
                rest_ = pieces - 1;
                return;
            }
            if (progress.now == http::read_progress::state::done) {
                take(progress.size);
            } else {
                give_up(progress.why);
            }
        }
    }
    const std::string& content() const noexcept { return content_; }
    bool is_over() const noexcept { return over_; }
    unsigned failure() const noexcept { return failure_; }

    void complete(std::size_t size) override {
        take(size);
        read(std::exchange(rest_, 0));
    }
    void fail(const http::problem& why) override { give_up(why); }

private:
    void take(std::size_t size) {
        content_.append(room_, 0, size);
        if (size == 0) {
            over_ = true;
            exchange_.respond({.content = content_});
        }
    }
    void give_up(const http::problem& why) {
        over_ = true;
        failure_ = why.status;
        http::respond_with(exchange_, why);
    }

    http::exchange& exchange_;
    std::string room_;
    std::string content_;
    std::size_t rest_ = 0; // pieces to ask for behind the pending one
    unsigned failure_ = 0;
    bool over_ = false;
};

} // namespace mortise::http1::test
