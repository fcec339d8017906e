// SPDX-License-Identifier: BSL-1.0
// Records to write down, and the line that comes of one.
#pragma once

#include "observe/access_line.hpp"

#include <chrono>
#include <string>

namespace mortise::observe::test {

// The second of RFC 9110's example dates, 06 Nov 1994 08:49:37 UTC, and a few milliseconds.
constexpr base::unix_milliseconds example_time{base::milliseconds{784'111'777'042}};

inline access_record example_record() {
    access_record record;
    record.address = {192, 0, 2, 17};
    record.address_size = 4;
    record.status = 200;
    record.content_size = 13;
    record.time = example_time;
    record.duration = base::milliseconds{7};
    record.method = "GET";
    record.target = "/greetings/Ada?loud=1";
    record.authority = "example.org:8080";
    record.referer = "http://example.org/";
    record.user_agent = "curl/7.88.1";
    record.route = "/greetings/{name}";
    return record;
}

// What `lines` writes, in just the room that was to be made for it.
inline std::string line_of(const access_record& record, access_line& lines) {
    std::string line(access_line::most_room(record), '\0');
    const char* const end = lines.write(record, line.data());
    line.resize(static_cast<std::size_t>(end - line.data()));
    return line;
}
inline std::string line_of(const access_record& record, access_format format) {
    access_line lines{format};
    return line_of(record, lines);
}

} // namespace mortise::observe::test
