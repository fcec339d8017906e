// SPDX-License-Identifier: BSL-1.0
// Reading a plugin's configuration.
#include <mortise/sdk/config.hpp>
#include <mortise/sdk/routes.hpp>
#include <mortise/testing.hpp>

#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace mortise::test {
namespace {

// Reads the configuration where it may be read: in the constructor of a plugin.
void with_config(testing::configuration values, std::function<void(const config&)> read) {
    static std::function<void(const config&)> of_constructor;
    of_constructor = std::move(read);
    struct reader {
        explicit reader(const config& config) { of_constructor(config); }
        void routes(mortise::routes&) {}
    };
    testing::host host;
    host.load<reader>(std::move(values));
}

std::string refusal(auto read) {
    try {
        read();
    } catch (const config_error& error) {
        return error.what();
    }
    return "no refusal";
}

TEST(Config, ReadsTypedValues) {
    with_config({{"name", "Ada"},
                 {"port", "8080"},
                 {"offset", "-3"},
                 {"ratio", "0.5"},
                 {"strict", "false"}},
                [](const config& config) {
                    EXPECT_EQ(config.get("name"), "Ada");
                    EXPECT_EQ(config.get<std::uint16_t>("port"), 8080);
                    EXPECT_EQ(config.get<int>("offset"), -3);
                    EXPECT_EQ(config.get<double>("ratio"), 0.5);
                    EXPECT_FALSE(config.get<bool>("strict"));
                    EXPECT_EQ(config.find("name"), "Ada");
                });
}

TEST(Config, FallsBackWhereAKeyIsMissing) {
    with_config({{"empty", ""}}, [](const config& config) {
        EXPECT_EQ(config.get_or("name", "Anonymous"), "Anonymous");
        EXPECT_EQ(config.get_or("empty", "Anonymous"), "");
        EXPECT_EQ(config.get_or<int>("port", 80), 80);
        EXPECT_EQ(config.get_or("strict", true), true);
        EXPECT_FALSE(config.find("name"));
    });
}

TEST(Config, NamesTheKeyOfEachFault) {
    with_config({{"port", "99999"}, {"strict", "yes"}, {"ratio", "1.5x"}, {"count", ""}},
                [](const config& config) {
                    EXPECT_EQ(refusal([&] { config.get("url"); }), "key \"url\" is missing");
                    EXPECT_EQ(refusal([&] { config.get<std::uint16_t>("port"); }),
                              "key \"port\" is \"99999\", expected a whole number from 0 to 65535");
                    EXPECT_EQ(refusal([&] { config.get_or<bool>("strict", true); }),
                              "key \"strict\" is \"yes\", expected true or false");
                    EXPECT_EQ(refusal([&] { config.get<double>("ratio"); }),
                              "key \"ratio\" is \"1.5x\", expected a number");
                    EXPECT_EQ(refusal([&] { config.get<std::int8_t>("count"); }),
                              "key \"count\" is \"\", expected a whole number from -128 to 127");
                });
}

struct writer {
    explicit writer(const config& config) {
        const auto log = config.log();
        log.info("loaded ", 3, " prices from ", std::string{"table"}, '!');
        log.error(std::string(1000, 'x'));
        log.debug(-9223372036854775807LL - 1);
    }
    void routes(mortise::routes&) {}
};

TEST(Log, JoinsThePartsOfALine) {
    testing::host host;
    host.load<writer>();
    const auto lines = host.log();
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0].level, static_cast<unsigned>(MORTISE_LOG_INFO));
    EXPECT_EQ(lines[0].text, "loaded 3 prices from table!");
    EXPECT_EQ(lines[1].text, std::string(1000, 'x'));
    EXPECT_EQ(lines[2].text, "-9223372036854775808");
}

struct field_writer {
    explicit field_writer(const config& config) {
        config.log().warning("slow", named("path", std::string{"/a b"}), '!', named("ms", 1200),
                             named("why", std::string(100, 'y')));
    }
    void routes(mortise::routes&) {}
};

TEST(Log, MakesFieldsOfWhatIsNamed) {
    testing::host host;
    host.load<field_writer>();
    const auto lines = host.log();
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].text, "slow!");
    EXPECT_EQ(
        lines[0].fields,
        (testing::field_lines{{"path", "/a b"}, {"ms", "1200"}, {"why", std::string(100, 'y')}}));
}

} // namespace
} // namespace mortise::test
