// SPDX-License-Identifier: BSL-1.0
// A plugin that is replaced, and what the next one begins with.
#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace mortise::test {
namespace {

template <std::uint32_t Format>
struct counting {
    static constexpr std::uint32_t state_format = Format;

    void save_state(state_writer& to) const {
        if (count_ == -1) {
            throw std::runtime_error{"on purpose"};
        }
        if (count_ == -2) {
            try {
                to.write(std::string((64 << 20) + 1, 'x'));
            } catch (const std::length_error&) {
                return;
            }
        }
        to.write("count=");
        to.write(std::to_string(count_));
    }
    bool restore_state(const saved_state& from) {
        if (from.format != state_format) {
            return false;
        }
        count_ = std::stoi(std::string{from.bytes.substr(6)});
        return true;
    }
    void routes(mortise::routes& on) {
        on.get("/", [this](const request&) { return text(++count_); });
        on.put("/{count}", [this](const request& request) {
            count_ = std::stoi(std::string{request.param("count")});
            return text(count_);
        });
    }

    int count_ = 0;
};

std::string ask(testing::plugin& plugin) {
    return std::string{plugin.send(testing::get("/")).content()};
}

TEST(State, GoesFromOneGenerationToTheNext) {
    testing::host host;
    auto first = host.load<counting<1>>();
    ask(first);
    EXPECT_EQ(ask(first), "2");
    auto second = host.replace<counting<1>>(first);
    EXPECT_EQ(ask(second), "3");
    auto third = host.replace<counting<1>>(second);
    EXPECT_EQ(ask(third), "4");
}

TEST(State, IsDeclinedByOneThatDoesNotKnowItsFormat) {
    testing::host host;
    auto first = host.load<counting<1>>();
    ask(first);
    auto second = host.replace<counting<2>>(first);
    EXPECT_EQ(ask(second), "1");
}

TEST(State, IsNotHandedOverWhereSavingThrows) {
    testing::host host;
    auto first = host.load<counting<1>>();
    first.send(testing::request{"PUT", "/-1"});
    auto second = host.replace<counting<1>>(first);
    EXPECT_EQ(ask(second), "1");
    EXPECT_EQ(host.log()[0].text, "save_state threw: on purpose");
    EXPECT_EQ(host.faults(),
              std::vector<std::string>{"plugin: the state is not handed over: code -1"});
}

TEST(State, IsNotHandedOverWhereItIsTooLarge) {
    testing::host host;
    auto first = host.load<counting<1>>();
    first.send(testing::request{"PUT", "/-2"});
    auto second = host.replace<counting<1>>(first);
    EXPECT_EQ(ask(second), "1");
    EXPECT_EQ(host.faults(),
              std::vector<std::string>{"plugin: the state is not handed over: code -7"});
}

TEST(State, GoesThroughAHundredGenerations) {
    testing::host host;
    auto plugin = std::make_unique<testing::plugin>(host.load<counting<1>>());
    for (int generation = 1; generation <= 100; ++generation) {
        EXPECT_EQ(ask(*plugin), std::to_string(generation));
        plugin = std::make_unique<testing::plugin>(host.replace<counting<1>>(*plugin));
    }
    EXPECT_EQ(ask(*plugin), "101");
}

TEST(State, IsNotThereForAPluginWithoutIt) {
    struct stateless {
        void routes(mortise::routes& on) {
            on.get("/", [](const request&) { return text("new"); });
        }
    };
    testing::host host;
    auto first = host.load<counting<1>>();
    auto second = host.replace<stateless>(first);
    EXPECT_EQ(ask(second), "new");
}

} // namespace
} // namespace mortise::test
