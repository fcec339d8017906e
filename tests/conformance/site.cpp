// SPDX-License-Identifier: BSL-1.0
// The routes of the cases.
#include "site.hpp"

#include "base/decimal.hpp"
#include "collector.hpp"
#include "http/exchange.hpp"
#include "http/percent.hpp"
#include "loopback/file.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace mortise::conformance {

class page final : public http::handler {
public:
    page(site& owner, void (*serve)(site&, http::exchange&)) noexcept
        : owner_{owner}, serve_{serve} {}
    void handle(http::exchange& exchange) noexcept override { serve_(owner_, exchange); }

private:
    site& owner_;
    void (*serve_)(site&, http::exchange&);
};

// A piece may be pending: the case goes on with the next one when the client has taken it.
class ignored_write final : public http::content_write {
    void complete() override {}
    void fail(const http::problem&) override {}
};

namespace {

void echo(site&, http::exchange& exchange) {
    collector::collect(exchange, [](http::exchange& read, std::string_view content) {
        read.respond({.content = content});
    });
}

// The request as its handler sees it.
void show(site&, http::exchange& exchange) {
    collector::collect(exchange, [](http::exchange& read, std::string_view content) {
        const auto& request = read.request();
        std::string text{request.path};
        text.append("?").append(request.query).append(" of ").append(request.authority) += '\n';
        for (const auto& field : request.fields) {
            text.append(field.name).append(": ").append(field.value) += '\n';
        }
        read.respond({.content = text.append(content)});
    });
}

void hello(site&, http::exchange& exchange) {
    exchange.respond({.content = "hello"});
}

void ignore(site&, http::exchange& exchange) {
    exchange.respond({.content = "ignored"});
}

void greet(site&, http::exchange& exchange) {
    std::string text{"Hello, "};
    exchange.respond({.content = text.append(exchange.parameters().front().value)});
}

void tell_path(site&, http::exchange& exchange) {
    exchange.respond({.content = exchange.request().path});
}

// Content that no such status may carry.
void answer_status(site&, http::exchange& exchange) {
    const auto status = base::parse_decimal(exchange.parameters().front().value).value_or(0);
    exchange.respond({.status = static_cast<unsigned>(status), .content = "unwanted"});
}

// A response with the field that the query writes: /field?Name=, with a value of each kind.
void answer_field(site&, http::exchange& exchange) {
    const auto& request = exchange.request();
    const auto equals = request.query.find('=');
    const auto name = http::percent_decode(request.query.substr(0, equals), exchange.memory());
    const auto value = http::percent_decode(request.query.substr(equals + 1), exchange.memory());
    const std::array<http::field, 1> fields{http::field{name, value}};
    exchange.respond({.fields = fields, .content = "text"});
}

// As much of a file as the path says, which has 40,000 bytes.
void answer_file(site&, http::exchange& exchange) {
    std::string bytes;
    while (bytes.size() < 40'000) {
        bytes += "0123456789";
    }
    const auto size = base::parse_decimal(exchange.parameters().front().value).value_or(0);
    const http::file_content file{loopback::make_file(bytes), 0, size};
    exchange.respond({.file = &file});
}

void answer_later(site& owner, http::exchange& exchange) {
    owner.keep(exchange);
}

} // namespace

site::site() : write_{std::make_unique<ignored_write>()} {
    add("GET", "/hello", hello);
    add("GET", "/{name}", greet);
    add("GET", "/files/{path...}", tell_path);
    add("GET", "/greet/{names...}", greet);
    add("POST", "/echo", echo);
    add("GET", "/show", show);
    add("POST", "/show", show);
    add("POST", "/ignore", ignore);
    add("GET", "/status/{code}", answer_status);
    add("GET", "/field", answer_field);
    add("GET", "/file/{size}", answer_file);
    add("GET", "/later", answer_later);
    add("POST", "/later", answer_later);
    std::vector<routing::route_fault> faults;
    router_ = std::make_unique<routing::router>(routing::route_table::compile(routes_, faults));
    if (!faults.empty()) {
        throw std::runtime_error{faults.front().text};
    }
}

site::~site() = default;

void site::add(std::string method, std::string pattern, void (*serve)(site&, http::exchange&)) {
    pages_.push_back(std::make_unique<page>(*this, serve));
    routes_.push_back({{}, std::move(method), std::move(pattern), pages_.back().get(), "the site"});
}

void site::handle(http::exchange& exchange) noexcept {
    was_smuggled_ = was_smuggled_ || exchange.request().path == "/smuggled";
    router_->handle(exchange);
}

http::exchange* site::take_kept() {
    if (kept_.empty()) {
        return nullptr;
    }
    auto* const oldest = kept_.front();
    kept_.pop_front();
    return oldest;
}

bool site::answer_kept() {
    auto* const kept = streamed_ != nullptr ? std::exchange(streamed_, nullptr) : take_kept();
    return kept != nullptr && (kept->respond({.content = "later"}), true);
}

bool site::read_kept() {
    if (streamed_ != nullptr) {
        collector::collect(*streamed_, [](http::exchange& read, std::string_view content) {
            static ignored_write write;
            read.write_content(content, write);
        });
        return true;
    }
    auto* const kept = take_kept();
    return kept != nullptr && (echo(*this, *kept), true);
}

bool site::begin_kept(std::optional<std::uint64_t> length) {
    auto* const kept = take_kept();
    if (kept == nullptr || streamed_ != nullptr) {
        return false;
    }
    const std::array<http::field, 1> fields{http::field{"Content-Type", "text/plain"}};
    streamed_ = kept->begin_response({.fields = fields}, length) ? kept : nullptr;
    return true;
}

bool site::write_stream(std::string_view piece) {
    return streamed_ != nullptr && (streamed_->write_content(piece, *write_), true);
}

bool site::end_stream() {
    auto* const ended = std::exchange(streamed_, nullptr);
    return ended != nullptr && (ended->end_response(), true);
}

bool site::break_stream_off() {
    auto* const ended = std::exchange(streamed_, nullptr);
    return ended != nullptr && (ended->abort_response(), true);
}

} // namespace mortise::conformance
