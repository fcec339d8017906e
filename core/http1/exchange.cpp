// SPDX-License-Identifier: BSL-1.0
// What a handler may ask of its exchange, on HTTP/1.
#include "http1/exchange.hpp"

#include "http1/connection.hpp"
#include "http1/workspace.hpp"
#include "net/lent_file.hpp"

#include <cstring>
#include <optional>
#include <utility>

namespace mortise::http1 {

namespace {

std::uint64_t size_of(const http::response& response) noexcept {
    return response.file != nullptr ? response.file->size : response.content.size();
}

void give_back_content(const http::response& response) noexcept {
    if (response.file != nullptr) {
        const net::lent_file file{response.file->descriptor, 0, 0, response.release,
                                  response.release_argument};
    } else if (response.release != nullptr) {
        response.release(response.release_argument);
    }
}

} // namespace

void exchange::begin(connection& owner, std::string_view bytes) noexcept {
    connection_ = &owner;
    cohort_ = workspace_.cohort;
    set_text(bytes);
    begun_at_ = workspace_.now;
    handling_ = &workspace_.handling;
    content_.start(request_, workspace_.settings.limits.content_size);
}

bool exchange::is_peer_trusted() const noexcept {
    return connection_ != nullptr ? connection_->is_behind_proxy() : was_behind_proxy_;
}

std::string_view exchange::client_address(address_room& room) const noexcept {
    const auto from = connection_ != nullptr ? connection_->client(this) : left_;
    return from.family != net::address_family::none ? net::address_text(from, room)
                                                    : std::string_view{};
}

void exchange::limit_time(base::milliseconds time) {
    handling_ = &workspace_.handling_within(time);
}

void exchange::reset() noexcept {
    connection_ = nullptr;
    cohort_ = 0;
    read_ = nullptr;
    is_kept_ = false;
    observer_ = nullptr;
    clear_response_filters();
    answered_ = false;
    half_close_leaves_ = false;
    outlives_client_ = false;
    made_ = asked_for::nothing;
    clear_parameters();
    set_route(nullptr);
    if (runs_on_) [[unlikely]] {
        end_running_on();
    }
    if (stream_ != nullptr) [[unlikely]] {
        stream_.reset();
    }
}

void exchange::keep_request() {
    if (std::exchange(is_kept_, true)) {
        return;
    }
    const std::string_view head = text();
    char* const room = is_text_kept() ? nullptr : memory().array<char>(head.size()).data();
    const http::kept_text text = keep_text(room);
    request_.target = text.moved(request_.target);
    for (auto* const view : {&request_.path, &request_.query, &request_.authority}) {
        *view = text.moved_if_inside(*view);
    }
    const auto fields = memory().array<http::field>(request_.fields.size());
    http::field* to = fields.data();
    for (const auto& [name, value] : request_.fields) { // all of them stand in the text
        *to++ = {text.moved(name), text.moved(value)};
    }
    request_.fields = fields;
    for (auto& parameter : mutable_parameters()) {
        parameter.value = text.moved_if_inside(parameter.value);
    }
    set_lasting_text(text.whole());
}

http::read_progress exchange::read_content(std::span<char> into, http::content_read& read) {
    using state = http::read_progress::state;
    if (connection_ == nullptr) {
        return {state::failed, 0, client_left};
    }
    // Behind the head of a response it would be taken for a part of that.
    if (stream_ == nullptr && std::exchange(request_.expects_continue, false) &&
        !content_.is_at_end() && !content_.is_known_too_large()) {
        connection_->send_continue(content_);
    }
    if (!connection_->is_served()) { // its unread bytes are not at hand before its next turn
        connection_->resume_later();
        return wait_to_read(into, read);
    }
    const auto progress = read_now(into);
    return progress.now == state::pending ? wait_to_read(into, read) : progress;
}

http::read_progress exchange::wait_to_read(std::span<char> into,
                                           http::content_read& read) noexcept {
    read_ = &read;
    room_ = into;
    return {http::read_progress::state::pending};
}

http::read_progress exchange::read_now(std::span<char> into) noexcept {
    using state = http::read_progress::state;
    const auto step = content_.next(connection_->unread(), into.size(), workspace_.settings.limits);
    switch (step.now) {
    case content_decoder::step::state::piece:
        std::memcpy(into.data(), step.piece.data(), step.piece.size());
        return {state::done, step.piece.size()};
    case content_decoder::step::state::end:
        return {state::done};
    case content_decoder::step::state::refused:
        return {state::failed, 0, step.why};
    case content_decoder::step::state::need_more:
        break;
    }
    return {state::pending};
}

bool exchange::continue_reading() noexcept {
    using state = http::read_progress::state;
    const auto progress = read_now(room_);
    if (progress.now == state::pending) {
        return false;
    }
    auto& read = *std::exchange(read_, nullptr);
    if (progress.now == state::done) {
        read.complete(progress.size);
    } else {
        read.fail(progress.why);
    }
    return true;
}

void exchange::fail_reading(const http::problem& why) noexcept {
    if (auto* const read = std::exchange(read_, nullptr)) {
        read->fail(why);
    }
}

void exchange::abandon(const http::problem& why, const net::address& client) noexcept {
    left_ = client;
    was_behind_proxy_ = connection_->is_behind_proxy();
    connection_ = nullptr;
    if (outlives_client_ && why.status == client_left.status) {
        run_on();
    } else {
        give_up(why);
    }
    if (stream_ != nullptr && stream_->write != nullptr) {
        std::exchange(stream_->write, nullptr)->fail(why);
    }
    fail_reading(why);
}

// What the handler answers from here on comes too late: the connection has, or nobody.
void exchange::give_up(const http::problem& why) noexcept {
    answered_ = true;
    if (auto* const told = std::exchange(observer_, nullptr)) {
        told->on_abandoned(why);
    }
}

void exchange::run_on() noexcept {
    runs_on_ = true;
    ++workspace_.running_on;
    if (stream_ == nullptr) {
        handling_->arm(*this, begun_at_);
    }
}

void exchange::end_running_on() noexcept {
    runs_on_ = false;
    --workspace_.running_on;
    disarm();
}

void exchange::stop(const http::problem& why) noexcept {
    if (runs_on_) {
        end_running_on();
        give_up(why);
    }
}

void exchange::on_expiry(base::instant) noexcept {
    stop(handler_is_late);
}

void exchange::cut_off(const http::problem& why) noexcept {
    if (connection_ == nullptr) {
        stop(why);
    } else if (!answered_) {
        connection_->cut_off(why);
    }
}

void exchange::set_half_close_leaves(bool leaves) {
    half_close_leaves_ = leaves;
    if (leaves && connection_ != nullptr) {
        connection_->judge_half_close();
    }
}

[[gnu::hot]] bool exchange::respond(const http::response& response) {
    answered_ = true;
    read_ = nullptr;
    if (connection_ != nullptr && stream_ == nullptr) {
        std::optional<http::response> changed;
        const http::response* sent = &response;
        if (is_filtered()) [[unlikely]] {
            sent = &changed.emplace(filtered(response, size_of(response)));
        }
        return connection_->answer(*this, *sent); // one call, which is inlined
    }
    give_back_content(response);
    if (connection_ != nullptr) {
        connection_->break_off(*this, "a second response behind one that had begun");
        return false;
    }
    if (workspace_.exchanges.retire(*this)) {
        workspace_.on_resumable();
    }
    return true;
}

bool exchange::begin_response(const http::response& head, std::optional<std::uint64_t> length) {
    bool has_begun = true;
    if (connection_ != nullptr && stream_ != nullptr) {
        connection_->break_off(*this, "a second response behind one that had begun");
        answered_ = true;
        read_ = nullptr;
        has_begun = false;
    } else if (connection_ != nullptr) {
        has_begun = connection_->begin_response(*this, filtered(head, length), length);
        half_close_leaves_ = half_close_leaves_ || has_begun;
    }
    give_back_content(head);
    return has_begun;
}

response_stream& exchange::begin_stream(response_stream begun) {
    stream_ = std::make_unique<response_stream>(std::move(begun));
    return *stream_;
}

http::write_progress exchange::write_content(std::string_view piece, http::content_write& write) {
    using state = http::write_progress::state;
    if (connection_ == nullptr) {
        return {state::failed, client_left};
    }
    if (stream_ == nullptr) {
        return {state::failed, {500, "No response has begun"}};
    }
    return connection_->write_content(*this, piece, write);
}

// The connection waits for the handler again, and no longer for content: its turn sees to that.
void exchange::stop_reading() noexcept {
    if (std::exchange(read_, nullptr) != nullptr && connection_ != nullptr) {
        connection_->resume_later();
    }
}

void exchange::stop_writing() noexcept {
    if (connection_ != nullptr && is_writing()) {
        connection_->stop_writing(*stream_);
    }
}

void exchange::end_response() {
    if (connection_ == nullptr || stream_ == nullptr) {
        respond({.status = 500}); // nothing had begun, or nobody receives it
        return;
    }
    answered_ = true;
    read_ = nullptr;
    connection_->end_response(*this);
}

void exchange::abort_response() {
    if (connection_ == nullptr || stream_ == nullptr) {
        return end_response();
    }
    answered_ = true;
    read_ = nullptr;
    connection_->abort_response(*this);
}

} // namespace mortise::http1
