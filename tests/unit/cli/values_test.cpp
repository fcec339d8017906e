// SPDX-License-Identifier: BSL-1.0
// Values of a command line: what is taken, and what is told of the rest.
#include "cli/values.hpp"
#include "server/settings.hpp"

#include <gtest/gtest.h>

namespace mortise::cli {
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

class AddPluginValue : public testing::Test {
protected:
    std::map<std::string, std::map<std::string, std::string>> values;
};

TEST_F(AddPluginValue, SplitsAtTheFirstDotAndTheFirstEquals) {
    EXPECT_EQ(add_plugin_value("greeting.salutation=Hi", values), "");
    EXPECT_EQ(add_plugin_value("greeting.tone.of.voice=a=b.c", values), "");
    EXPECT_EQ(add_plugin_value("files.root=", values), "");
    EXPECT_EQ(values["greeting"], (std::map<std::string, std::string>{{"salutation", "Hi"},
                                                                      {"tone.of.voice", "a=b.c"}}));
    EXPECT_EQ(values["files"], (std::map<std::string, std::string>{{"root", ""}}));
}

TEST_F(AddPluginValue, RefusesWhatLacksAPart) {
    for (const std::string text : {"", "=", ".", ".=", "greeting", "greeting=Hi", "greeting.key",
                                   ".key=Hi", "greeting.=Hi", "=greeting.key", "greeting=a.b"}) {
        EXPECT_EQ(add_plugin_value(text, values),
                  "\"" + text + "\" is not PLUGIN.KEY=VALUE, like greeting.salutation=Hi");
    }
    EXPECT_TRUE(values.empty());
}

TEST_F(AddPluginValue, RefusesAKeyThatIsSet) {
    EXPECT_EQ(add_plugin_value("greeting.salutation=Hi", values), "");
    EXPECT_EQ(add_plugin_value("greeting.salutation=Hi", values),
              "\"greeting.salutation\" is set twice; set it once");
    EXPECT_EQ(add_plugin_value("other.salutation=Ho", values), "");
    EXPECT_EQ(values["greeting"]["salutation"], "Hi");
}

TEST(AddPluginLimit, ReadsEachKind) {
    plugin::limit_table limits;
    EXPECT_EQ(add_plugin_limit("prices.requests=100", limits), "");
    EXPECT_EQ(add_plugin_limit("prices.pool=4", limits), "");
    EXPECT_EQ(add_plugin_limit("prices.time=500ms", limits), "");
    EXPECT_EQ(add_plugin_limit("prices.log=10", limits), "");
    EXPECT_EQ(add_plugin_limit("*.memory=64KiB", limits), "");
    const auto of_prices = plugin::limits_of(limits, "prices");
    EXPECT_EQ(of_prices.requests, 100U);
    EXPECT_EQ(of_prices.pool, 4U);
    EXPECT_EQ(of_prices.time, base::milliseconds{500});
    EXPECT_EQ(of_prices.memory, 65536U);
    EXPECT_EQ(of_prices.log, 10U);
    const auto of_others = plugin::limits_of(limits, "others");
    EXPECT_EQ(of_others.requests, 0U);
    EXPECT_EQ(of_others.memory, 65536U);
}

TEST(AddPluginLimit, PutsAPluginsOwnBeforeThatOfAll) {
    plugin::limit_table limits;
    EXPECT_EQ(add_plugin_limit("*.requests=10", limits), "");
    EXPECT_EQ(add_plugin_limit("prices.requests=20", limits), "");
    EXPECT_EQ(plugin::limits_of(limits, "prices").requests, 20U);
    EXPECT_EQ(plugin::limits_of(limits, "others").requests, 10U);
}

TEST(AddPluginLimit, SaysWhatIsWrong) {
    plugin::limit_table limits;
    for (const std::string text : {"", "prices", "prices=1", ".requests=1", "prices.requests"}) {
        EXPECT_EQ(add_plugin_limit(text, limits),
                  "\"" + text + "\" is not PLUGIN.LIMIT=VALUE, like prices.requests=100");
    }
    EXPECT_EQ(add_plugin_limit("prices.request=1", limits),
              "\"request\" is no limit of a plugin; there are requests, pool, time, memory "
              "and log");
    for (const std::string value : {"", "0", "-1", "1.5", "many", "4294967296"}) {
        EXPECT_EQ(add_plugin_limit("prices.pool=" + value, limits),
                  "\"" + value + "\" of prices.pool is not a number from 1");
    }
    EXPECT_EQ(add_plugin_limit("prices.time=1", limits),
              "\"1\" of prices.time is not a duration such as 500ms, 10s or 2m");
    EXPECT_EQ(add_plugin_limit("prices.memory=0", limits),
              "\"0\" of prices.memory is not a size such as 64KiB or 1MiB");
    EXPECT_EQ(add_plugin_limit("prices.requests=1", limits), "");
    EXPECT_EQ(add_plugin_limit("prices.requests=2", limits),
              "\"prices.requests\" is set twice; set it once");
}

TEST(ReadNames, TakesEachOnceInOrder) {
    std::vector<std::string> names;
    EXPECT_EQ(read_names("bearer,cors,a", names), "");
    EXPECT_EQ(names, (std::vector<std::string>{"bearer", "cors", "a"}));
}

TEST(ReadNames, RefusesWhatIsEmptyOrTwice) {
    for (const auto* text : {"", ",", "a,", ",a", "a,,b"}) {
        std::vector<std::string> names;
        EXPECT_EQ(read_names(text, names),
                  "\"" + std::string{text} + "\" has an empty name; write them as bearer,cors");
    }
    std::vector<std::string> names;
    EXPECT_EQ(read_names("a,b,a", names), "\"a\" is named twice; name it once");
}

TEST(Judge, AcceptsWhatStandsByItself) {
    EXPECT_EQ(judge(server::settings{}), "");
}

TEST(Judge, EndsAtTheLargestHead) {
    server::settings settings;
    settings.limits.target_size = 8 * 1024;
    settings.limits.header_size = 40 * 1024;
    EXPECT_EQ(judge(settings), "");
    settings.limits.header_size += 1;
    EXPECT_EQ(judge(settings), "--max-target-size and --max-header-size come to 49153 bytes; "
                               "together at most 49152");
}

TEST(Judge, AddsTheLargestSizesWithoutWrapping) {
    server::settings settings;
    settings.limits.target_size = static_cast<std::size_t>(*parse_size("1048576GiB"));
    settings.limits.header_size = settings.limits.target_size;
    EXPECT_NE(judge(settings), "");
}

TEST(Judge, RefusesAServerFieldThatWouldSplitAnswers) {
    server::settings settings;
    settings.server_field = "mortise/0.1 (test)";
    EXPECT_EQ(judge(settings), "");
    settings.server_field = "a\r\nX: b";
    EXPECT_NE(judge(settings), "");
}

TEST(Judge, TakesCommandsByTcpFromThisMachineAlone) {
    server::settings settings;
    settings.admin_listen = "127.0.0.1:0";
    EXPECT_EQ(judge(settings), "");
    settings.admin_listen = "0.0.0.0:9090";
    EXPECT_TRUE(judge(settings).starts_with("--admin-listen: \"0.0.0.0:9090\" is no address of "))
        << judge(settings);
}

TEST(Judge, WantsATokenThatIsNotGuessed) {
    server::settings settings;
    settings.admin_token = "0123456789abcdef";
    EXPECT_EQ(judge(settings), "");
    settings.admin_token.pop_back();
    EXPECT_EQ(judge(settings), "the admin token has 15 characters; take at least 16");
}

} // namespace
} // namespace mortise::cli
