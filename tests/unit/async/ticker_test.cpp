// SPDX-License-Identifier: BSL-1.0
// A tick that is wanted, and one that is not.
#include "async/loop.hpp"
#include "async/ticker.hpp"

#include <gtest/gtest.h>

namespace mortise::async {
namespace {

using base::milliseconds;

TEST(Ticker, TicksUntilItIsNotNeeded) {
    loop loop{0};
    int ticks = 0;
    ticker ticker{loop, milliseconds{1}, [&] {
                      if (++ticks == 3) {
                          loop.stop();
                      }
                      return ticks < 3;
                  }};
    ticker.start();
    loop.run();
    EXPECT_EQ(ticks, 3);
}

TEST(Ticker, StaysOffUntilItIsStarted) {
    loop loop{0};
    int ticks = 0;
    const ticker idle{loop, milliseconds{1}, [&ticks] { return ++ticks < 1000; }};
    ticker other{loop, milliseconds{20}, [&loop] {
                     loop.stop();
                     return false;
                 }};
    other.start();
    loop.run();
    EXPECT_EQ(ticks, 0);
}

TEST(Ticker, TicksAtOnePaceHoweverOftenItIsStarted) {
    loop loop{0};
    int ticks = 0;
    int runs = 0;
    ticker ticker{loop, milliseconds{1}, [&] {
                      ++ticks;
                      return false;
                  }};
    async::ticker later{loop, milliseconds{20}, [&] {
                            ++runs;
                            loop.stop();
                            return false;
                        }};
    ticker.start();
    ticker.start();
    ticker.start();
    later.start();
    loop.run();
    EXPECT_EQ(ticks, 1);
    EXPECT_EQ(runs, 1);
}

TEST(Ticker, StartsAgainAfterItHasStopped) {
    loop loop{0};
    int ticks = 0;
    ticker ticker{loop, milliseconds{1}, [&] {
                      ++ticks;
                      return false;
                  }};
    async::ticker turns{loop, milliseconds{10}, [&] {
                            if (ticks == 2) {
                                loop.stop();
                                return false;
                            }
                            ticker.start();
                            return true;
                        }};
    ticker.start();
    turns.start();
    loop.run();
    EXPECT_EQ(ticks, 2);
}

TEST(Ticker, IsDestroyedWhileItWaits) {
    loop loop{0};
    bool ticked = false;
    {
        ticker ticker{loop, milliseconds{1}, [&ticked] { return ticked = true; }};
        ticker.start();
    }
    async::ticker later{loop, milliseconds{20}, [&loop] {
                            loop.stop();
                            return false;
                        }};
    later.start();
    loop.run();
    EXPECT_FALSE(ticked);
}

} // namespace
} // namespace mortise::async
