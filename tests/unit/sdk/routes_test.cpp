// SPDX-License-Identifier: BSL-1.0
// What is registered with the host, and how the plugin's class is made.
#include "unit/sdk/fake_host.hpp"
#include "unit/sdk/fake_request.hpp"

#include <mortise/sdk.hpp>

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>

namespace mortise::test {
namespace {

response empty(const request&) {
    return response{204};
}

struct every_method {
    void routes(mortise::routes& on) {
        on.get("/", empty);
        on.head("/", empty);
        on.post("/", whole_content{}, empty);
        on.put("/", whole_content{.limit = 7}, empty);
        on.patch("/", empty);
        on.del("/", empty);
        on.options("/", empty);
        on.route("PROPFIND", "/", empty);
        on.host("*.example.org").get("/{rest...}", empty);
    }
};

TEST(Routes, RegistersMethodsHostsPatternsAndContent) {
    fake_host host;
    const auto descriptor = detail::describe<every_method>("every-method", "1.0.0");
    const running_plugin plugin{descriptor, host};
    std::string seen;
    for (const auto& route : host.routes) {
        seen += route.method + " " + route.host + route.pattern + " " +
                std::to_string(route.flags) + " " + std::to_string(route.content_limit) + "\n";
    }
    EXPECT_EQ(seen, "GET / 0 0\nHEAD / 0 0\nPOST / 2 0\nPUT / 2 7\nPATCH / 0 0\nDELETE / 0 0\n"
                    "OPTIONS / 0 0\nPROPFIND / 0 0\nGET *.example.org/{rest...} 0 0\n");
}

TEST(Routes, FailsToConfigureWhereTheHostRefuses) {
    fake_host host;
    host.add_route_result = MORTISE_E_INVALID;
    const auto descriptor = detail::describe<every_method>("every-method", "1.0.0");
    const running_plugin plugin{descriptor, host};
    EXPECT_EQ(plugin.created, MORTISE_OK);
    EXPECT_EQ(plugin.configured, MORTISE_E_FAILED);
    EXPECT_EQ(host.explanation, "the host refuses the route GET /");
}

// Says, when the last handler goes, whether the plugin's object still lived.
struct last_look {
    last_look(std::weak_ptr<int> of, bool& said) : object{std::move(of)}, object_lived{said} {}
    ~last_look() { object_lived = !object.expired(); }

    std::weak_ptr<int> object;
    bool& object_lived;
};

bool object_lived = false;

struct owner {
    std::shared_ptr<int> alive = std::make_shared<int>(0);

    void routes(mortise::routes& on) {
        on.get("/", [look = std::make_unique<last_look>(alive, object_lived)](const request&) {
            return text(look->object.use_count());
        });
    }
};

TEST(Routes, KeepsHandlersAlmostAsLongAsTheObject) {
    fake_host host;
    const auto descriptor = detail::describe<owner>("owner", "1.0.0");
    {
        const running_plugin plugin{descriptor, host};
        EXPECT_EQ(host.route("GET", "/").call(fake_request{}.raw()), MORTISE_REPLIED);
        EXPECT_EQ(host.answers.at(0).content, "1");
        EXPECT_FALSE(object_lived);
    }
    EXPECT_TRUE(object_lived);
}

struct throws_in_constructor {
    explicit throws_in_constructor(const config& config) { config.get("url"); }
    void routes(mortise::routes&) {}
};

TEST(Plugin, GivesTheConstructorsExceptionAsTheReason) {
    fake_host host;
    const auto descriptor = detail::describe<throws_in_constructor>("throws", "1.0.0");
    const running_plugin plugin{descriptor, host};
    EXPECT_EQ(plugin.created, MORTISE_E_FAILED);
    EXPECT_EQ(host.explanation, "key \"url\" is missing");
}

struct throws_a_number {
    throws_a_number() { throw 7; }
    void routes(mortise::routes&) {}
};

TEST(Plugin, SaysSoWhereTheExceptionHasNoText) {
    fake_host host;
    const auto descriptor = detail::describe<throws_a_number>("throws", "1.0.0");
    const running_plugin plugin{descriptor, host};
    EXPECT_EQ(plugin.created, MORTISE_E_FAILED);
    EXPECT_EQ(host.explanation, "it threw what is no std::exception");
}

} // namespace
} // namespace mortise::test
