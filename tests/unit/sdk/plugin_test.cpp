// SPDX-License-Identifier: BSL-1.0
// The built plugins, behind the fake host: greeting, echo, and the one in C.
#include "unit/sdk/fake_host.hpp"
#include "unit/sdk/fake_request.hpp"
#include "unit/sdk/loaded_plugin.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mortise::test {
namespace {

TEST(Greeting, GreetsAnonymousAtTheRoot) {
    const loaded_plugin library{GREETING_PLUGIN};
    fake_host host;
    const running_plugin greeting{library.descriptor(), host};

    EXPECT_EQ(host.route("GET", "/").call(fake_request{}.raw()), MORTISE_REPLIED);
    ASSERT_EQ(host.answers.size(), 1u);
    EXPECT_EQ(host.answers[0].status, 200u);
    EXPECT_EQ(host.answers[0].content, "Hello, Anonymous!\n");
    ASSERT_EQ(host.answers[0].fields.size(), 1u);
    EXPECT_EQ(host.answers[0].fields[0].first, "Content-Type");
    EXPECT_EQ(host.answers[0].fields[0].second, "text/plain; charset=utf-8");
}

TEST(Greeting, GreetsTheNameOfThePath) {
    const loaded_plugin library{GREETING_PLUGIN};
    fake_host host;
    const running_plugin greeting{library.descriptor(), host};

    const auto& route = host.route("GET", "/{name}");
    route.call(fake_request{"GET", "/Ada"}.with_param("name", "Ada Lovelace").raw());
    const std::string long_name(5000, 'x');
    route.call(fake_request{"GET", "/x"}.with_param("name", long_name).raw());
    ASSERT_EQ(host.answers.size(), 2u);
    EXPECT_EQ(host.answers[0].content, "Hello, Ada Lovelace!\n");
    EXPECT_EQ(host.answers[1].content, "Hello, " + long_name + "!\n");
}

TEST(Greeting, SaysTheConfiguredSalutation) {
    const loaded_plugin library{GREETING_PLUGIN};
    fake_host host{{{"salutation", "Good day"}}};
    const running_plugin greeting{library.descriptor(), host};

    host.route("GET", "/").call(fake_request{}.raw());
    EXPECT_EQ(host.answers.at(0).content, "Good day, Anonymous!\n");
}

TEST(Greeting, StatesItsIdentity) {
    const loaded_plugin library{GREETING_PLUGIN};
    EXPECT_EQ(library.descriptor().size, sizeof(struct mortise_plugin));
    EXPECT_EQ(library.descriptor().abi_version, MORTISE_ABI_VERSION);
    EXPECT_STREQ(library.descriptor().id, "greeting");
    EXPECT_STREQ(library.descriptor().version, "1.0.0");
}

TEST(Echo, AnswersTheContentWithItsMediaType) {
    const loaded_plugin library{ECHO_PLUGIN};
    fake_host host;
    const running_plugin echo{library.descriptor(), host};

    const auto& route = host.route("POST", "/echo");
    EXPECT_EQ(route.flags, MORTISE_ROUTE_CONTENT);
    EXPECT_EQ(route.content_limit, 1024u * 1024u);
    route.call(fake_request{"POST", "/echo"}
                   .with_field("content-type", "application/json")
                   .with_content("{}")
                   .raw());
    route.call(fake_request{"POST", "/echo"}.with_content("raw").raw());
    ASSERT_EQ(host.answers.size(), 2u);
    EXPECT_EQ(host.answers[0].content, "{}");
    EXPECT_EQ(host.answers[0].fields.at(0).second, "application/json");
    EXPECT_EQ(host.answers[1].fields.at(0).second, "application/octet-stream");
}

TEST(Echo, AnswersTheFieldsAsLines) {
    const loaded_plugin library{ECHO_PLUGIN};
    fake_host host;
    const running_plugin echo{library.descriptor(), host};

    host.route("GET", "/echo")
        .call(fake_request{"GET", "/echo"}
                  .with_field("Host", "localhost")
                  .with_field("Accept", "*/*")
                  .raw());
    EXPECT_EQ(host.answers.at(0).content, "Host: localhost\nAccept: */*\n");
}

TEST(Echo, TakesItsLimitFromTheConfiguration) {
    const loaded_plugin library{ECHO_PLUGIN};
    fake_host host{{{"limit", "10"}}};
    const running_plugin echo{library.descriptor(), host};
    EXPECT_EQ(host.route("POST", "/echo").content_limit, 10u);
}

TEST(Echo, RefusesALimitThatIsNoNumberAndNamesTheKey) {
    const loaded_plugin library{ECHO_PLUGIN};
    fake_host host{{{"limit", "10k"}}};
    const running_plugin echo{library.descriptor(), host};
    EXPECT_EQ(echo.created, MORTISE_E_FAILED);
    EXPECT_EQ(host.explanation,
              "key \"limit\" is \"10k\", expected a whole number from 0 to 18446744073709551615");
}

TEST(PluginInC, LendsItsContentAndDeclines) {
    const loaded_plugin library{C_PLUGIN};
    fake_host host;
    const running_plugin plugin{library.descriptor(), host};

    host.route("GET", "/c/{name}").call(fake_request{"GET", "/c/x"}.with_param("name", "x").raw());
    ASSERT_EQ(host.answers.size(), 1u);
    EXPECT_EQ(host.answers[0].content, "x");
    ASSERT_NE(host.answers[0].release, nullptr);
    host.answers[0].release(host.answers[0].release_argument);
    EXPECT_EQ(host.route("GET", "/c/declined").call(fake_request{}.raw()), MORTISE_DECLINED);
}

} // namespace
} // namespace mortise::test
