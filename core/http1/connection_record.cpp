// SPDX-License-Identifier: BSL-1.0
// What the access log, the metrics and Server-Timing are told of a connection's exchanges.
#include "base/ascii.hpp"
#include "http/field.hpp"
#include "http/identity.hpp"
#include "http1/connection.hpp"
#include "http1/exchange.hpp"
#include "http1/message_writer.hpp"
#include "http1/response_stream.hpp"
#include "http1/server_timing.hpp"
#include "http1/workspace.hpp"
#include "observe/access_log.hpp"
#include "observe/request_metrics.hpp"

#include <algorithm>
#include <new>
#include <span>
#include <string_view>

namespace mortise::http1 {

namespace {

// Null: no route serves it, or none that is counted.
observe::request_series* series_of(const exchange& of) noexcept {
    return of.route() != nullptr ? of.route()->counted : nullptr;
}

std::uint8_t size_of(net::address_family family) noexcept {
    return family == net::address_family::v4 ? 4 : family == net::address_family::v6 ? 16 : 0;
}

struct agent {
    std::string_view referer;
    std::string_view user_agent;
};

// By the first field of each name.
agent agent_of(std::span<const http::field> fields) noexcept {
    agent found;
    for (auto one = fields.rbegin(); one != fields.rend(); ++one) {
        if (one->name.size() == 7 && base::is_named(one->name, "referer")) {
            found.referer = one->value;
        } else if (one->name.size() == 10 && base::is_named(one->name, "user-agent")) {
            found.user_agent = one->value;
        }
    }
    return found;
}

void tell_identity(exchange& of, observe::access_record& to) noexcept {
    try {
        to.request_id = of.request_id();
    } catch (const std::bad_alloc&) { // a line without
    }
    if (const auto parent = http::find_trace_parent(of.request().fields)) {
        to.trace_id = parent->trace_id;
    }
}

} // namespace

// Before the handler has its turn.
[[gnu::noinline, gnu::hot]] void connection::begin_measuring() noexcept {
    exchange_->begin_measuring(workspace_.exact_now);
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->begin_request();
    }
    if (workspace_.settings.server_timing) {
        server_timing::add_to(*exchange_, workspace_.exact_now);
    }
}

// The handler has had its turn, and the requests of its route are charged with it. Answered, the
// exchange is over: its answer leaves with this turn.
[[gnu::noinline, gnu::hot]] void connection::count_step() noexcept {
    const auto time = workspace_.lap();
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->hold(series_of(*exchange_), time);
    }
    if (exchange_->is_answered()) {
        count_end(*exchange_);
    }
}

// Once for each exchange that has begun.
[[gnu::hot]] void connection::count_end(exchange& over) noexcept {
    if (workspace_.metrics == nullptr || over.is_counted()) {
        return;
    }
    over.set_counted();
    const http::method method = over.request().method;
    const auto came_to = observe::outcome_of(over.status());
    const auto took = workspace_.exact_now - over.exactly_begun_at();
    if (auto* const series = series_of(over)) {
        workspace_.metrics->end_request(*series, method == http::method::head, came_to, took);
    } else {
        workspace_.metrics->end_unrouted(http::method_name(method), came_to, took);
    }
}

void connection::count_refusal(http::method asked, unsigned status) noexcept {
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->refuse(http::method_name(asked), status, workspace_.lap());
    }
}

[[gnu::hot]] void connection::write_access_record(exchange* answered, unsigned status,
                                                  std::uint64_t size) noexcept {
    if (!workspace_.access_log->wants(status)) {
        return;
    }
    if (answered == nullptr) {
        return write_refusal_record(status, size);
    }
    const auto& request = answered->request();
    const bool has_content = may_have_content(status) && request.method != http::method::head;
    const auto from = client(answered);
    const auto by = agent_of(request.fields);
    observe::access_record record{.address = from.bytes,
                                  .address_size = size_of(from.family),
                                  .status = status,
                                  .version_minor = request.version_minor,
                                  .content_size = has_content ? size : 0,
                                  .time = workspace_.wall_clock,
                                  .duration = workspace_.now - answered->begun_at(),
                                  .method = http::method_name(request.method),
                                  .target = request.target,
                                  .authority = request.authority,
                                  .referer = by.referer,
                                  .user_agent = by.user_agent,
                                  .route = answered->pattern(),
                                  .request_id = {},
                                  .trace_id = {}};
    if (workspace_.access_log->tells_identity()) {
        tell_identity(*answered, record);
    }
    workspace_.access_log->write(record);
}

// Of a head that could not be read.
[[gnu::cold]] void connection::write_refusal_record(unsigned status, std::uint64_t size) noexcept {
    const auto from = client(nullptr);
    observe::access_record record;
    record.address = from.bytes;
    record.address_size = size_of(from.family);
    record.status = status;
    record.content_size = may_have_content(status) ? size : 0;
    record.time = workspace_.wall_clock;
    workspace_.access_log->write(record);
}

// One line at the end, with the content that was sent. What was copied counts as sent.
void connection::log_stream(exchange& ended) noexcept {
    if (workspace_.access_log == nullptr) {
        return;
    }
    const auto& stream = *ended.stream();
    std::size_t unsent = 0;
    if (stream.write != nullptr && outbox_ != nullptr) {
        const auto tail = stream.framing == message_framing::chunked ? chunk_end.size() : 0;
        unsent = std::min(outbox_->size() - std::min(tail, outbox_->size()), stream.write_size);
    }
    write_access_record(&ended, stream.status, stream.has_content ? stream.size - unsent : 0);
}

} // namespace mortise::http1
