// SPDX-License-Identifier: BSL-1.0
// A request's head: one verdict for every cut of the input, and Beast's reading of what we accept.
#include "fuzz.hpp"
#include "http1/message_reader.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <iterator>
#include <vector>

namespace {

using namespace mortise;
using mortise::fuzz::claim;

const http1::limits small_limits{.target_size = 64, .header_size = 256, .field_count = 8};

struct reading {
    http1::head head{http1::head::state::incomplete};
    http::request request;
    std::vector<http::field> room = std::vector<http::field>(small_limits.field_count);
    base::arena memory;

    void read(std::string_view bytes, http1::head_progress& progress) {
        memory.release();
        head = http1::read_head(bytes, progress, small_limits, room, memory, request);
    }
};

void claim_same(const reading& whole, const reading& cut) {
    claim(whole.head.now == cut.head.now, "the verdict is the same for each cut");
    claim(whole.head.size == cut.head.size, "the head ends at the same byte for each cut");
    claim(whole.head.why.title == cut.head.why.title, "the reason is the same for each cut");
    if (whole.head.now == http1::head::state::complete) {
        claim(whole.request.path == cut.request.path, "the path is the same for each cut");
        claim(whole.request.fields.size() == cut.request.fields.size(),
              "the fields are the same for each cut");
    }
}

// The rules by which we accept a head that Beast refuses.
bool is_explained(const reading& ours, std::string_view bytes, boost::system::error_code error) {
    const auto line = bytes.substr(0, bytes.find('\n'));
    if (error == boost::beast::http::error::bad_version) {
        return !line.ends_with("HTTP/1.1\r"); // RFC 9110, 2.5: a later 1.x is read as 1.1
    }
    if (error == boost::beast::http::error::bad_value) {
        // Members of these lists that are no tokens are passed over: none of them means anything.
        return http::find_field(ours.request.fields, "Connection") != nullptr ||
               http::find_field(ours.request.fields, "Proxy-Connection") != nullptr ||
               http::find_field(ours.request.fields, "Upgrade") != nullptr;
    }
    return false;
}

void compare_with_beast(const reading& ours, std::string_view bytes) {
    while (bytes.starts_with("\r\n")) {
        bytes.remove_prefix(2); // RFC 9112, 2.2: empty lines before the request line are skipped
    }
    boost::beast::http::request_parser<boost::beast::http::empty_body> parser;
    parser.header_limit(1 << 20);
    parser.body_limit(boost::none);
    boost::system::error_code error;
    parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error && error != boost::beast::http::error::need_more && !parser.is_header_done()) {
        claim(is_explained(ours, bytes, error), "Beast refuses what a named rule lets us accept");
        return;
    }
    claim(parser.is_header_done(), "Beast finds the end of the head");
    const auto& theirs = parser.get();
    claim(theirs.method() == ours.request.method, "Beast reads the same method");
    claim(std::string_view{theirs.target().data(), theirs.target().size()} == ours.request.target,
          "Beast reads the same target");
    const auto count = static_cast<std::size_t>(std::distance(theirs.begin(), theirs.end()));
    claim(count == ours.request.fields.size(), "Beast reads as many fields");
    for (const auto& field : ours.request.fields) {
        const auto [begin, end] =
            theirs.equal_range(boost::beast::string_view{field.name.data(), field.name.size()});
        bool found = false;
        for (auto one = begin; one != end; ++one) {
            found =
                found || std::string_view{one->value().data(), one->value().size()} == field.value;
        }
        claim(found, "Beast reads the same field");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    reading whole;
    http1::head_progress fresh;
    whole.read(bytes, fresh);

    fuzz::cutter cutter{size == 0 ? 1U : static_cast<std::uint32_t>(size * 31 + data[size / 2])};
    reading cut;
    http1::head_progress progress;
    std::size_t given = 0;
    while (cut.head.now == http1::head::state::incomplete && given < size) {
        given = std::min(size, given + cutter.next());
        cut.read(bytes.substr(0, given), progress);
    }
    if (cut.head.now == http1::head::state::incomplete) {
        http1::head_progress none;
        cut.read(bytes, none);
    }
    claim_same(whole, cut);
    if (whole.head.now == http1::head::state::complete) {
        compare_with_beast(whole, bytes.substr(0, whole.head.size));
    }
    return 0;
}
