// SPDX-License-Identifier: BSL-1.0
// Dates in words, over the whole range.
#include "http/date.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>

namespace mortise::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string date_of(milliseconds since_1970) {
    std::array<char, 29> text{};
    write_date(base::unix_milliseconds{since_1970}, text);
    return {text.data(), text.size()};
}

TEST(Date, IsImfFixdate) {
    EXPECT_EQ(date_of(seconds{784'111'777}), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(date_of(seconds{0}), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(date_of(seconds{253'402'300'799}), "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST(Date, KnowsLeapDays) {
    EXPECT_EQ(date_of(seconds{951'782'400}), "Tue, 29 Feb 2000 00:00:00 GMT");
    EXPECT_EQ(date_of(seconds{951'868'800}), "Wed, 01 Mar 2000 00:00:00 GMT");
    EXPECT_EQ(date_of(seconds{4'107'542'400}), "Mon, 01 Mar 2100 00:00:00 GMT");
}

TEST(Date, CutsMillisecondsOff) {
    EXPECT_EQ(date_of(milliseconds{999}), date_of(milliseconds{0}));
    EXPECT_EQ(date_of(milliseconds{59'999}), "Thu, 01 Jan 1970 00:00:59 GMT");
}

TEST(Date, NamesEachDayAndEachMonth) {
    std::string days;
    for (int day = 0; day < 7; ++day) {
        days += date_of(std::chrono::hours{24 * day}).substr(0, 3);
    }
    EXPECT_EQ(days, "ThuFriSatSunMonTueWed");
    std::string months;
    for (int month = 0; month < 12; ++month) {
        months += date_of(std::chrono::hours{24 * (14 + 30 * month + month / 2)}).substr(8, 3);
    }
    EXPECT_EQ(months, "JanFebMarAprMayJunJulAugSepOctNovDec");
}

} // namespace
} // namespace mortise::http
