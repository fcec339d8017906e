// SPDX-License-Identifier: BSL-1.0
// What --set and --limit take.
#include "config/assignment.hpp"

#include <gtest/gtest.h>

namespace mortise::config {
namespace {

TEST(AddPluginValue, SplitsAtTheFirstDotAndTheFirstEquals) {
    std::vector<assignment> all;
    EXPECT_EQ(add_plugin_value("greeting.salutation=Hi", all), "");
    EXPECT_EQ(add_plugin_value("greeting.tone.of.voice=a=b.c", all), "");
    EXPECT_EQ(add_plugin_value("files.root=", all), "");
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[1].name, "plugin.greeting.config.tone.of.voice");
    EXPECT_EQ(all[1].flag, "--set");
    using values = std::map<std::string, std::map<std::string, std::string>>;
    EXPECT_EQ(plugin_values(all),
              (values{{"greeting", {{"salutation", "Hi"}, {"tone.of.voice", "a=b.c"}}},
                      {"files", {{"root", ""}}}}));
}

TEST(AddPluginValue, RefusesWhatLacksAPart) {
    std::vector<assignment> all;
    for (const std::string text : {"", "=", ".", ".=", "greeting", "greeting=Hi", "greeting.key",
                                   ".key=Hi", "greeting.=Hi", "=greeting.key", "greeting=a.b"}) {
        EXPECT_EQ(add_plugin_value(text, all),
                  "\"" + text + "\" is not PLUGIN.KEY=VALUE, like greeting.salutation=Hi");
    }
    EXPECT_TRUE(all.empty());
}

TEST(AddPluginValue, RefusesAKeyThatIsSet) {
    std::vector<assignment> all;
    EXPECT_EQ(add_plugin_value("greeting.salutation=Hi", all), "");
    EXPECT_EQ(add_plugin_value("greeting.salutation=Ho", all),
              "\"greeting.salutation\" is set twice; set it once");
    EXPECT_EQ(add_plugin_value("other.salutation=Ho", all), "");
    EXPECT_EQ(all.front().texts, std::vector<std::string>{"Hi"});
}

TEST(AddPluginLimit, NamesTheLimitOfOneOrOfAll) {
    std::vector<assignment> all;
    for (const std::string text :
         {"requests=100", "pool=4", "time=500ms", "memory=64KiB", "log=10"}) {
        EXPECT_EQ(add_plugin_limit("prices." + text, all), "");
    }
    EXPECT_EQ(add_plugin_limit("*.memory=64KiB", all), "");
    EXPECT_EQ(all.front().name, "plugin.prices.limits.requests");
    EXPECT_EQ(all.back().name, "plugins.limits.memory");
    EXPECT_EQ(all.back().texts, std::vector<std::string>{"64KiB"});
}

TEST(AddPluginLimit, SaysWhatIsWrong) {
    std::vector<assignment> all;
    for (const std::string text : {"", "prices", "prices=1", ".requests=1", "prices.requests"}) {
        EXPECT_EQ(add_plugin_limit(text, all),
                  "\"" + text + "\" is not PLUGIN.LIMIT=VALUE, like prices.requests=100");
    }
    EXPECT_EQ(add_plugin_limit("prices.request=1", all),
              "\"request\" is no limit of a plugin; there are requests, pool, time, memory, log");
    for (const std::string value : {"", "0", "-1", "1.5", "many", "4294967296"}) {
        EXPECT_EQ(add_plugin_limit("prices.pool=" + value, all),
                  "prices.pool: \"" + value + "\" is not a number from 1 to 4294967295");
    }
    EXPECT_EQ(add_plugin_limit("prices.time=1", all),
              "prices.time: \"1\" is not a duration such as 500ms, 10s or 2m");
    EXPECT_EQ(add_plugin_limit("prices.memory=0", all),
              "prices.memory: \"0\" is not a size from 1 to 1048576GiB");
    EXPECT_EQ(add_plugin_limit("prices.requests=1", all), "");
    EXPECT_EQ(add_plugin_limit("prices.requests=2", all),
              "\"prices.requests\" is set twice; set it once");
}

TEST(SplitNames, CutsAtEachComma) {
    EXPECT_EQ(split_names("bearer,cors,a"), (std::vector<std::string>{"bearer", "cors", "a"}));
    EXPECT_EQ(split_names(""), std::vector<std::string>{""});
    EXPECT_EQ(split_names("a,,b,"), (std::vector<std::string>{"a", "", "b", ""}));
}

} // namespace
} // namespace mortise::config
