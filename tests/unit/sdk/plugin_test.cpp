// SPDX-License-Identifier: BSL-1.0
// The built plugins, behind the testing host: greeting, echo, and the one in C.
#include <mortise/testing.hpp>

#include <gtest/gtest.h>
#include <string>

namespace mortise::test {
namespace {

TEST(Greeting, GreetsAnonymousAtTheRoot) {
    testing::host host;
    const auto answer = host.load(GREETING_PLUGIN).send(testing::get("/"));
    EXPECT_EQ(answer.status(), 200u);
    EXPECT_EQ(answer.content(), "Hello, Anonymous!\n");
    EXPECT_EQ(answer.fields(),
              (testing::field_lines{{"Content-Type", "text/plain; charset=utf-8"}}));
}

TEST(Greeting, GreetsTheNameOfThePath) {
    testing::host host;
    auto greeting = host.load(GREETING_PLUGIN);
    EXPECT_EQ(greeting.send(testing::get("/Ada%20Lovelace")).content(), "Hello, Ada Lovelace!\n");
    const std::string long_name(5000, 'x');
    EXPECT_EQ(greeting.send(testing::get("/" + long_name)).content(),
              "Hello, " + long_name + "!\n");
}

TEST(Greeting, SaysTheConfiguredSalutation) {
    testing::host host;
    auto greeting = host.load(GREETING_PLUGIN, {{"salutation", "Good day"}});
    EXPECT_EQ(greeting.send(testing::get("/")).content(), "Good day, Anonymous!\n");
}

TEST(Greeting, StatesItsIdentity) {
    const testing::library library{GREETING_PLUGIN};
    EXPECT_EQ(library.descriptor().size, sizeof(struct mortise_plugin));
    EXPECT_EQ(library.descriptor().abi_version, MORTISE_ABI_VERSION);
    EXPECT_STREQ(library.descriptor().id, "greeting");
    EXPECT_STREQ(library.descriptor().version, "1.0.0");
}

TEST(Echo, AnswersTheContentWithItsMediaType) {
    testing::host host;
    auto echo = host.load(ECHO_PLUGIN);
    const auto json = echo.send(
        testing::post("/echo").with_field("content-type", "application/json").with_content("{}"));
    EXPECT_EQ(json.content(), "{}");
    EXPECT_EQ(json.field("Content-Type"), "application/json");
    const auto raw = echo.send(testing::post("/echo").with_content("raw"));
    EXPECT_EQ(raw.field("Content-Type"), "application/octet-stream");
}

TEST(Echo, AnswersTheFieldsAsLines) {
    testing::host host;
    const auto answer =
        host.load(ECHO_PLUGIN)
            .send(
                testing::get("/echo").with_field("Host", "localhost").with_field("Accept", "*/*"));
    EXPECT_EQ(answer.content(), "Host: localhost\nAccept: */*\n");
}

TEST(Echo, TakesItsLimitFromTheConfiguration) {
    testing::host host;
    auto echo = host.load(ECHO_PLUGIN, {{"limit", "10"}});
    EXPECT_EQ(echo.send(testing::post("/echo").with_content("0123456789")).status(), 200u);
    EXPECT_EQ(echo.send(testing::post("/echo").with_content("0123456789a")).status(), 413u);
}

TEST(Echo, RefusesALimitThatIsNoNumberAndNamesTheKey) {
    testing::host host;
    try {
        host.load(ECHO_PLUGIN, {{"limit", "10k"}});
        FAIL();
    } catch (const testing::load_error& error) {
        EXPECT_STREQ(error.what(),
                     "echo fails in create with code -1: key \"limit\" is \"10k\", expected a "
                     "whole number from 0 to 18446744073709551615");
    }
}

TEST(PluginInC, LendsItsContentAndDeclines) {
    testing::host host;
    auto plugin = host.load(C_PLUGIN);
    EXPECT_EQ(plugin.send(testing::get("/c/x")).content(), "x");
    EXPECT_EQ(plugin.send(testing::get("/c/declined")).status(), 404u);
}

std::string explained;

TEST(Plugin, NamesBothVersionsToAHostThatIsTooOld) {
    struct nothing {
        void routes(mortise::routes&) {}
    };
    mortise_host older{};
    older.size = offsetof(mortise_host, cancel);
    older.abi_version = 0x00000001;
    older.explain = [](mortise_instance*, mortise_view text) {
        explained.assign(text.data, text.size);
    };
    void* state = nullptr;
    EXPECT_EQ(detail::describe<nothing>("nothing", "1.0.0").create(&older, nullptr, &state),
              MORTISE_E_FAILED);
    EXPECT_EQ(explained, "it needs the core table of ABI 0.2, and that of this host, which speaks "
                         "ABI 0.1, is smaller; update the host");
}

} // namespace
} // namespace mortise::test
