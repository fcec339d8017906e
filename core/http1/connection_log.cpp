// SPDX-License-Identifier: BSL-1.0
// A connection's lines in the access log.
#include "http1/connection.hpp"
#include "http1/exchange.hpp"
#include "http1/message_writer.hpp"
#include "http1/workspace.hpp"
#include "observe/access_log.hpp"

#include <new>

namespace mortise::http1 {

void connection::write_access_record(const exchange* answered, unsigned status,
                                     std::uint64_t size) noexcept {
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
        record.route = answered->route();
        if (request.method == http::method::head) {
            record.content_size = 0;
        }
    }
    try {
        workspace_.access_log->write(record);
    } catch (const std::bad_alloc&) { // the line is lost
    }
}

} // namespace mortise::http1
