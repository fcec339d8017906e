// SPDX-License-Identifier: BSL-1.0
// The chunked coding: the same content for every cut, and Beast's reading of what we accept.
#include "fuzz.hpp"
#include "http1/chunk.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace {

using namespace mortise;
using mortise::fuzz::claim;
using state = http1::chunk_decoder::step::state;

const http1::limits small_limits{.chunk_extension_size = 16, .trailer_size = 64};

struct reading {
    http1::chunk_decoder decoder;
    std::string content;
    state now = state::need_more;
    std::string_view why;
    std::size_t consumed = 0;
    bool has_extension = false;

    void read(std::string_view bytes) {
        while (now == state::need_more && !bytes.empty()) {
            const auto step = decoder.decode(bytes, small_limits);
            claim(step.consumed <= bytes.size(), "no more is consumed than was given");
            claim(step.consumed != 0 || step.now != state::content, "content takes bytes");
            bytes.remove_prefix(step.consumed);
            consumed += step.consumed;
            content += step.content;
            now = step.now == state::content ? state::need_more : step.now;
            why = step.why.title;
        }
    }
};

// Beast judges the grammar of extensions, which we bound and ignore; sizes past 2^60 are refused
// by us alone.
void compare_with_beast(const reading& ours, std::string_view bytes) {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    boost::beast::http::request_parser<boost::beast::http::string_body> parser;
    parser.body_limit(1 << 30);
    parser.eager(true);
    boost::system::error_code error;
    const std::string message = head + std::string{bytes};
    std::size_t at = 0;
    while (at < message.size() && !parser.is_done() && !error) {
        at += parser.put(boost::asio::buffer(message.data() + at, message.size() - at), error);
    }
    if (error == boost::beast::http::error::bad_chunk_extension) {
        return;
    }
    claim(!error && parser.is_done(), "Beast reads to the same end");
    claim(parser.get().body() == ours.content, "Beast reads the same content");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    reading whole;
    whole.read(bytes);

    fuzz::cutter cutter{static_cast<std::uint32_t>(size * 17 + 3)};
    reading cut;
    for (std::size_t at = 0; at < size && cut.now == state::need_more;) {
        const auto piece = bytes.substr(at, cutter.next());
        cut.read(piece);
        at += piece.size();
    }
    claim(whole.now == cut.now, "the verdict is the same for each cut");
    claim(whole.content == cut.content, "the content is the same for each cut");
    claim(whole.why == cut.why, "the reason is the same for each cut");
    claim(whole.consumed == cut.consumed, "the coding ends at the same byte for each cut");
    if (whole.now == state::end) {
        compare_with_beast(whole, bytes.substr(0, whole.consumed));
    }
    return 0;
}
