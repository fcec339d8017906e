// SPDX-License-Identifier: BSL-1.0
// Which plugins are left when some cannot stand beside the others.
#include "server/fleet.hpp"
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::server {
namespace {

class Fleet : public testing::Test {
protected:
    plugin::test::scratch_directory directory;
    plugin::test::small_host host;

    plugin::catalogue load() {
        return plugin::catalogue::load(*plugin::wanted_in(directory.path()), {}, host.around());
    }
    std::string file(const std::string& name) const { return (directory.path() / name).string(); }

    static std::vector<std::string> ids(const fleet& of) {
        std::vector<std::string> found;
        for (const auto& instance : of.instances()) {
            found.push_back(instance->id());
        }
        return found;
    }
    static std::vector<std::string> lines(const fleet& of) {
        std::vector<std::string> found;
        for (const auto& error : of.errors()) {
            found.push_back(error.line());
        }
        return found;
    }
    // What a GET of `path` is answered, once every plugin has entered the loop.
    loopback::received get(fleet& of, std::string_view path) {
        loopback::exchange exchange{http::method::get, path};
        of.current().handler().handle(exchange);
        return exchange.response().value_or(loopback::received{});
    }
    void enter(fleet& of) {
        for (const auto& instance : of.instances()) {
            EXPECT_FALSE(instance->enter_loop(host.loop));
        }
    }
    void leave(fleet& of) {
        for (const auto& instance : of.instances()) {
            instance->quiesce();
            instance->leave_loop(host.loop);
        }
    }
};

using texts = std::vector<std::string>;

TEST_F(Fleet, ServesTheRoutesOfAllPlugins) {
    directory.put("sound");
    directory.put("conflicting_left");
    fleet made{load()};
    EXPECT_EQ(ids(made), (texts{"conflicting-left", "sound"}));
    EXPECT_EQ(lines(made), texts{});
    enter(made);
    EXPECT_EQ(get(made, "/taken/x").content, "conflicting-left");
    EXPECT_EQ(get(made, "/lend").content, "lent");
    EXPECT_EQ(get(made, "/none").status, 404U);
    leave(made);
}

TEST_F(Fleet, DropsTheLaterOfTwoThatConflictAndNamesBoth) {
    directory.put("conflicting_left");
    directory.put("conflicting_right");
    fleet made{load()};
    EXPECT_EQ(ids(made), texts{"conflicting-left"});
    EXPECT_EQ(lines(made),
              texts{file("conflicting_right.so") +
                    ": route GET /taken/{name} of plugin conflicting-right 1.0.0 "
                    "(conflicting_right.so) conflicts with /taken/{name} of plugin "
                    "conflicting-left 1.0.0 (conflicting_left.so); change one of the patterns, or "
                    "take one of the plugins away"});
    enter(made);
    EXPECT_EQ(get(made, "/taken/x").content, "conflicting-left");
    leave(made);
}

TEST_F(Fleet, DropsTheLaterOfTwoWhoseMetricsAreShownByOneNameAndNamesBoth) {
    directory.put("meeting_metric", "10-gauge");
    directory.put("metrics", "20-histogram");
    const fleet made{load()};
    EXPECT_EQ(ids(made), texts{"of"});
    EXPECT_EQ(lines(made),
              texts{file("20-histogram.so") +
                    ": registers the metric of_metrics_sizes, which cannot be told from "
                    "of_metrics_sizes_count of plugin of 1.0.0 (10-gauge.so); rename one of the "
                    "two"});
}

TEST_F(Fleet, JudgesByTheNamesOfTheFiles) {
    directory.put("conflicting_right", "10-right");
    directory.put("conflicting_left", "20-left");
    const fleet made{load()};
    EXPECT_EQ(ids(made), texts{"conflicting-right"});
    ASSERT_EQ(made.errors().size(), 1U);
    EXPECT_EQ(made.errors()[0].file, directory.path() / "20-left.so");
}

TEST_F(Fleet, KeepsTheOthersWhereOneIsDropped) {
    directory.put("conflicting_left", "a");
    directory.put("sound", "b");
    directory.put("conflicting_right", "c");
    directory.put("declines", "d");
    fleet made{load()};
    EXPECT_EQ(ids(made), (texts{"conflicting-left", "sound", "declines"}));
    enter(made);
    EXPECT_EQ(get(made, "/lend").content, "lent");
    leave(made);
}

TEST_F(Fleet, ServesNothingOfAPluginThatIsDroppedLater) {
    directory.put("conflicting_left", "a");
    directory.put("sound", "b");
    fleet made{load()};
    enter(made);
    const auto& left = *made.instances()[0];
    leave(made);
    made.drop({left.file(), {"could not enter a loop", "mend it"}});
    EXPECT_EQ(ids(made), texts{"sound"});
    EXPECT_EQ(lines(made), texts{file("a.so") + ": could not enter a loop; mend it"});
    EXPECT_EQ(get(made, "/taken/x").status, 404U);
}

TEST_F(Fleet, DropsNothingForAFileThatItDoesNotHold) {
    directory.put("sound");
    fleet made{load()};
    made.drop({directory.path() / "other.so", {"is not here", "look"}});
    EXPECT_EQ(ids(made), texts{"sound"});
    EXPECT_EQ(lines(made), texts{});
}

TEST_F(Fleet, AnswersWithoutAnyPlugin) {
    fleet made{load()};
    EXPECT_EQ(ids(made), texts{});
    EXPECT_EQ(get(made, "/").status, 404U);
}

} // namespace
} // namespace mortise::server
