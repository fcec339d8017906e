// SPDX-License-Identifier: BSL-1.0
// What is registered with the host, and how the plugin's class is made.
#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>

namespace mortise::test {
namespace {

template <class Type>
std::string refusal_of(testing::host& host) {
    try {
        host.load<Type>();
    } catch (const testing::load_error& error) {
        return error.what();
    }
    return "no refusal";
}

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
        on.get("/blocks", blocking, empty);
        on.put("/blocks", whole_content{.limit = 7}, blocking, keeps_on, empty);
        on.route("PROPFIND", "/", empty);
        on.host("*.example.org").get("/{rest...}", empty);
    }
};

TEST(Routes, RegistersMethodsHostsPatternsAndContent) {
    testing::host host;
    const auto plugin = host.load<every_method>();
    std::string seen;
    for (const auto& route : plugin.routes()) {
        seen += route.method + " " + route.host + route.pattern + " " +
                std::to_string(route.flags) + " " + std::to_string(route.content_limit) + "\n";
    }
    EXPECT_EQ(seen, "GET / 0 0\nHEAD / 0 0\nPOST / 2 0\nPUT / 2 7\nPATCH / 0 0\nDELETE / 0 0\n"
                    "OPTIONS / 0 0\nGET /blocks 1 0\nPUT /blocks 7 7\nPROPFIND / 0 0\nGET "
                    "*.example.org/{rest...} 0 0\n");
}

struct options_of_waiting {
    static task<response> wait(exchange&) { co_return response{204}; }

    void routes(mortise::routes& on) {
        on.get("/cancelled", wait);
        on.get("/kept", keeps_on, wait);
        on.get("/half", half_close_leaves, wait);
        on.post("/orders", whole_content{9}, keeps_on, wait);
        on.post("/large", half_close_leaves, content_limit{8}, wait);
    }
};

TEST(Routes, TakesOptionsInAnyOrder) {
    testing::host host;
    const auto plugin = host.load<options_of_waiting>();
    std::string seen;
    for (const auto& route : plugin.routes()) {
        seen += route.pattern + " " + std::to_string(route.flags) + " " +
                std::to_string(route.content_limit) + "\n";
    }
    EXPECT_EQ(seen, "/cancelled 1 0\n/kept 5 0\n/half 9 0\n/orders 7 9\n/large 9 8\n");
}

bool is_ordered = false;

struct order {
    void routes(mortise::routes& on) {
        on.get("/", keeps_on, [](exchange&) -> task<response> {
            co_await sleep_for(std::chrono::seconds{1});
            is_ordered = true;
            co_return response{204};
        });
    }
};

TEST(Routes, LetsAHandlerThatKeepsOnEndWithoutItsClient) {
    testing::host host;
    auto plugin = host.load<order>();
    auto pending = plugin.begin(testing::get("/"));
    pending.disconnect();
    host.advance(std::chrono::seconds{2});
    EXPECT_TRUE(is_ordered);
}

TEST(Routes, FailsToConfigureWhereTheHostRefuses) {
    testing::host host;
    host.refuse_next(testing::function::add_route, MORTISE_E_INVALID);
    EXPECT_EQ(refusal_of<every_method>(host),
              "plugin fails in configure with code -1: the host refuses the route GET /; a route "
              "is refused by the test");
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
    testing::host host;
    auto plugin = host.load<owner>();
    EXPECT_EQ(plugin.send(testing::get("/")).content(), "1");
    EXPECT_FALSE(object_lived);
    plugin.unload();
    EXPECT_TRUE(object_lived);
}

struct throws_in_constructor {
    explicit throws_in_constructor(const config& config) { config.get("url"); }
    void routes(mortise::routes&) {}
};

TEST(Plugin, GivesTheConstructorsExceptionAsTheReason) {
    testing::host host;
    EXPECT_EQ(refusal_of<throws_in_constructor>(host),
              "plugin fails in create with code -1: key \"url\" is missing");
}

struct throws_a_number {
    throws_a_number() { throw 7; }
    void routes(mortise::routes&) {}
};

TEST(Plugin, SaysSoWhereTheExceptionHasNoText) {
    testing::host host;
    EXPECT_EQ(refusal_of<throws_a_number>(host),
              "plugin fails in create with code -1: it threw what is no std::exception");
}

} // namespace
} // namespace mortise::test
