// SPDX-License-Identifier: BSL-1.0
// The chunked coding, its limits, and the same content for each cut.
#include "http1/chunk.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mortise::http1 {
namespace {

using state = chunk_decoder::step::state;

// Decodes pieces one after the other and gathers what comes of them.
struct decoding {
    http1::limits limits;
    chunk_decoder decoder;
    std::string content;
    std::size_t consumed = 0;
    state now = state::need_more;
    http::problem why{};

    void take(std::string_view bytes) {
        while (now == state::need_more && !bytes.empty()) {
            const auto step = decoder.decode(bytes, limits);
            content += step.content;
            consumed += step.consumed;
            bytes.remove_prefix(step.consumed);
            now = step.now == state::content ? state::need_more : step.now;
            why = step.why;
        }
    }
    // 0: at the end; 1: more is needed; else the status that refuses.
    unsigned verdict() const {
        return now == state::refused ? why.status : now == state::need_more;
    }
};

unsigned verdict_on(std::string_view bytes, const limits& limits = {}) {
    decoding decoding;
    decoding.limits = limits;
    decoding.take(bytes);
    return decoding.verdict();
}

TEST(ChunkDecoder, FindsContentAndEnd) {
    decoding decoding;
    decoding.take("3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\nGET");
    EXPECT_EQ(decoding.verdict(), 0U);
    EXPECT_EQ(decoding.content, "abc0123456789");
    EXPECT_EQ(decoding.consumed, 29U);
}

TEST(ChunkDecoder, PassesOverExtensionsAndTrailers) {
    decoding decoding;
    decoding.take("1 \t;a;b=c; d=\"\\\"; \"\r\nx\r\n00;e\r\nA: b\r\nC:\r\n\r\n");
    EXPECT_EQ(decoding.verdict(), 0U);
    EXPECT_EQ(decoding.content, "x");
}

TEST(ChunkDecoder, RefusesBadSizes) {
    for (const auto* const bytes : {"\r\n", "g\r\n", "0x1\r\n", "+1\r\n", " 1\r\n", "-1\r\n",
                                    ";a\r\n", "1_\r\n", "1\n", "1\rx"}) {
        EXPECT_EQ(verdict_on(bytes), 400U) << bytes;
    }
}

TEST(ChunkDecoder, TakesFifteenDigits) {
    EXPECT_EQ(verdict_on("fffffffffffffff\r\n"), 1U);
    EXPECT_EQ(verdict_on("000000000000000\r\n\r\n"), 0U);
    EXPECT_EQ(verdict_on("0000000000000001"), 400U);
}

TEST(ChunkDecoder, RefusesChunkThatIsLongerThanItsSize) {
    EXPECT_EQ(verdict_on("1\r\nab"), 400U);
    EXPECT_EQ(verdict_on("1\r\na\n"), 400U);
    EXPECT_EQ(verdict_on("1\r\na\rb"), 400U);
}

TEST(ChunkDecoder, RefusesBadExtensions) {
    for (const auto* const bytes : {"1 a\r\n", "1 \r\n", "1;\x01\r\n", "1;a\n", "1;a=\"b\r\n",
                                    "1;a=\"\\\r\n", "1;(\r\n", "1;a\rb"}) {
        EXPECT_EQ(verdict_on(bytes), 400U) << bytes;
    }
}

TEST(ChunkDecoder, RefusesBadTrailers) {
    for (const auto* const bytes :
         {"0\r\n A: b\r\n", "0\r\nA : b\r\n", "0\r\n: b\r\n", "0\r\nA\r\n", "0\r\nA: \x01\r\n",
          "0\r\nA: b\n", "0\r\nA: b\rc", "0\r\n\n", "0\r\n\rx", "0\r\nA: b\r\n c\r\n"}) {
        EXPECT_EQ(verdict_on(bytes), 400U) << bytes;
    }
}

TEST(ChunkDecoder, TakesExtensionUpToItsLimit) {
    // From behind the first ";" to before the CR.
    const limits limits{.chunk_extension_size = 8};
    EXPECT_EQ(verdict_on("1;2345678", limits), 1U);
    EXPECT_EQ(verdict_on("1;2345678\r\n", limits), 1U);
    EXPECT_EQ(verdict_on("1;23456789", limits), 1U);
    EXPECT_EQ(verdict_on("1;234567890", limits), 400U);
}

TEST(ChunkDecoder, BoundsEachExtensionByItself) {
    const limits limits{.chunk_extension_size = 4};
    std::string bytes;
    for (int chunks = 0; chunks < 10; ++chunks) {
        bytes += "1;abc\r\nx\r\n";
    }
    EXPECT_EQ(verdict_on(bytes + "0;abc\r\n\r\n", limits), 0U);
}

TEST(ChunkDecoder, BoundsTheTrailerSectionAsAWhole) {
    const limits limits{.trailer_size = 8};
    EXPECT_EQ(verdict_on("0\r\nA:4\r\nA:8\r\n\r\n", limits), 0U);
    EXPECT_EQ(verdict_on("0\r\nA:4\r\nA:890", limits), 431U);
}

TEST(ChunkDecoder, JudgesEachCutAlike) {
    for (const std::string bytes :
         {"3;a=\"\\x\"\r\nabc\r\n2 ;b\r\nde\r\n0\r\nA: b\r\n\r\n", "3\r\nabcd", "1;a=\"\r\n",
          "0\r\nA : b\r\n", "10000000000000000\r\n", "5\r\nabcde\r\n0\r\n\r\n0\r\n\r\n"}) {
        decoding whole;
        whole.take(bytes);
        for (std::size_t size = 1; size < bytes.size(); ++size) {
            decoding cut;
            for (std::size_t at = 0; at < bytes.size(); at += size) {
                cut.take(std::string_view{bytes}.substr(at, size));
            }
            EXPECT_EQ(cut.verdict(), whole.verdict()) << bytes << " in pieces of " << size;
            EXPECT_EQ(cut.content, whole.content) << bytes << " in pieces of " << size;
            EXPECT_EQ(cut.consumed, whole.consumed) << bytes << " in pieces of " << size;
            EXPECT_EQ(cut.why.title, whole.why.title) << bytes << " in pieces of " << size;
        }
    }
}

} // namespace
} // namespace mortise::http1
