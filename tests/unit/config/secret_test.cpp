// SPDX-License-Identifier: BSL-1.0
// What is recognised as a secret.
#include "config/secret.hpp"

#include <gtest/gtest.h>

namespace mortise::config {
namespace {

TEST(Secret, IsToldByItsName) {
    for (const auto* name : {"password", "DB_PASSWD", "PGPASSWORD", "api_key", "apiKey", "token",
                             "db.credentials", "client-secret", "passphrase"}) {
        EXPECT_TRUE(sounds_secret(name)) << name;
    }
    for (const auto* name : {"", "user", "keyboard", "pass", "host"}) {
        EXPECT_FALSE(sounds_secret(name)) << name;
    }
}

TEST(Secret, IsAPasswordInAUri) {
    for (const auto* value :
         {"postgres://app:s@db/shop", "redis://:s@h", "amqp://a:p@s@host:5672",
          "see http://plain/ and https://u:p@other/?x", "mongodb://u:p@a,b/?x#y"}) {
        EXPECT_TRUE(holds_password(value)) << value;
    }
    for (const auto* value :
         {"", "postgres://db/shop", "http://host:80/", "ssh://git@host/x", "http://host/a:b@c",
          "http://host?a:b@c", "http://a:80 or mail ops@b", "a:b@c", "://"}) {
        EXPECT_FALSE(holds_password(value)) << value;
    }
}

} // namespace
} // namespace mortise::config
