// SPDX-License-Identifier: BSL-1.0
// What the access log and the metrics are told of a connection's exchanges.
#include "http/field.hpp"
#include "http1/connection.hpp"
#include "http1/exchange.hpp"
#include "http1/message_writer.hpp"
#include "http1/response_stream.hpp"
#include "http1/workspace.hpp"
#include "observe/access_log.hpp"
#include "observe/request_metrics.hpp"

#include <algorithm>

namespace mortise::http1 {

[[gnu::noinline]] void connection::begin_measuring() noexcept {
    exchange_->begin_measuring(workspace_.exact_now);
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->begin_request();
    }
}

// The handler has had its turn, and the requests of its route are charged with it. Answered, the
// exchange is over: its answer leaves with this turn.
[[gnu::noinline]] void connection::count_step() noexcept {
    const auto time = workspace_.lap();
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->hold(exchange_->counted(), time);
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
    workspace_.metrics->end_request(over.counted(), method == http::method::head,
                                    http::method_name(method), observe::outcome_of(over.status()),
                                    workspace_.exact_now - over.exactly_begun_at());
}

void connection::count_refusal(http::method asked, unsigned status) noexcept {
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->refuse(http::method_name(asked), status, workspace_.lap());
    }
}

void connection::log_access(const exchange* answered, unsigned status,
                            std::uint64_t size) noexcept {
    if (workspace_.access_log != nullptr && workspace_.access_log->wants(status)) {
        write_access_record(answered, status, size);
    }
}

void connection::write_access_record(const exchange* answered, unsigned status,
                                     std::uint64_t size) noexcept {
    observe::access_record record;
    record.address = peer_.bytes;
    record.address_size = peer_.family == net::address_family::v4   ? 4
                          : peer_.family == net::address_family::v6 ? 16
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
        record.route = answered->route();
        if (request.method == http::method::head) {
            record.content_size = 0;
        }
    }
    workspace_.access_log->write(record);
}

// One line at the end, with the content that was sent. What was copied counts as sent.
void connection::log_stream(const exchange& ended) noexcept {
    if (workspace_.access_log == nullptr) {
        return;
    }
    const auto& stream = *ended.stream();
    std::size_t unsent = 0;
    if (stream.write != nullptr && outbox_ != nullptr) {
        const auto tail = stream.framing == message_framing::chunked ? chunk_end.size() : 0;
        unsent = std::min(outbox_->size() - std::min(tail, outbox_->size()), stream.write_size);
    }
    log_access(&ended, stream.status, stream.has_content ? stream.size - unsent : 0);
}

} // namespace mortise::http1
