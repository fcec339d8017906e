// SPDX-License-Identifier: BSL-1.0
// Values of a command line: what is taken, and what is told of the rest.
#include "config/values.hpp"

#include <gtest/gtest.h>

namespace mortise::config {
namespace {

using std::chrono::milliseconds;

TEST(ParseSize, TakesBytesAndBinaryUnits) {
    EXPECT_EQ(parse_size("0"), 0U);
    EXPECT_EQ(parse_size("4096"), 4096U);
    EXPECT_EQ(parse_size("16KiB"), 16384U);
    EXPECT_EQ(parse_size("1MiB"), 1048576U);
    EXPECT_EQ(parse_size("2GiB"), 2147483648U);
    EXPECT_EQ(parse_size("008"), 8U);
}

TEST(ParseSize, EndsAtItsLargest) {
    EXPECT_EQ(parse_size("1125899906842624"), 1ULL << 50);
    EXPECT_FALSE(parse_size("1125899906842625"));
    EXPECT_EQ(parse_size("1048576GiB"), 1ULL << 50);
    EXPECT_FALSE(parse_size("1048577GiB"));
    EXPECT_FALSE(parse_size("18446744073709551615"));
    EXPECT_FALSE(parse_size("18446744073709551616"));
    EXPECT_FALSE(parse_size("17179869184GiB")); // 2^64 bytes
    EXPECT_FALSE(parse_size("18014398509481984KiB"));
}

TEST(ParseSize, RefusesEverythingElse) {
    for (const char* const text :
         {"",   " ",    "KiB", "1 KiB", " 1KiB",  "1KiB ", "1kib", "1KB",   "1K",   "1k",
          "1M", "1TiB", "-1",  "+1",    "1.5MiB", "1e3",   "0x10", "1KiB1", "KiB1", "unlimited"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
}

TEST(ParseDuration, TakesItsUnits) {
    EXPECT_EQ(parse_duration("1ms"), milliseconds{1});
    EXPECT_EQ(parse_duration("500ms"), milliseconds{500});
    EXPECT_EQ(parse_duration("10s"), milliseconds{10'000});
    EXPECT_EQ(parse_duration("2m"), milliseconds{120'000});
    EXPECT_EQ(parse_duration("1h"), milliseconds{3'600'000});
}

TEST(ParseDuration, EndsAtAYear) {
    EXPECT_EQ(parse_duration("8760h"), milliseconds{31'536'000'000});
    EXPECT_EQ(parse_duration("31536000000ms"), milliseconds{31'536'000'000});
    EXPECT_FALSE(parse_duration("8761h"));
    EXPECT_FALSE(parse_duration("31536000001ms"));
    EXPECT_FALSE(parse_duration("18446744073709551615h"));
    EXPECT_FALSE(parse_duration("5124095576031h")); // 2^64 milliseconds
}

TEST(ParseDuration, RefusesEverythingElse) {
    for (const char* const text : {"", "0ms", "0s", "0h", "10", "s", "1 s", "1S", "1sec", "1d",
                                   "1us", "-1s", "1.5s", "1m30s", "1KiB", "never"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(AllowedSizes, SaysTheBoundsOfWhatIsOne) {
    for (const char* const text : {"0", "0KiB", "1048577GiB", "99999999999999999999"}) {
        EXPECT_EQ(allowed_sizes(text), "a size from 1 to 1048576GiB") << text;
    }
    for (const char* const text : {"", "KiB", "1 KiB", "1KB", "-1", "many"}) {
        EXPECT_EQ(allowed_sizes(text), "a size such as 4096, 16KiB or 1MiB") << text;
    }
}

TEST(AllowedDurations, SaysTheBoundsOfWhatIsOne) {
    for (const char* const text : {"0ms", "0h", "8761h", "99999999999999999999s"}) {
        EXPECT_EQ(allowed_durations(text), "a duration from 1ms to 8760h") << text;
    }
    for (const char* const text : {"", "s", "0", "10", "-1s", "1d", "soon"}) {
        EXPECT_EQ(allowed_durations(text), "a duration such as 500ms, 10s or 2m") << text;
    }
}

TEST(SizeText, TakesTheLargestUnitThatLeavesAWholeNumber) {
    EXPECT_EQ(size_text(0), "0");
    EXPECT_EQ(size_text(1000), "1000");
    EXPECT_EQ(size_text(8192), "8KiB");
    EXPECT_EQ(size_text(3ULL << 30), "3GiB");
}

TEST(DurationText, TakesTheLargestUnitThatLeavesAWholeNumber) {
    EXPECT_EQ(duration_text(milliseconds{1500}), "1500ms");
    EXPECT_EQ(duration_text(milliseconds{10'000}), "10s");
    EXPECT_EQ(duration_text(milliseconds{7'200'000}), "2h");
}

} // namespace
} // namespace mortise::config
