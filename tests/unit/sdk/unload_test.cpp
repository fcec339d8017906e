// SPDX-License-Identifier: BSL-1.0
// A closed library is gone from the process.
#include "unit/sdk/fake_host.hpp"
#include "unit/sdk/fake_request.hpp"
#include "unit/sdk/loaded_plugin.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

namespace mortise::test {
namespace {

class Unload : public testing::TestWithParam<std::string> {};

TEST_P(Unload, LeavesNothingMappedAfterServing) {
    const std::string& path = GetParam();
    for (int round = 0; round != 3; ++round) {
        const loaded_plugin library{path};
        ASSERT_TRUE(is_loaded(path));
        ASSERT_TRUE(is_mapped(path));
        fake_host host;
        const running_plugin plugin{library.descriptor(), host};
        for (const auto& route : host.routes) {
            auto request = fake_request{}.with_param("name", "Ada");
            route.call(request.raw());
        }
        for (const auto& answer : host.answers) {
            if (answer.release != nullptr) {
                answer.release(answer.release_argument);
            }
        }
    }
    EXPECT_FALSE(is_loaded(path));
    EXPECT_FALSE(is_mapped(path));
}

INSTANTIATE_TEST_SUITE_P(OfABuiltPlugin, Unload,
                         testing::Values(GREETING_PLUGIN, ECHO_PLUGIN, C_PLUGIN),
                         [](const auto& plugin) {
                             auto name = std::filesystem::path{plugin.param}.stem().string();
                             std::erase(name, '_');
                             return name;
                         });

} // namespace
} // namespace mortise::test
