// SPDX-License-Identifier: BSL-1.0
// What the access log and the metrics are told of a connection's exchanges.
#include "http/field.hpp"
#include "http/identity.hpp"
#include "http1/connection.hpp"
#include "http1/exchange.hpp"
#include "http1/message_writer.hpp"
#include "http1/response_stream.hpp"
#include "http1/workspace.hpp"
#include "observe/access_log.hpp"
#include "observe/request_metrics.hpp"

#include <algorithm>
#include <new>

namespace mortise::http1 {

namespace {

// Null: no route serves it, or none that is counted.
observe::request_series* series_of(const exchange& of) noexcept {
    return of.route() != nullptr ? of.route()->counted : nullptr;
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

// The handler has had its turn, and the requests of its route are charged with it. Answered, the
// exchange is over: its answer leaves with this turn.
[[gnu::noinline]] void connection::count_step() noexcept {
    const auto time = workspace_.lap();
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->hold(series_of(*exchange_), time);
    }
    if (exchange_->is_answered()) {
        count_end(*exchange_);
    }
}

// Once for each exchange that has begun.
void connection::count_end(exchange& over) noexcept {
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

void connection::write_access_record(exchange* answered, unsigned status,
                                     std::uint64_t size) noexcept {
    if (!workspace_.access_log->wants(status)) {
        return;
    }
    observe::access_record record;
    const auto from = client(answered);
    record.address = from.bytes;
    record.address_size = from.family == net::address_family::v4   ? 4
                          : from.family == net::address_family::v6 ? 16
                                                                   : 0;
    record.status = status;
    record.time = workspace_.wall_clock;
    record.content_size = may_have_content(status) ? size : 0;
    if (answered != nullptr) {
        const auto& request = answered->request();
        const auto value_of = [&](std::string_view name) {
            const auto* const found = http::find_field(request.fields, name);
            return found != nullptr ? found->value : std::string_view{};
        };
        record.version_minor = request.version_minor;
        record.duration = workspace_.now - answered->begun_at();
        record.method = http::method_name(request.method);
        record.target = request.target;
        record.authority = request.authority;
        record.referer = value_of("Referer");
        record.user_agent = value_of("User-Agent");
        record.route = answered->pattern();
        if (workspace_.access_log->tells_identity()) {
            tell_identity(*answered, record);
        }
        if (request.method == http::method::head) {
            record.content_size = 0;
        }
    }
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
