// SPDX-License-Identifier: BSL-1.0
// Filters behind the testing host, and the SDK's own ways of writing them.
#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <chrono>
#include <gtest/gtest.h>
#include <optional>
#include <stdexcept>
#include <string>

namespace mortise::test {
namespace {

using namespace std::chrono_literals;

struct filtered {
    void filters(mortise::filters& in) {
        in.on_both(
            "gate",
            [](const request& request) -> std::optional<response> {
                if (request.query() == "shut") {
                    return text("shut").with_status(401);
                }
                return std::nullopt;
            },
            [](const request&, response_head& head) { head.add_field("X-Order", "gate"); });
        in.on_request("slow", [](exchange& exchange) -> task<std::optional<response>> {
            const std::string query{exchange.request().query()};
            if (query == "sleep" || query == "answer") {
                co_await sleep_for(1s);
            }
            if (query == "answer") {
                co_return text("answered");
            }
            if (query == "throw") {
                throw http_error{418, "no"};
            }
            co_return std::nullopt;
        });
        in.on_response("stamp", [](const request& request, response_head& head) {
            head.add_field("X-Order", "stamp");
            if (request.query() == "change") {
                head.set_status(203);
                head.remove_field("content-type");
                head.set_field("X-Length", std::to_string(head.content_length().value_or(0)));
                head.set_field("X-Seen", head.field("Content-Type").value_or("nothing"));
            }
            if (request.query() == "break") {
                head.set_field("Connection", "close");
            }
        });
    }
    void routes(mortise::routes& on) {
        on.get("/", [](const request&) { return text("from the route"); });
        on.get("/later", [](exchange&) -> task<response> {
            co_await sleep_for(1s);
            co_return text("from the route, later");
        });
    }
};

class Filters : public ::testing::Test {
protected:
    testing::answer ask(const std::string& target) { return plugin_.send(testing::get(target)); }
    static std::string order(const testing::answer& answer) {
        std::string all;
        for (const auto& [name, value] : answer.fields()) {
            all += name == "X-Order" ? value + " " : "";
        }
        return all;
    }

    testing::host host_;
    testing::plugin plugin_ = host_.load<filtered>();
};

TEST_F(Filters, LetGoOnAndSeeResponsesInTheOtherOrder) {
    for (const auto* target : {"/", "/?sleep", "/later", "/later?sleep"}) {
        const auto answer = ask(target);
        EXPECT_EQ(answer.status(), 200U);
        EXPECT_EQ(order(answer), "stamp gate ");
    }
    EXPECT_EQ(ask("/later?sleep").content(), "from the route, later");
}

TEST_F(Filters, AnswerByThemselves) {
    EXPECT_EQ(ask("/?shut").status(), 401U);
    EXPECT_EQ(order(ask("/?shut")), "");
    EXPECT_EQ(ask("/?answer").content(), "answered");
    EXPECT_EQ(order(ask("/?answer")), "gate ");
    EXPECT_EQ(ask("/?throw").status(), 418U);
}

TEST_F(Filters, SeeWhatNoRouteServes) {
    const auto answer = ask("/nowhere");
    EXPECT_EQ(answer.status(), 404U);
    EXPECT_EQ(order(answer), "stamp gate ");
}

TEST_F(Filters, ChangeStatusAndFields) {
    const auto answer = ask("/?change");
    EXPECT_EQ(answer.status(), 203U);
    EXPECT_EQ(answer.field("Content-Type"), std::nullopt);
    EXPECT_EQ(answer.field("X-Length"), "14");
    EXPECT_EQ(answer.field("X-Seen"), "text/plain; charset=utf-8");
}

TEST_F(Filters, ThrowWhereAChangeIsRefused) {
    EXPECT_EQ(ask("/?break").status(), 200U);
    EXPECT_EQ(host_.faults(),
              std::vector<std::string>{"set_field(): Connection is the host's to write"});
    EXPECT_EQ(host_.log()[0].text,
              "a filter threw behind a response: the host refuses to change Connection");
}

TEST_F(Filters, RunInTheOrderThatIsAskedFor) {
    host_.order_filters({"stamp", "gate"});
    EXPECT_EQ(order(ask("/")), "gate stamp ");
    host_.order_filters({"gate"});
    EXPECT_EQ(order(ask("/")), "gate ");
    EXPECT_THROW(host_.order_filters({"none"}), testing::failure);
}

TEST_F(Filters, AreCancelledWhereTheClientLeaves) {
    auto pending = plugin_.begin(testing::get("/?sleep"));
    pending.disconnect();
    host_.advance(2s);
    EXPECT_TRUE(pending.is_over());
    plugin_.unload();
    EXPECT_EQ(host_.faults(), std::vector<std::string>{});
}

TEST(FilterNames, AreRefusedTheSecondTimeAndWhereTheyAreNone) {
    struct second {
        void filters(mortise::filters& in) {
            in.on_response("gate", [](const request&, response_head&) {});
        }
    };
    struct unnamed {
        void filters(mortise::filters& in) {
            in.on_response("The gate", [](const request&, response_head&) {});
        }
    };
    testing::host host;
    const auto first = host.load<filtered>();
    EXPECT_THROW(host.load<second>(), testing::load_error);
    EXPECT_THROW(host.load<unnamed>(), testing::load_error);
}

} // namespace
} // namespace mortise::test
