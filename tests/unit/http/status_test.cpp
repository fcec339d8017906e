// SPDX-License-Identifier: BSL-1.0
// Reason phrases.
#include "http/status.hpp"

#include <gtest/gtest.h>

namespace mortise::http {
namespace {

TEST(ReasonPhrase, IsTheRegisteredOne) {
    EXPECT_EQ(reason_phrase(100), "Continue");
    EXPECT_EQ(reason_phrase(200), "OK");
    EXPECT_EQ(reason_phrase(204), "No Content");
    EXPECT_EQ(reason_phrase(404), "Not Found");
    EXPECT_EQ(reason_phrase(405), "Method Not Allowed");
    EXPECT_EQ(reason_phrase(431), "Request Header Fields Too Large");
    EXPECT_EQ(reason_phrase(503), "Service Unavailable");
}

TEST(ReasonPhrase, IsNeverEmpty) {
    for (unsigned status = 0; status < 1000; ++status) {
        EXPECT_FALSE(reason_phrase(status).empty()) << status;
    }
}

} // namespace
} // namespace mortise::http
