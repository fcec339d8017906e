// SPDX-License-Identifier: BSL-1.0
// The framing decision over heads made of hostile parts: one reading, or none.
#include "fuzz.hpp"
#include "http1/message_reader.hpp"

#include <array>
#include <span>
#include <vector>

namespace {

using namespace mortise;
using mortise::fuzz::claim;

constexpr std::array<std::string_view, 32> lines{"Content-Length: 0",
                                                 "Content-Length: 4",
                                                 "content-length: 4",
                                                 "Content-Length: 4, 4",
                                                 "Content-Length: +4",
                                                 "Content-Length: 0x4",
                                                 "Content-Length:",
                                                 "Content-Length: 99999999999999999999",
                                                 "Content-Length: -1",
                                                 "Content-Length: 4 4",
                                                 "Content-Length: 04",
                                                 "Transfer-Encoding: chunked",
                                                 "transfer-encoding: CHUNKED",
                                                 "Transfer-Encoding: gzip",
                                                 "Transfer-Encoding: chunked, gzip",
                                                 "Transfer-Encoding: gzip, chunked",
                                                 "Transfer-Encoding: chunked, identity",
                                                 "Transfer-Encoding: xchunked",
                                                 "Transfer-Encoding:",
                                                 "Transfer-Encoding: chunked,",
                                                 "Transfer-Encoding: \tchunked\t",
                                                 "Transfer-Encoding : chunked",
                                                 " Transfer-Encoding: chunked",
                                                 "Transfer-Encoding: \x0b"
                                                 "chunked",
                                                 "Host: a",
                                                 "Host: b:80",
                                                 "Host:",
                                                 "Host: a b",
                                                 "Host: a, b",
                                                 "host: [::1]:8080",
                                                 "X: y",
                                                 "Connection: close"};

bool is_named(std::string_view line, std::string_view name) {
    if (line.size() < name.size()) {
        return false;
    }
    for (std::size_t at = 0; at < name.size(); ++at) {
        if ((line[at] | 0x20) != (name[at] | 0x20)) {
            return false;
        }
    }
    return true;
}

std::size_t count(std::span<const std::string_view> chosen, std::string_view name) {
    std::size_t found = 0;
    for (const auto line : chosen) {
        found += is_named(line, name) ? 1U : 0U;
    }
    return found;
}

void claim_single_reading(const http::request& request, std::span<const std::string_view> chosen) {
    const auto lengths = count(chosen, "content-length:");
    const auto codings = count(chosen, "transfer-encoding");
    const auto hosts = count(chosen, "host:");
    claim(hosts == 1 || (hosts == 0 && request.version_minor == 0), "one Host is accepted");
    claim(lengths + codings <= 1, "one framing field is accepted");
    if (codings == 1) {
        claim(request.version_minor != 0, "chunked is accepted in HTTP/1.1");
        claim(request.framing == http::content_framing::chunked, "a coding means chunks");
    } else if (lengths == 1) {
        claim(request.framing == http::content_framing::length, "a length means a length");
        claim(request.content_length == 0 || request.content_length == 4,
              "a length is read as digits");
    } else {
        claim(request.framing == http::content_framing::none, "no framing field, no content");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    std::vector<std::string_view> chosen;
    std::string head = (data[0] & 1) != 0 ? "POST / HTTP/1.1\r\n" : "POST / HTTP/1.0\r\n";
    for (std::size_t at = 1; at < size && at < 9; ++at) {
        chosen.push_back(lines[data[at] % lines.size()]);
        head.append(chosen.back()).append("\r\n");
    }
    head += "\r\n";
    const http1::limits limits;
    std::vector<http::field> room(limits.field_count);
    base::arena memory;
    http::request request;
    http1::head_progress progress;
    const auto read = http1::read_head(head, progress, limits, room, memory, request);
    claim(read.now != http1::head::state::incomplete, "a whole head is judged");
    if (read.now == http1::head::state::complete) {
        claim(read.size == head.size(), "the head ends where it ends");
        claim_single_reading(request, chosen);
    } else {
        claim(read.why.status == 400 || read.why.status == 501, "a refusal is 400 or 501");
    }
    return 0;
}
