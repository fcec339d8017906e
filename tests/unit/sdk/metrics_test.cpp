// SPDX-License-Identifier: BSL-1.0
// Series that a plugin makes, moves and cannot make.
#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <gtest/gtest.h>
#include <string>

namespace mortise::test {
namespace {

struct shop {
    void metrics(mortise::metrics& in) {
        fruit_ = in.counter("sold_total", "Pieces sold", {{"kind", "fruit"}});
        bread_ = in.counter("sold_total", "Pieces sold", {{"kind", "bread"}});
        open_ = in.gauge("open", "Doors that are open");
        seconds_ = in.histogram("seconds", "Time of a sale", {0.1, 1});
    }
    void routes(mortise::routes& on) {
        on.get("/", [this](const request&) {
            fruit_.increase();
            bread_.increase(3);
            open_.set(2);
            open_.adjust(-0.5);
            seconds_.observe(0.2);
            return text("sold\n");
        });
    }

    counter fruit_;
    counter bread_;
    gauge open_;
    histogram seconds_;
};

TEST(Metrics, CountWhatAHandlerSays) {
    testing::host host;
    auto plugin = host.load<shop>();
    EXPECT_EQ(plugin.metric("sold_total", {{"kind", "fruit"}}), 0);
    plugin.send(testing::get("/"));
    plugin.send(testing::get("/"));
    EXPECT_EQ(plugin.metric("sold_total", {{"kind", "fruit"}}), 2);
    EXPECT_EQ(plugin.metric("sold_total", {{"kind", "bread"}}), 6);
    EXPECT_EQ(plugin.metric("open"), 1.5);
    EXPECT_EQ(plugin.metric("seconds"), 2);
    EXPECT_EQ(plugin.metric("sold_total"), std::nullopt);
}

TEST(Metrics, DoNothingWhereTheyWereNotMade) {
    counter{}.increase();
    gauge{}.set(1);
    histogram{}.observe(1);
}

template <int Which>
struct wrong {
    void metrics(mortise::metrics& in) {
        in.gauge("there", "is there");
        switch (Which) {
        case 0:
            in.counter("count", "without _total");
            break;
        case 1:
            in.histogram("sizes", "not increasing", {2, 2});
            break;
        case 2:
            in.gauge("there", "is there");
            break;
        case 3:
            in.gauge("twice", "has a label twice", {{"a", "b"}, {"a", "c"}});
            break;
        case 4:
            in.gauge("there", "is there", {{"a", "b"}});
            break;
        case 5:
            for (int at = 0; at != 1024; ++at) {
                in.gauge("many", "one more than there may be", {{"at", std::to_string(at)}});
            }
            break;
        default:
            in.gauge("there", "says something else", {{"a", "b"}});
        }
    }
    void routes(mortise::routes&) {}
};

template <int Which>
std::string refusal() {
    testing::host host;
    try {
        host.load<wrong<Which>>();
    } catch (const testing::load_error& error) {
        return error.what();
    }
    return "none";
}

TEST(Metrics, FailToConfigureWhereTheHostRefuses) {
    EXPECT_NE(refusal<0>().find("the host refuses the metric count"), std::string::npos);
    EXPECT_NE(refusal<1>().find("not finite and increasing"), std::string::npos);
    EXPECT_NE(refusal<2>().find("with these labels already"), std::string::npos);
    EXPECT_NE(refusal<3>().find("a label is there twice"), std::string::npos);
    EXPECT_NE(refusal<4>().find("another kind, help, bounds or labels"), std::string::npos);
    EXPECT_NE(refusal<5>().find("has 1024 already"), std::string::npos);
    EXPECT_NE(refusal<6>().find("another kind, help, bounds or labels"), std::string::npos);
}

} // namespace
} // namespace mortise::test
