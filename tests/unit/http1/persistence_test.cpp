// SPDX-License-Identifier: BSL-1.0
// Whether a connection lasts, by version and options.
#include "http1/persistence.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

connection_options options_of(std::string_view value) {
    connection_options options;
    add_options(value, options);
    return options;
}

TEST(Persistence, LastsInHttp11UnlessItSaysClose) {
    EXPECT_FALSE(wants_close({}, 1));
    EXPECT_FALSE(wants_close(options_of("keep-alive"), 1));
    EXPECT_TRUE(wants_close(options_of("close"), 1));
}

TEST(Persistence, EndsInHttp10UnlessItSaysKeepAlive) {
    EXPECT_TRUE(wants_close({}, 0));
    EXPECT_FALSE(wants_close(options_of("keep-alive"), 0));
}

TEST(Persistence, LetsCloseWin) {
    EXPECT_TRUE(wants_close(options_of("keep-alive, close"), 0));
    EXPECT_TRUE(wants_close(options_of("close, keep-alive"), 1));
}

TEST(Persistence, ReadsListsWithoutRegardToCaseAndSpace) {
    EXPECT_TRUE(options_of("Upgrade,\t CLOSE ,x").close);
    EXPECT_TRUE(options_of(",,Keep-Alive").keep_alive);
    EXPECT_FALSE(options_of("closed, not-close, close;x").close);
    EXPECT_FALSE(options_of("").close);
}

TEST(Persistence, GathersOptionsOverSeveralLines) {
    connection_options options;
    add_options("close", options);
    add_options("keep-alive", options);
    EXPECT_TRUE(options.close);
    EXPECT_TRUE(options.keep_alive);
}

} // namespace
} // namespace mortise::http1
