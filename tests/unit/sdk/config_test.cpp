// SPDX-License-Identifier: BSL-1.0
// Reading a plugin's configuration.
#include "unit/sdk/fake_host.hpp"

#include <mortise/sdk/config.hpp>

#include <cstdint>
#include <gtest/gtest.h>
#include <string>

namespace mortise::test {
namespace {

std::string refusal(auto read) {
    try {
        read();
    } catch (const config_error& error) {
        return error.what();
    }
    return "no refusal";
}

TEST(Config, ReadsTypedValues) {
    fake_host host{{{"name", "Ada"},
                    {"port", "8080"},
                    {"offset", "-3"},
                    {"ratio", "0.5"},
                    {"strict", "false"}}};
    const config config{host.table(), host.instance()};
    EXPECT_EQ(config.get("name"), "Ada");
    EXPECT_EQ(config.get<std::uint16_t>("port"), 8080);
    EXPECT_EQ(config.get<int>("offset"), -3);
    EXPECT_EQ(config.get<double>("ratio"), 0.5);
    EXPECT_FALSE(config.get<bool>("strict"));
    EXPECT_EQ(config.find("name"), "Ada");
}

TEST(Config, FallsBackWhereAKeyIsMissing) {
    fake_host host{{{"empty", ""}}};
    const config config{host.table(), host.instance()};
    EXPECT_EQ(config.get_or("name", "Anonymous"), "Anonymous");
    EXPECT_EQ(config.get_or("empty", "Anonymous"), "");
    EXPECT_EQ(config.get_or<int>("port", 80), 80);
    EXPECT_EQ(config.get_or("strict", true), true);
    EXPECT_FALSE(config.find("name"));
}

TEST(Config, NamesTheKeyOfEachFault) {
    fake_host host{{{"port", "99999"}, {"strict", "yes"}, {"ratio", "1.5x"}, {"count", ""}}};
    const config config{host.table(), host.instance()};
    EXPECT_EQ(refusal([&] { config.get("url"); }), "key \"url\" is missing");
    EXPECT_EQ(refusal([&] { config.get<std::uint16_t>("port"); }),
              "key \"port\" is \"99999\", expected a whole number from 0 to 65535");
    EXPECT_EQ(refusal([&] { config.get_or<bool>("strict", true); }),
              "key \"strict\" is \"yes\", expected true or false");
    EXPECT_EQ(refusal([&] { config.get<double>("ratio"); }),
              "key \"ratio\" is \"1.5x\", expected a number");
    EXPECT_EQ(refusal([&] { config.get<std::int8_t>("count"); }),
              "key \"count\" is \"\", expected a whole number from -128 to 127");
}

TEST(Log, JoinsThePartsOfALine) {
    fake_host host;
    const auto log = config{host.table(), host.instance()}.log();
    log.info("loaded ", 3, " prices from ", std::string{"table"}, '!');
    log.error(std::string(1000, 'x'));
    log.debug(-9223372036854775807LL - 1);
    ASSERT_EQ(host.lines.size(), 3u);
    EXPECT_EQ(host.lines[0].first, static_cast<unsigned>(MORTISE_LOG_INFO));
    EXPECT_EQ(host.lines[0].second, "loaded 3 prices from table!");
    EXPECT_EQ(host.lines[1].second, std::string(1000, 'x'));
    EXPECT_EQ(host.lines[2].second, "-9223372036854775808");
}

} // namespace
} // namespace mortise::test
