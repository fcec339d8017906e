// SPDX-License-Identifier: BSL-1.0
// A folder for the files of a configuration, gone with the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>

namespace mortise::config::test {

class in_folder : public testing::Test {
protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "mortise-config-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    std::filesystem::path folder;
};

} // namespace mortise::config::test
