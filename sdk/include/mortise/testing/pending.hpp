// SPDX-License-Identifier: BSL-1.0
// A request that is on its way, and its client, whom the test plays.
#pragma once

#include <mortise/testing/answer.hpp>
#include <mortise/testing/detail/host_core.hpp>
#include <mortise/testing/failure.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// Given by begin(). What the client does is seen when the host runs next: host::run(), advance(),
// send() or finish(). Copies are the same exchange. Thread: the test's; the host outlives all but
// the queries.
class pending {
public:
    // Used by the testing host.
    pending(detail::host_core& host, std::shared_ptr<detail::exchange> at) noexcept
        : host_{host}, at_{std::move(at)} {}

    // The number that log lines show.
    mortise_exchange number() const noexcept { return at_->number(); }

    // The client has status and fields, by reply() or by the begin() of a stream.
    bool is_answered() const noexcept { return at_->response().has_head; }
    // The client has all of it, or will get no more.
    bool is_ended() const noexcept { return at_->response().has_ended; }
    // It ended so that the client can tell that content is missing, or the client left before.
    bool was_broken_off() const noexcept { return at_->response().is_broken_off; }
    // The plugin is done with it: it owes no reply() and no end().
    bool is_over() const noexcept { return at_->is_over(); }

    // What the client has so far.
    unsigned status() const noexcept { return at_->response().status; }
    const std::string& content() const noexcept { return at_->response().content; }
    std::optional<std::string> field(std::string_view name) const { return so_far().field(name); }
    answer so_far() const {
        const auto& response = at_->response();
        return {response.status, response.fields, response.content, response.is_broken_off};
    }

    // Runs the host and lets virtual time pass until the client has all of it. Throws failure,
    // which says what it waits for, where nothing will come or the host's patience ends.
    answer finish() const {
        host_.finish(*at_);
        return so_far();
    }

    // More of the request's content, of one that is to come. end_content() follows the last piece.
    void push_content(std::string_view piece) {
        judge_coming();
        act([piece = std::string{piece}](auto& at) { at.content().push(piece); });
    }
    void end_content() {
        judge_coming();
        act([](auto& at) { at.content().end(); });
    }
    // The content is broken, too large or too slow: `status` says so, such as 400, 413 or 408.
    void fail_content(unsigned status) {
        judge_coming();
        act([status](auto& at) { at.content().fail(status); });
    }

    // The client takes `bytes` more of the response's content, and then none until take(). What it
    // was sent before, it has; request::reads_slowly() holds from the first byte on.
    void reads_slowly(std::size_t bytes) {
        act([bytes](auto& at) { at.response().window = bytes; });
    }
    void take(std::size_t bytes) {
        act([bytes](auto& at) {
            auto& window = at.response().window;
            window = window.value_or(0) + bytes;
        });
    }

    // The client resets the connection.
    void disconnect() {
        act([](auto& at) { at.client_leaves(); });
    }
    // The client ends its side. It has left where the response is streamed, or the route says so.
    void half_close() {
        act([](auto& at) { at.client_half_closes(); });
    }
    // The host's time for the handler is over: the client gets 504.
    void time_out() {
        act([](auto& at) { at.give_up(504, "The handler takes too long"); });
    }

private:
    void judge_coming() const {
        if (!at_->asked().is_content_to_come()) {
            throw failure{at_->name() + " came with its content: use with_content_to_come()"};
        }
    }

    // Lets the loop do it, and then go on with what waited for it.
    void act(auto what) {
        host_.loop.post([&host = host_, at = at_, what = std::move(what)] {
            what(*at);
            host.call_if_whole(*at);
            at->continue_reading();
            at->continue_writing();
        });
    }

    detail::host_core& host_;
    std::shared_ptr<detail::exchange> at_;
};

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
