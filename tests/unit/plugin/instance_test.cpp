// SPDX-License-Identifier: BSL-1.0
// The steps of a plugin's life, and those that fail.
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

using lines = std::vector<std::string>;

TEST(Instance, IsCalledInOrder) {
    test::small_host host;
    {
        test::served sound{host, "sound"};
        EXPECT_EQ(sound.plugin().id(), "sound");
        EXPECT_EQ(sound.plugin().version(), "1.2.3");
        EXPECT_EQ(sound.plugin().handlers().size(), 3U);
    }
    EXPECT_EQ(host.reports.lines(),
              (lines{"<1> sound: configure", "<1> sound: start", "<1> sound: loop_start",
                     "<1> sound: quiesce", "<1> sound: loop_stop", "<1> sound: destroy"}));
}

TEST(Instance, KeepsWhatARouteSays) {
    test::small_host host;
    const auto sound = *host.load("sound");
    const auto& echo = sound->handlers()[1]->route();
    EXPECT_EQ(echo.method, "POST");
    EXPECT_EQ(echo.pattern, "/echo");
    EXPECT_EQ(echo.host, "");
    EXPECT_TRUE(echo.wants_content());
    EXPECT_FALSE(echo.may_wait());
}

TEST(Instance, ServesAPluginWhoseStructsHaveFewerMembers) {
    test::small_host host;
    test::served older{host, "smaller_structs"};
    EXPECT_EQ(older.plugin().handlers()[0]->route().content_limit, 0U);
    loopback::exchange exchange{http::method::get, "/fault"};
    older.handle(exchange);
    EXPECT_EQ(exchange.response()->content, "of few members");
    EXPECT_EQ(host.reports.lines(), lines{"<1> smaller-structs: a line without fields"});
}

TEST(Instance, GivesItsConfiguration) {
    test::small_host host;
    ASSERT_TRUE(host.load("sound", {{"salutation", "Good day"}}));
    EXPECT_EQ(host.reports.lines().front(), "<2> sound: Good day");
}

TEST(Instance, ReportsKeysThatWereNotRead) {
    test::small_host host;
    ASSERT_TRUE(host.load("sound", {{"saluation", "Good day"}}));
    EXPECT_EQ(host.reports.count(
                  "<2> sound: configuration key \"saluation\" was not read; is it misspelt?"),
              1U);
}

TEST(Instance, SaysWhyCreateFailed) {
    test::small_host host;
    const auto failed = host.load("fails_in_create");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().line(),
              test::plugin_path("fails_in_create").string() +
                  ": fails in create: \"limit\" must be a number but is not; correct the cause or "
                  "its configuration");
}

TEST(Instance, SurvivesAThrowingCreate) {
    test::small_host host;
    const auto failed = host.load("throws_in_create");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().what, "throws in create: the model file is missing");
}

TEST(Instance, DestroysWhatFailedToConfigure) {
    test::small_host host;
    const auto failed = host.load("fails_in_configure");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().what, "fails in configure with code -7 and no reason");
    EXPECT_EQ(host.reports.lines(), lines{"<1> fails-in-configure: destroyed"});
}

TEST(Instance, IsRefusedWithARouteThatBreaksTheRules) {
    test::small_host host;
    const auto failed = host.load("refused_route");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().what.substr(0, 43), "registers GET no-slash, which is refused: i");
}

TEST(Instance, DoesNotStopALoopThatDidNotStart) {
    test::small_host host;
    {
        const auto failing = *host.load("fails_in_loop_start");
        const auto why = failing->enter_loop(host.loop);
        ASSERT_TRUE(why);
        EXPECT_EQ(why->what, "fails in loop_start: no room on this loop");
        failing->leave_loop(host.loop);
    }
    EXPECT_EQ(host.reports.lines(), lines{});
}

TEST(Instance, LimitsTheLinesOfItsFaults) {
    test::small_host host;
    const auto sound = *host.load("sound");
    for (int i = 0; i < 1000; ++i) {
        sound->report_fault("went wrong");
    }
    EXPECT_GE(host.reports.count("1.2.3: went wrong"), instance::fault_lines_a_second);
    EXPECT_LT(host.reports.count("1.2.3: went wrong"), 1000U);
}

TEST(Instance, LimitsTheLinesThatItWrites) {
    test::small_host host;
    const auto sound = *host.load("sound");
    const std::string text = "so many"; // a few seconds at the most, of which each has a share
    for (int line = 0; line < 100'000; ++line) {
        sound->log(severity::info, text, {});
    }
    EXPECT_GE(host.reports.count(text), limits::default_log / 2); // it writes more than this
    EXPECT_LT(host.reports.count(text), 50'000U);
}

TEST(Instance, HasAnOrdinalOfItsOwn) {
    test::small_host host;
    const auto one = *host.load("sound");
    const auto two = *host.load("declines");
    EXPECT_NE(one->ordinal(), two->ordinal());
}

} // namespace
} // namespace mortise::plugin
