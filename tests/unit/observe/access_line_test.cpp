// SPDX-License-Identifier: BSL-1.0
// The combined format, and what both formats do with time and addresses.
#include "unit/observe/access_fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::observe {
namespace {

using test::example_record;
using test::line_of;

std::string combined(const access_record& record) {
    return line_of(record, access_format::combined);
}

bool contains(const std::string& line, std::string_view part) {
    return line.find(part) != line.npos;
}

TEST(AccessLine, WritesTheCombinedFormat) {
    EXPECT_EQ(combined(example_record()),
              "192.0.2.17 - - [06/Nov/1994:08:49:37 +0000] \"GET /greetings/Ada?loud=1 HTTP/1.1\" "
              "200 13 \"http://example.org/\" \"curl/7.88.1\"\n");
}

TEST(AccessLine, WritesDashesForWhatIsUnknown) {
    access_record record;
    record.status = 400;
    record.time = test::example_time;
    EXPECT_EQ(combined(record), "- - - [06/Nov/1994:08:49:37 +0000] \"-\" 400 0 \"-\" \"-\"\n");
}

TEST(AccessLine, TellsTheVersion) {
    auto record = example_record();
    record.version_minor = 0;
    EXPECT_TRUE(contains(combined(record), " HTTP/1.0\" "));
}

TEST(AccessLine, WritesAddressesOfBothFamilies) {
    auto record = example_record();
    record.address_size = 16;
    record.address = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    EXPECT_TRUE(combined(record).starts_with("2001:db8::1 - "));
    record.address = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    EXPECT_TRUE(combined(record).starts_with("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff - "));
    record.address_size = 4;
    EXPECT_TRUE(combined(record).starts_with("255.255.255.255 - "));
    record.address = {};
    EXPECT_TRUE(combined(record).starts_with("0.0.0.0 - "));
    record.address_size = 0;
    EXPECT_TRUE(combined(record).starts_with("- - "));
}

// Every byte that a client can put into a field value, and those that it cannot.
TEST(AccessLine, KeepsEachByteWithinItsQuotes) {
    constexpr std::string_view hex = "0123456789abcdef";
    for (unsigned code = 0; code < 256; ++code) {
        const auto byte = static_cast<char>(code);
        const bool plain = code >= 0x20 && code < 0x7f && byte != '"' && byte != '\\';
        const std::string written =
            plain ? std::string{byte} : std::string{"\\x"} + hex[code / 16] + hex[code % 16];
        const std::string text{'a', byte, 'b'};
        auto record = example_record();
        record.target = record.referer = record.user_agent = text;
        const auto line = combined(record);
        EXPECT_TRUE(line.ends_with("\"GET a" + written + "b HTTP/1.1\" 200 13 \"a" + written +
                                   "b\" \"a" + written + "b\"\n"))
            << line;
    }
}

TEST(AccessLine, TellsEachSecondOfALine) {
    access_line lines{access_format::combined};
    auto record = example_record();
    std::string text;
    for (const long milliseconds :
         {0L, 999L, 1000L, 951'782'400'000L, 951'868'799'999L, 4'102'444'799'000L, 0L}) {
        record.time = base::unix_milliseconds{base::milliseconds{milliseconds}};
        text += line_of(record, lines);
    }
    std::string times;
    for (std::size_t at = 0; (at = text.find('[', at)) != text.npos; ++at) {
        times += text.substr(at + 1, text.find(' ', at) - at - 1) + " ";
    }
    EXPECT_EQ(times, "01/Jan/1970:00:00:00 01/Jan/1970:00:00:00 01/Jan/1970:00:00:01 "
                     "29/Feb/2000:00:00:00 29/Feb/2000:23:59:59 31/Dec/2099:23:59:59 "
                     "01/Jan/1970:00:00:00 ");
}

TEST(AccessLine, WritesEveryAddressOfFourOctets) {
    auto record = example_record();
    for (unsigned octet = 0; octet < 256; ++octet) {
        const auto text = std::to_string(octet);
        record.address[0] = record.address[3] = static_cast<std::uint8_t>(octet);
        const auto line = line_of(record, access_format::combined);
        EXPECT_TRUE(line.starts_with(text + ".0.2." + text + " - - [")) << line;
    }
}

// A sanitizer sees a byte beyond the room that was made.
TEST(AccessLine, HasRoomForTheLongestOfEverything) {
    for (const auto format : {access_format::combined, access_format::json}) {
        for (const std::size_t size : {0U, 1U, 16U, 5000U}) {
            const std::string text(size, '\x01');
            access_record record;
            record.address.fill(0xff);
            record.address_size = 16;
            record.status = 4'294'967'295U;
            record.content_size = UINT64_MAX;
            record.time = test::example_time;
            record.duration = base::milliseconds{INT64_MAX};
            record.method = "VERSION-CONTROL";
            record.target = record.authority = record.route = record.referer = record.user_agent =
                text;
            const auto line = line_of(record, format);
            EXPECT_GT(line.size(), format == access_format::json ? 5 * 6 * size : 3 * 4 * size);
            EXPECT_TRUE(line.ends_with('\n'));
        }
    }
}

} // namespace
} // namespace mortise::observe
