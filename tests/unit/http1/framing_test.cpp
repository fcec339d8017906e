// SPDX-License-Identifier: BSL-1.0
// The decisions that smuggling attacks: framing and Host.
#include "http1/framing.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using http::content_framing;

// The status that refuses, 0 if none does.
unsigned status_of(const http::problem* why) {
    return why != nullptr ? why->status : 0;
}
unsigned refusal(const framing_fields& fields, std::uint8_t version_minor = 1) {
    return status_of(decide_framing(fields, version_minor).why);
}
framing_fields with_coding(std::string_view value, unsigned count = 1) {
    framing_fields fields;
    fields.transfer_encoding = value;
    fields.transfer_encoding_count = count;
    return fields;
}
framing_fields with_length(std::string_view value, unsigned count = 1) {
    framing_fields fields;
    fields.content_length = value;
    fields.content_length_count = count;
    return fields;
}
framing_fields with_host(std::string_view value, unsigned count = 1) {
    framing_fields fields;
    fields.host = value;
    fields.host_count = count;
    return fields;
}

TEST(Framing, FindsNoContentWithoutFields) {
    const auto decision = decide_framing({}, 1);
    EXPECT_EQ(decision.why, nullptr);
    EXPECT_EQ(decision.framing, content_framing::none);
}

TEST(Framing, TakesOneLength) {
    const auto decision = decide_framing(with_length("18446744073709551615"), 0);
    ASSERT_EQ(decision.why, nullptr);
    EXPECT_EQ(decision.framing, content_framing::length);
    EXPECT_EQ(decision.content_length, 18446744073709551615U);
}

TEST(Framing, TakesChunkedWithoutRegardToCase) {
    const auto decision = decide_framing(with_coding("ChunKed"), 1);
    ASSERT_EQ(decision.why, nullptr);
    EXPECT_EQ(decision.framing, content_framing::chunked);
}

TEST(Framing, RefusesCodingWithLength) {
    auto fields = with_coding("chunked");
    fields.content_length = "0";
    fields.content_length_count = 1;
    EXPECT_EQ(refusal(fields), 400U);
}

TEST(Framing, RefusesCodingInHttp10) {
    EXPECT_EQ(refusal(with_coding("chunked"), 0), 400U);
}

TEST(Framing, RefusesCodingAfterChunked) {
    EXPECT_EQ(refusal(with_coding("chunked, gzip")), 501U);
    EXPECT_EQ(refusal(with_coding("chunked", 2)), 501U);
}

TEST(Framing, RefusesUnknownCoding) {
    for (const auto* const coding :
         {"", "gzip", "identity", "xchunked", "chunked;q=1", "gzip, chunked", "chunked,"}) {
        EXPECT_EQ(refusal(with_coding(coding)), 501U) << coding;
    }
}

TEST(Framing, RefusesSeveralLengthsEvenIfEqual) {
    EXPECT_EQ(refusal(with_length("4", 2)), 400U);
    EXPECT_EQ(refusal(with_length("4, 4")), 400U);
}

TEST(Framing, RefusesLengthThatIsNotDigits) {
    for (const auto* const length :
         {"", "+4", "-1", "0x4", "4 4", "4a", "1e3", "4.0", "18446744073709551616"}) {
        EXPECT_EQ(refusal(with_length(length)), 400U) << length;
    }
}

TEST(Framing, AsksForExactlyOneHostInHttp11) {
    EXPECT_EQ(status_of(judge_host({}, 1)), 400U);
    EXPECT_EQ(status_of(judge_host(with_host("a.b:80"), 1)), 0U);
    EXPECT_EQ(status_of(judge_host(with_host("a", 2), 1)), 400U);
}

TEST(Framing, AsksForAtMostOneHostInHttp10) {
    EXPECT_EQ(status_of(judge_host({}, 0)), 0U);
    EXPECT_EQ(status_of(judge_host(with_host("a"), 0)), 0U);
    EXPECT_EQ(status_of(judge_host(with_host("a", 2), 0)), 400U);
}

TEST(Framing, RefusesHostThatIsNoAuthority) {
    for (const auto* const host : {"user@a", "a/b", "a b", "a:port", "[::1", "a,b/c"}) {
        EXPECT_EQ(status_of(judge_host(with_host(host), 1)), 400U) << host;
    }
}

} // namespace
} // namespace mortise::http1
