// SPDX-License-Identifier: BSL-1.0
// The steps of a case.
#include "player.hpp"

#include "answer.hpp"
#include "escapes.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace mortise::conformance {

namespace {

constexpr std::string_view smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

std::size_t piece_size(std::string_view bytes) noexcept {
    return bytes.size() > 4096 ? 1000 : 1;
}

} // namespace

http1::settings player::settings_of(const script& played) {
    http1::settings settings;
    settings.server_field = played.server_field;
    return settings;
}

player::player(const script& played, std::string file, cut how)
    : script_{played}, file_{std::move(file)}, cut_{how}, host_{settings_of(played), site_} {
    const auto& steps = played.steps;
    if (std::any_of(steps.begin(), steps.end(),
                    [](const step& one) { return one.what == word::logged; })) {
        log_.emplace();
    }
}

void player::play() {
    host_.accept(wire_);
    for (const step& now : script_.steps) {
        take_step(now);
        if (testing::Test::HasFailure()) {
            break;
        }
    }
    leave();
}

void player::take_step(const step& now) {
    switch (now.what) {
    case word::send:
    case word::send_and_shut:
        return send(now);
    case word::pass:
        return host_.pass(now.time);
    case word::take:
        wire_.limit_room(0);
        wire_.give_room(now.count);
        return host_.settle();
    case word::handler_answers:
    case word::handler_reads:
    case word::handler_begins:
    case word::handler_writes:
    case word::handler_ends:
    case word::handler_breaks_off:
        if (!handle(now)) {
            fail(now, "no handler keeps an exchange, or it is not one that can do this");
        }
        return host_.settle();
    case word::receive:
        return receive(now);
    case word::writes:
        if (cut_ == cut::whole && wire_.writes() != now.count) {
            fail(now, "the server has written " + std::to_string(wire_.writes()) + " times");
        }
        return;
    case word::logged:
        return check_log(now);
    case word::open:
    case word::lingers:
    case word::closed:
        return judge_end(now);
    }
}

bool player::handle(const step& now) {
    switch (now.what) {
    case word::handler_answers:
        return site_.answer_kept();
    case word::handler_reads:
        return site_.read_kept();
    case word::handler_begins:
        return site_.begin_kept(now.length);
    case word::handler_writes:
        return site_.write_stream(now.bytes);
    case word::handler_ends:
        return site_.end_stream();
    default:
        return site_.break_stream_off();
    }
}

void player::send(const step& now) {
    std::string_view rest = now.bytes;
    while (cut_ == cut::pieces && rest.size() > piece_size(now.bytes)) {
        wire_.send(rest.substr(0, piece_size(now.bytes)));
        rest.remove_prefix(piece_size(now.bytes));
        host_.settle();
    }
    if (now.what == word::send_and_shut) {
        wire_.send_and_shut(rest);
    } else {
        wire_.send(rest);
    }
    host_.settle();
}

void player::receive(const step& now) {
    received_ += wire_.take_received();
    std::string_view rest = received_;
    answer came;
    const auto fault = read_answer(rest, now.expected.ends, came);
    if (!fault.empty()) {
        return fail(now, fault);
    }
    compare(now, came);
    received_.erase(0, received_.size() - rest.size());
}

void player::compare(const step& now, const answer& came) {
    if (came.status != now.expected.status) {
        return fail(now, "the status is " + std::to_string(came.status));
    }
    for (const auto& [name, value] : now.expected.fields) {
        if (came.count(name) != 1 || came.value(name) != value) {
            fail(now, "not this field, once: " + name + ": " + value);
        }
    }
    for (const auto& name : now.expected.absent_fields) {
        if (came.count(name) != 0) {
            fail(now, "a field that should not be there: " + name);
        }
    }
    if (now.expected.content && *now.expected.content != came.content) {
        fail(now, "the content should be\n    " + escape(*now.expected.content));
    }
}

void player::judge_end(const step& now) {
    received_ += wire_.take_received();
    if (!received_.empty()) {
        return fail(now, "something more is answered");
    }
    const bool is_open = !wire_.is_closed() && !wire_.is_host_shut();
    if (is_open != (now.what == word::open)) {
        return fail(now, is_open ? "the connection is open" : "the connection is closed");
    }
    if (now.what == word::lingers && (wire_.is_closed() || wire_.unread() != 0)) {
        fail(now, "the server does not read on");
    }
}

void player::check_log(const step& now) {
    if (log_->text().find(now.bytes) == std::string::npos) {
        fail(now, "this is not logged: " + now.bytes);
    }
}

// A client that goes on after the end is not listened to, and no exchange is left behind.
void player::leave() {
    const auto& last = script_.steps.back();
    while (site_.answer_kept() || site_.break_stream_off()) {
    }
    host_.settle();
    if (last.what != word::open && !testing::Test::HasFailure()) {
        if (!wire_.is_closed()) {
            wire_.send(smuggled);
            host_.pass(std::chrono::seconds{3});
        }
        if (!wire_.is_closed() || !wire_.take_received().empty() || host_.exchange_count() != 0) {
            fail(last, "the connection does not end");
        }
    }
    if (site_.was_smuggled()) {
        fail(last, "a handler was asked for /smuggled");
    }
}

void player::fail(const step& now, std::string_view why) const {
    ADD_FAILURE_AT(file_.c_str(), static_cast<int>(now.line))
        << why << (cut_ == cut::pieces ? " (sent in pieces)" : "") << "\nrule: " << script_.rule
        << "\nreceived: " << escape(received_);
}

} // namespace mortise::conformance
