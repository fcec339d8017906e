// SPDX-License-Identifier: BSL-1.0
// An unloaded library is gone from the process.
#include <mortise/testing.hpp>

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

namespace mortise::test {
namespace {

class Unload : public ::testing::TestWithParam<std::string> {};

TEST_P(Unload, LeavesNothingMappedAfterServing) {
    testing::host host;
    host.reload(GetParam(), 10, [](testing::plugin& plugin) {
        for (const auto& route : plugin.routes()) {
            auto target = route.pattern;
            std::erase_if(target, [](char letter) { return letter == '{' || letter == '}'; });
            EXPECT_LT(plugin.send({route.method, target}).status(), 500u) << target;
        }
    });
    EXPECT_TRUE(host.faults().empty());
}

INSTANTIATE_TEST_SUITE_P(OfABuiltPlugin, Unload,
                         ::testing::Values(GREETING_PLUGIN, ECHO_PLUGIN, C_PLUGIN),
                         [](const auto& plugin) {
                             auto name = std::filesystem::path{plugin.param}.stem().string();
                             std::erase(name, '_');
                             return name;
                         });

} // namespace
} // namespace mortise::test
