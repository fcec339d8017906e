// SPDX-License-Identifier: BSL-1.0
// Loading and unloading plugins in the testing host, and what it keeps of them.
#include "unit/sdk/border_plugin.hpp"

#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::test {
namespace {

using texts = std::vector<std::string>;

std::string refusal(const std::function<void()>& load) {
    try {
        load();
    } catch (const testing::load_error& error) {
        return error.what();
    }
    return "no refusal";
}

TEST(TestingHost, TakesEveryStepOfALifeInOrder) {
    border_plugin border;
    testing::host host;
    auto plugin = host.load(border.descriptor());
    EXPECT_EQ(plugin.id(), "border");
    EXPECT_EQ(plugin.version(), "1.0.0");
    EXPECT_EQ(border.steps, "create configure start loop_start");
    plugin.unload();
    plugin.unload();
    EXPECT_EQ(border.steps, "create configure start loop_start quiesce loop_stop destroy");
    EXPECT_THROW(plugin.send(testing::get("/")), testing::failure);
}

TEST(TestingHost, UndoesTheStepsBeforeTheOneThatFails) {
    const std::vector<std::pair<std::string, std::string>> expected{
        {"create", "create"},
        {"configure", "create configure destroy"},
        {"start", "create configure start destroy"},
        {"loop_start", "create configure start loop_start destroy"}};
    for (const auto& [failing, steps] : expected) {
        border_plugin border;
        border.at_step = [&](std::string_view step) {
            if (step != failing) {
                return MORTISE_OK;
            }
            border.host->explain(border.instance, view_of("no disk"));
            return MORTISE_E_FAILED;
        };
        testing::host host;
        EXPECT_EQ(refusal([&] { host.load(border.descriptor()); }),
                  "border fails in " + failing + " with code -1: no disk");
        EXPECT_EQ(border.steps, steps);
        EXPECT_EQ(host.faults(), texts{});
    }
}

TEST(TestingHost, NamesTheRuleThatARouteBreaks) {
    const auto reason = [](std::string pattern, std::uint32_t flags = 0) {
        border_plugin border;
        const auto none = [](mortise_exchange, const mortise_request&) { return MORTISE_DECLINED; };
        border.on("GET", "/{same}", 0, none);
        border.on("GET", std::move(pattern), flags, none);
        testing::host host;
        return refusal([&] { host.load(border.descriptor()); });
    };
    EXPECT_EQ(reason("x"), "border fails in configure with code -2: the route GET x is refused: a "
                           "pattern begins with /");
    EXPECT_EQ(reason("/{a}/{a}"),
              "border fails in configure with code -2: the route GET /{a}/{a} is refused: the name "
              "a stands twice: name each parameter once");
    EXPECT_EQ(reason("/x", 1U << 20),
              "border fails in configure with code -2: the route GET /x is refused: it has a flag "
              "that this host does not know");
    EXPECT_EQ(reason("/{other}"), "border fails in configure with code 0: the route GET /{other} "
                                  "conflicts with GET /{same} of border");
}

TEST(TestingHost, RefusesAPluginForAnotherBorder) {
    border_plugin border;
    auto descriptor = border.descriptor();
    descriptor.abi_version = 0x00010003;
    testing::host host;
    EXPECT_EQ(refusal([&] { host.load(descriptor); }),
              "the plugin is built for ABI 1.3, but this host speaks ABI 0.2");
    descriptor.abi_version = MORTISE_ABI_VERSION;
    descriptor.size = 8;
    EXPECT_EQ(refusal([&] { host.load(descriptor); }),
              "the plugin: its mortise_plugin has a size of 8 bytes, this host's has " +
                  std::to_string(sizeof descriptor));
}

TEST(TestingHost, RefusesWhatIsNoLibrary) {
    testing::host host;
    EXPECT_EQ(refusal([&] { host.load("/no/such.so"); }),
              "/no/such.so cannot be read: No such file or directory");
    EXPECT_NE(refusal([&] { host.load("/etc/passwd"); }).find("/etc/passwd cannot be loaded: "),
              std::string::npos);
}

struct salutation {
    explicit salutation(const config& config) : log_{config.log()}, word_{config.get("word")} {}

    void routes(mortise::routes& on) {
        on.get("/", [this](const request&) {
            log_.info("asked");
            return text(word_);
        });
    }

    mortise::log log_;
    std::string word_;
};

TEST(TestingHost, ConfiguresAClassAndTellsKeysThatItNeverRead) {
    testing::host host;
    auto plugin = host.load<salutation>({{"word", "Hi"}, {"wrod", "Ho"}}, "salutation");
    EXPECT_EQ(plugin.send(testing::get("/")).content(), "Hi");
    EXPECT_EQ(plugin.unread_keys(), texts{"wrod"});
    ASSERT_EQ(plugin.routes().size(), 1u);
    EXPECT_EQ(plugin.routes()[0].pattern, "/");
    EXPECT_EQ(refusal([&] { host.load<salutation>(); }),
              "plugin fails in create with code -1: key \"word\" is missing");
}

TEST(TestingHost, KeepsTheLinesOfTheLog) {
    border_plugin border;
    testing::host host{{.log_level = MORTISE_LOG_INFO}};
    auto plugin = host.load(border.descriptor());
    const mortise_field field{view_of("path"), view_of("/tmp")};
    mortise_log_line line{};
    line.size = sizeof line;
    line.level = MORTISE_LOG_WARNING;
    line.text = view_of("disk full");
    line.field_count = 1;
    line.fields = &field;
    line.exchange = 7;
    border.log().write(border.instance, &line);
    line.level = MORTISE_LOG_DEBUG;
    border.log().write(border.instance, &line);
    EXPECT_EQ(border.log().is_on(border.instance, MORTISE_LOG_DEBUG), 0);
    EXPECT_EQ(border.log().is_on(border.instance, MORTISE_LOG_INFO), 1);
    const auto lines = host.log();
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].level, static_cast<unsigned>(MORTISE_LOG_WARNING));
    EXPECT_EQ(lines[0].text, "disk full");
    EXPECT_EQ(lines[0].fields, (testing::field_lines{{"path", "/tmp"}}));
    EXPECT_EQ(lines[0].exchange, 7u);
    EXPECT_EQ(lines[0].plugin, "border");
}

TEST(TestingHost, AnswersNoRequestAfterQuiesce) {
    testing::host host;
    auto plugin = host.load<salutation>({{"word", "Hi"}});
    plugin.quiesce();
    EXPECT_EQ(plugin.send(testing::get("/")).status(), 404u);
}

TEST(TestingHost, OutlivesItsPluginsAndIsOutlivedByTheirHandles) {
    border_plugin border;
    std::optional<testing::plugin> plugin;
    {
        testing::host host;
        plugin.emplace(host.load(border.descriptor()));
    }
    EXPECT_EQ(border.steps, "create configure start loop_start quiesce loop_stop destroy");
    EXPECT_THROW(plugin->send(testing::get("/")), testing::failure);
}

TEST(TestingHost, ServesSeveralPluginsAndSeveralHosts) {
    testing::host host;
    auto echo = host.load(ECHO_PLUGIN);
    auto greeting = host.load<salutation>({{"word", "Hi"}});
    testing::host other;
    auto bye = other.load<salutation>({{"word", "Bye"}});
    EXPECT_EQ(echo.send(testing::get("/")).content(), "Hi");
    EXPECT_EQ(greeting.send(testing::post("/echo").with_content("a")).content(), "a");
    EXPECT_EQ(bye.send(testing::get("/")).content(), "Bye");
    EXPECT_EQ(bye.send(testing::get("/echo")).status(), 404u);
}

TEST(TestingHost, ReloadsALibraryAndProvesThatItIsGone) {
    testing::host host;
    int rounds = 0;
    host.reload(ECHO_PLUGIN, 20, [&](testing::plugin& plugin) {
        ++rounds;
        EXPECT_EQ(plugin.send(testing::post("/echo").with_content("a")).content(), "a");
    });
    EXPECT_GE(rounds, 20);
    EXPECT_EQ(host.faults(), texts{});
}

TEST(TestingHost, FindsThatReloadingGrows) {
    if (testing::detail::has_address_sanitizer) {
        GTEST_SKIP() << "growth is not judged under the sanitizer";
    }
    testing::host host;
    std::vector<std::string> grown;
    host.reload(ECHO_PLUGIN,
                {.times = 8,
                 .exercise = [&](testing::plugin&) { grown.emplace_back(1U << 20, 'x'); },
                 .values = {},
                 .growth = 4U << 20});
    const auto faults = host.faults();
    ASSERT_EQ(faults.size(), 1u);
    EXPECT_NE(faults[0].find(": memory grew by "), std::string::npos);
}

TEST(TestingLibrary, StaysMappedUnderADifferentPathEachTime) {
    testing::library first{ECHO_PLUGIN};
    testing::library second{ECHO_PLUGIN};
    EXPECT_NE(first.copy(), second.copy());
    EXPECT_NE(&first.descriptor(), &second.descriptor());
    const auto copy = first.copy();
    EXPECT_TRUE(testing::library::is_loaded(copy));
    EXPECT_TRUE(testing::library::is_mapped(copy));
    EXPECT_TRUE(first.close());
    EXPECT_FALSE(testing::library::is_loaded(copy));
    EXPECT_FALSE(testing::library::is_mapped(copy));
    EXPECT_FALSE(std::filesystem::exists(copy));
}

} // namespace
} // namespace mortise::test
