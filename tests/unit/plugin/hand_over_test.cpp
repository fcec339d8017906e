// SPDX-License-Identifier: BSL-1.0
// What goes from one generation to the next, and what goes wrong on the way.
#include "plugin/hand_over.hpp"
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

struct generations {
    explicit generations(configuration of_old = {}, configuration of_next = {}) {
        old = *host.load("state", std::move(of_old));
        next = *host.load("state", std::move(of_next));
    }
    test::small_host host;
    std::unique_ptr<instance> old;
    std::unique_ptr<instance> next;
};

TEST(HandOver, GivesTheNextGenerationWhatTheOldOneSaves) {
    test::small_host host;
    test::served old{host, "state"};
    loopback::exchange exchange{http::method::get, "/count"};
    old.handle(exchange);
    const auto next = *host.load("state");
    EXPECT_EQ(hand_over(old.plugin(), *next), hand_over_result::done);
    EXPECT_EQ(host.reports.lines(), std::vector<std::string>{"<1> state: restored 8"});
}

TEST(HandOver, IsNothingWhereOneDoesNotTakePart) {
    generations both{{{"fault", "n"}}};
    EXPECT_EQ(hand_over(*both.old, *both.next), hand_over_result::not_offered);
    const auto other = *both.host.load("sound");
    EXPECT_EQ(hand_over(*other, *both.next), hand_over_result::not_offered);
    EXPECT_EQ(hand_over(*both.next, *other), hand_over_result::not_offered);
}

TEST(HandOver, MayBeDeclinedByEither) {
    generations by_old{{{"fault", "d"}}};
    EXPECT_EQ(hand_over(*by_old.old, *by_old.next), hand_over_result::declined);
    EXPECT_EQ(by_old.host.reports.count("<1> state: save declines"), 1U);
    generations by_next{{{"fault", "v"}}};
    EXPECT_EQ(hand_over(*by_next.old, *by_next.next), hand_over_result::declined);
    EXPECT_EQ(by_next.host.reports.count("<1> state: restore declines"), 1U);
}

TEST(HandOver, FailsInEitherAndIsReported) {
    generations in_old{{{"fault", "f"}}};
    EXPECT_EQ(hand_over(*in_old.old, *in_old.next), hand_over_result::failed);
    EXPECT_EQ(in_old.host.reports.count("<3> state: 1.0.0: save failed with code -1"), 1U);
    generations in_next{{}, {{"fault", "b"}}};
    EXPECT_EQ(hand_over(*in_next.old, *in_next.next), hand_over_result::failed);
    EXPECT_EQ(in_next.host.reports.count("<3> state: 1.0.0: restore failed with code -1"), 1U);
}

TEST(HandOver, IsOfferedOnce) {
    test::small_host host;
    EXPECT_TRUE(host.load("state", {{"fault", "2"}}));
    EXPECT_EQ(host.reports.count("state offer() was called twice or outside configure"), 1U);
}

TEST(HandOver, TakesNoMoreThanItsLimit) {
    generations both{{{"fault", "l"}}};
    EXPECT_EQ(hand_over(*both.old, *both.next), hand_over_result::failed);
    EXPECT_EQ(both.host.reports.count("save wrote more than 64 MiB"), 1U);
}

} // namespace
} // namespace mortise::plugin
