// SPDX-License-Identifier: BSL-1.0
// Short lives of a connection, to be lived again with each of their calls failing in turn.
#pragma once

#include "loopback/file.hpp"
#include "unit/http1/failing_allocation.hpp"
#include "unit/http1/served.hpp"
#include "unit/net/sockets.hpp"

#include <array>
#include <string>
#include <string_view>

namespace mortise::http1::test {

// Answers by path, without memory of its own: /lent lends large content, /later keeps the
// exchange, /echo reads the content and answers with it, /broken lends content to a response that
// may not be sent, all else is answered with its path.
class sparing_handler final : public http::handler,
                              private http::content_read,
                              private http::content_write,
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
        } else if (path == "/stream") {
            begin(exchange);
            write_on(6);
        } else if (path == "/streams") {
            begin(exchange);
        } else if (path == "/lent") {
            lend_to(exchange);
        } else if (path == "/file") {
            lend_file_to(exchange, content_.size());
        } else if (path == "/shortfile") {
            lend_file_to(exchange, content_.size() + 1);
        } else if (path == "/smallfile") {
            lend_file_to(exchange, 100);
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
    // Goes on with what /streams began, in so many writes, unless one is pending.
    void stream_kept(int writes) {
        if (streamed_ != nullptr && !is_writing_) {
            write_on(writes);
        }
    }
    // Ends it, if it is still there.
    void end_stream() {
        if (auto* const ended = std::exchange(streamed_, nullptr)) {
            answered_ += ended->is_answered() ? 0 : 1;
            ended->abort_response();
        }
    }
    // Whether every write that was pending came to one end.
    bool knows_each_write() const noexcept { return !is_writing_; }
    int lent() const noexcept { return lent_; }
    int released() const noexcept { return released_; }

private:
    void lend_file_to(http::exchange& exchange, std::size_t size) {
        ++lent_;
        const http::file_content range{file_.get(), 0, size};
        exchange.respond(
            {.release =
                 [](void* self) noexcept { ++static_cast<sparing_handler*>(self)->released_; },
             .release_argument = this,
             .file = &range});
    }
    void begin(http::exchange& exchange) {
        ++observed_;
        exchange.observe(this);
        streamed_ = &exchange;
        if (!exchange.begin_response({}, std::nullopt)) {
            ++answered_;
            streamed_ = nullptr;
            exchange.respond({.status = 500});
        }
    }
    // Small pieces, and one in three that is large; then the end.
    void write_on(int writes) {
        for (rest_ = writes; rest_ > 0;) {
            const bool is_large = rest_-- % 3 == 0;
            const std::string_view piece = is_large ? content_ : std::string_view{"piece"};
            const auto progress = streamed_->write_content(piece, *this);
            is_writing_ = progress.now == http::write_progress::state::pending;
            if (progress.now != http::write_progress::state::done) {
                return;
            }
        }
        answered_ += streamed_->is_answered() ? 0 : 1;
        std::exchange(streamed_, nullptr)->end_response();
    }
    void complete() override {
        is_writing_ = false;
        write_on(rest_);
    }

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
    // Of the read or of the write.
    void fail(const http::problem&) override {
        if (std::exchange(is_writing_, false)) {
            return;
        }
        answer_echo(400);
    }

    const std::string content_ = std::string(50'000, 'x');
    const net::test::descriptor file_{loopback::make_file(content_)};
    const http::field broken_field_{"A", "b\r\nC: d"};
    http::exchange* kept_ = nullptr;
    http::exchange* streamed_ = nullptr;
    int rest_ = 0; // writes to come
    bool is_writing_ = false;
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
    void stream_kept(int writes) {
        const allocation_fuse::scope scope{memory};
        handler.stream_kept(writes);
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
    script{"File", [](stage& stage) { stage.send(get("/a") + get("/file") + get("/b")); }},
    script{"SmallFile", [](stage& stage) { stage.send(get("/smallfile") + get("/b")); }},
    script{"ShortFile", [](stage& stage) { stage.send(get("/a") + get("/shortfile")); }, true},
    script{"FileToASlowReader",
           [](stage& stage) {
               stage.client.limit_room(10);
               stage.send(get("/a") + get("/file") + get("/b"));
               for (int steps = 0; steps < 4; ++steps) {
                   stage.give_room(20'000);
               }
           }},
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
    script{"Streamed", [](stage& stage) { stage.send(get("/stream") + get("/b")); }},
    script{"StreamedLater",
           [](stage& stage) {
               stage.send(get("/streams") + get("/b"));
               stage.stream_kept(6);
           }},
    script{"StreamedSlowly",
           [](stage& stage) {
               stage.client.limit_room(10);
               stage.send(get("/stream") + get("/b"));
               for (int steps = 0; steps < 8; ++steps) {
                   stage.give_room(20'000);
               }
           }},
    script{"StreamedLaterAndSlowly",
           [](stage& stage) {
               stage.send(get("/streams"));
               stage.client.limit_room(10);
               stage.stream_kept(6);
               for (int steps = 0; steps < 8; ++steps) {
                   stage.give_room(20'000);
               }
           }},
    script{"LeavesAStream",
           [](stage& stage) {
               stage.client.limit_room(1000);
               stage.send(get("/stream") + get("/b"));
               stage.send_and_shut({});
           }},
    script{"TakesNothingOfAStream",
           [](stage& stage) {
               stage.client.limit_room(1000);
               stage.send(get("/stream"));
               stage.pass(std::chrono::seconds{31});
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
