// SPDX-License-Identifier: BSL-1.0
// Runs of real programs, and that nothing of them is left.
#include "develop/tool.hpp"

#include <boost/asio/io_context.hpp>

#include <csignal>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mortise::develop {
namespace {

class Tool : public testing::Test {
protected:
    tool::outcome run(std::vector<std::string> words) {
        std::optional<tool::outcome> ended;
        tool_.start(std::move(words), {"GREETING=hello"},
                    [&](tool::outcome came_to) { ended = std::move(came_to); });
        while (!ended) {
            control_.run_one();
        }
        control_.restart();
        return *ended;
    }

    // Of a script that says "ready" when there is something to stop.
    tool::outcome stop(const std::string& script) {
        std::optional<tool::outcome> ended;
        tool_.start({"bash", "-c", script}, {},
                    [&](tool::outcome came_to) { ended = std::move(came_to); });
        while (household_.strays().empty() || tool_.output().find("ready") == std::string::npos) {
            control_.run_one();
        }
        tool_.stop();
        while (!ended) {
            control_.run_one();
        }
        return *ended;
    }

    household household_;
    boost::asio::io_context control_{1};
    tool tool_{control_, household_};
};

TEST_F(Tool, GivesBackWhatWasWrittenAndTheCode) {
    const auto came_to = run({"sh", "-c", "echo $GREETING; echo there >&2; exit 3"});
    EXPECT_EQ(came_to.output, "hello\nthere\n");
    EXPECT_EQ(came_to.code, 3);
    EXPECT_FALSE(came_to.was_stopped);
    EXPECT_EQ(run({"sh", "-c", "cat; kill -9 $$"}).code, 128 + SIGKILL);
    EXPECT_EQ(run({"no-such-program"}).code, 127);
}

TEST_F(Tool, GivesBackMoreThanAPipeHolds) {
    EXPECT_EQ(run({"sh", "-c", "head -c 3000000 /dev/zero"}).output.size(), 3000000U);
}

TEST_F(Tool, DoesNotWaitForWhatStaysInTheBackground) {
    EXPECT_EQ(run({"sh", "-c", "sleep 1000 & echo done"}).output, "done\n");
    EXPECT_EQ(household_.strays().size(), 1U);
    household_.end_strays();
    EXPECT_TRUE(household_.strays().empty());
}

// As build tools start compilers: each in a group that a signal to the tool does not reach.
TEST_F(Tool, StopsWhatItHasStartedInOtherGroups) {
    const auto came_to =
        stop("set -m; trap 'kill $(jobs -p); exit 1' TERM; sleep 1000 & echo ready; wait");
    EXPECT_TRUE(came_to.was_stopped);
    EXPECT_TRUE(household_.strays().empty());
}

TEST_F(Tool, KillsWhatDoesNotListen) {
    const auto came_to = stop("trap '' TERM; setsid bash -c 'trap \"\" TERM; echo ready; "
                              "while :; do sleep 1000; done' & wait; sleep 1000");
    EXPECT_TRUE(came_to.was_stopped);
    EXPECT_TRUE(household_.strays().empty());
}

} // namespace
} // namespace mortise::develop
