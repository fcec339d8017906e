// SPDX-License-Identifier: BSL-1.0
// Short lives of a connection, to be lived again with each of their calls failing in turn.
#pragma once

#include "unit/http1/failing_allocation.hpp"
#include "unit/http1/served.hpp"

#include <array>
#include <string>
#include <string_view>

namespace mortise::http1::test {

// Answers by path, without memory of its own: /lent lends large content, /later keeps the
// exchange, /echo reads the content and answers with it, /broken lends content to a response that
// may not be sent, all else is answered with its path.
class sparing_handler final : public http::handler,
                              private http::content_read,
                              private http::exchange_observer {
public:
    void handle(http::exchange& exchange) noexcept override {
        const auto path = exchange.request().path;
        if (path == "/later" || path == "/waiting") {
            kept_ = &exchange;
            ++observed_;
            exchange.observe(this);
            exchange.set_half_close_leaves(path == "/waiting");
        } else if (path == "/echo") {
            kept_ = &exchange;
            size_ = 0;
            go_on();
        } else if (path == "/lent") {
            lend_to(exchange);
        } else if (path == "/broken") {
            lend_to(exchange, {&broken_field_, 1});
        } else {
            exchange.respond({.content = path});
        }
    }

    // Answers the exchange that /later kept, if it was reached.
    void answer_kept() {
        if (auto* const kept = std::exchange(kept_, nullptr)) {
            answered_ += kept->is_answered() ? 0 : 1;
            lend_to(*kept);
        }
    }
    // Whether each exchange that was kept was either answered in time or given up, once.
    bool knows_each_end() const noexcept { return observed_ == answered_ + abandoned_; }
    int lent() const noexcept { return lent_; }
    int released() const noexcept { return released_; }

private:
    void lend_to(http::exchange& exchange, std::span<const http::field> fields = {}) {
        ++lent_;
        exchange.respond(
            {.fields = fields,
             .content = content_,
             .release =
                 [](void* self) noexcept { ++static_cast<sparing_handler*>(self)->released_; },
             .release_argument = this});
    }
    void go_on() {
        auto progress = kept_->read_content(room(), *this);
        while (progress.now == http::read_progress::state::done && progress.size != 0) {
            size_ += progress.size;
            progress = kept_->read_content(room(), *this);
        }
        if (progress.now != http::read_progress::state::pending) {
            answer_echo(progress.now == http::read_progress::state::done ? 200 : 400);
        }
    }
    std::span<char> room() noexcept { return {echo_.data() + size_, 2}; }
    void answer_echo(unsigned status) {
        std::exchange(kept_, nullptr)
            ->respond({.status = status, .content = {echo_.data(), size_}});
    }

    void on_abandoned(const http::problem&) noexcept override { ++abandoned_; }
    void complete(std::size_t size) override {
        size_ += size;
        size == 0 ? answer_echo(200) : go_on();
    }
    void fail(const http::problem&) override { answer_echo(400); }

    const std::string content_ = std::string(50'000, 'x');
    const http::field broken_field_{"A", "b\r\nC: d"};
    http::exchange* kept_ = nullptr;
    std::array<char, 64> echo_{};
    std::size_t size_ = 0;
    int observed_ = 0;
    int answered_ = 0;
    int abandoned_ = 0;
    int lent_ = 0;
    int released_ = 0;
};

// What a script plays with. The host's allocations alone count in `memory`, not the script's.
struct stage {
    loopback::wire& client;
    loopback::http1_host& host;
    sparing_handler& handler;
    allocation_fuse* memory;

    void send(std::string_view bytes) {
        const allocation_fuse::scope scope{memory};
        client.send(bytes);
        host.settle();
    }
    void send_and_shut(std::string_view bytes) {
        const allocation_fuse::scope scope{memory};
        client.send_and_shut(bytes);
        host.settle();
    }
    void give_room(std::size_t bytes) {
        const allocation_fuse::scope scope{memory};
        client.give_room(bytes);
        host.settle();
    }
    void answer_kept() {
        const allocation_fuse::scope scope{memory};
        handler.answer_kept();
        host.settle();
    }
    void pass(base::milliseconds time) {
        const allocation_fuse::scope scope{memory};
        host.pass(time);
    }
};

struct script {
    const char* name;
    void (*play)(stage& stage);
    bool logs = false; // what fails may be a line of the log, which is lost then, and nothing else
};

inline const std::string post_head = "POST /echo HTTP/1.1\r\nHost: a\r\n";

inline const std::array scripts{
    script{"Plain", [](stage& stage) { stage.send(get("/a")); }},
    script{"Pieces",
           [](stage& stage) {
               stage.send("GET /a HTTP/1.1\r\n");
               stage.send("Host: a\r\n\r\nGET /b HTTP/");
               stage.send("1.1\r\nHost: a\r\n\r\n");
           }},
    script{"Pipelined", [](stage& stage) { stage.send(get("/a") + get("/b") + get("/c")); }},
    script{"Refused", [](stage& stage) { stage.send(get("/a") + "BAD\r\n"); }},
    script{"LongTarget",
           [](stage& stage) { stage.send(get("/x/../" + std::string(5000, 'a')) + get("/b")); }},
    script{"Content",
           [](stage& stage) {
               stage.send(post_head + "Content-Length: 6\r\n\r\nab");
               stage.send("cd");
               stage.send("ef" + get("/b"));
           }},
    script{"Chunked",
           [](stage& stage) {
               stage.send(post_head + "Transfer-Encoding: chunked\r\n\r\n3\r\nab");
               stage.send("c\r\n2\r\nde\r\n0\r\n");
               stage.send("\r\n" + get("/b"));
           }},
    script{"Expected",
           [](stage& stage) {
               stage.send(post_head + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
               stage.send("abc" + get("/b"));
           }},
    script{"Unwanted",
           [](stage& stage) {
               stage.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n");
               stage.send("abc" + get("/b"));
           }},
    script{"Lent", [](stage& stage) { stage.send(get("/lent") + get("/b")); }},
    script{"Broken", [](stage& stage) { stage.send(get("/broken") + get("/b")); }, true},
    script{"SlowReader",
           [](stage& stage) {
               stage.client.limit_room(10);
               stage.send(get("/a") + get("/b"));
               stage.send(get("/lent") + get("/c"));
               for (int steps = 0; steps < 4; ++steps) {
                   stage.give_room(20'000);
               }
           }},
    script{"Later",
           [](stage& stage) {
               stage.send(get("/later") + get("/b"));
               stage.answer_kept();
           }},
    script{"LaterAndSlow",
           [](stage& stage) {
               stage.client.limit_room(10);
               stage.send(get("/later") + get("/b"));
               stage.answer_kept();
               stage.give_room(100'000);
           }},
    script{"HalfCloses",
           [](stage& stage) {
               stage.send_and_shut(get("/a") + get("/later"));
               stage.answer_kept();
           }},
    script{"LeavesByHalfClose",
           [](stage& stage) {
               stage.send(get("/a") + get("/waiting") + get("/b"));
               stage.send_and_shut({});
           }},
    script{"LateHandler",
           [](stage& stage) {
               stage.send(get("/later"));
               stage.pass(std::chrono::seconds{61});
           }},
    script{"LateHead",
           [](stage& stage) {
               stage.send("GET ");
               stage.pass(std::chrono::seconds{11});
           }},
    script{"LateContent",
           [](stage& stage) {
               stage.send(post_head + "Content-Length: 6\r\n\r\nab");
               stage.pass(std::chrono::seconds{31});
           }},
};

} // namespace mortise::http1::test
