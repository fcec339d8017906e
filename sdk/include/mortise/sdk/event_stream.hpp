// SPDX-License-Identifier: BSL-1.0
// Server-sent events (HTML Living Standard, 9.2).
#pragma once

#include <mortise/sdk/detail/content_operations.hpp>
#include <mortise/sdk/exchange.hpp>
#include <mortise/sdk/stream.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// One event, as its text.
class event {
public:
    // Lines of `data` may end in CRLF, LF or CR; the client gets them joined by LF.
    explicit event(std::string_view data) {
        for (;;) {
            const auto end = data.find_first_of("\r\n");
            text_.append("data: ").append(data.substr(0, end)).append("\n");
            if (end == data.npos) {
                break;
            }
            data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
        }
    }

    // What the client sends as Last-Event-ID when it comes back. Throws std::invalid_argument
    // where it has a line end or NUL.
    event& with_id(std::string_view id) & { return with("id", id); }
    event&& with_id(std::string_view id) && { return std::move(with("id", id)); }
    // The name of its listener; without, "message".
    event& with_type(std::string_view type) & { return with("event", type); }
    event&& with_type(std::string_view type) && { return std::move(with("event", type)); }
    // How long the client waits before it connects again.
    event& with_retry(std::chrono::milliseconds wait) & {
        return with("retry", std::to_string(wait.count()));
    }
    event&& with_retry(std::chrono::milliseconds wait) && { return std::move(with_retry(wait)); }

    const std::string& text() const noexcept { return text_; }

private:
    event& with(std::string_view name, std::string_view value) {
        if (value.find_first_of(std::string_view{"\r\n\0", 3}) != value.npos) {
            throw std::invalid_argument{"an event's " + std::string{name} +
                                        " has a line end or NUL"};
        }
        text_.append(name).append(": ").append(value).append("\n");
        return *this;
    }

    std::string text_;
};

// A stream of events, which ends when the handler's task does; most never end by themselves, but by
// the client that leaves.
//
//     on.get("/clock", [](mortise::exchange& exchange) -> mortise::task<> {
//         mortise::event_stream events{exchange};
//         for (;;) {
//             co_await events.send(now());
//             co_await mortise::sleep_for(1s);
//         }
//     });
class event_stream {
public:
    explicit event_stream(exchange& exchange) : out_{exchange, head()} {}

    // The id of the last event that this client got before it came back.
    std::optional<std::string_view> last_event_id() const noexcept {
        return out_.exchange().request().field("Last-Event-ID");
    }

    // Resumes when the next event may follow.
    detail::write_awaiter<std::string> send(const event& event) {
        return {out_.exchange().number(), event.text() + "\n"};
    }
    detail::write_awaiter<std::string> send(std::string_view data) { return send(event{data}); }

    // A comment that no listener sees. Proxies close what is silent too long: send one each 15 s or
    // so where there is no event.
    detail::write_awaiter<std::string_view> heartbeat() noexcept { return out_.write(":\n\n"); }

private:
    static response head() {
        response head;
        head.with_media_type("text/event-stream");
        head.with_field("Cache-Control", "no-store");
        return head;
    }

    stream out_;
};

} // namespace sdk_v0
} // namespace mortise
