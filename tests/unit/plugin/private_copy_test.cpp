// SPDX-License-Identifier: BSL-1.0
// Where copies lie, who may read them, and when they go.
#include "plugin/private_copy.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

const std::string text = "bytes of a library";
std::span<const std::byte> bytes() {
    return std::as_bytes(std::span{text});
}

TEST(PrivateCopy, LiesAloneInADirectoryOfItsOwner) {
    const auto copy = private_copy::make(bytes(), "a.so");
    ASSERT_TRUE(copy);
    EXPECT_EQ(copy->path().filename(), "a.so");
    EXPECT_EQ(fs::status(copy->path().parent_path()).permissions(), fs::perms::owner_all);
    std::ifstream file{copy->path()};
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>{file}, {}), text);
}

TEST(PrivateCopy, HasAFreshPathEachTime) {
    const auto one = private_copy::make(bytes(), "a.so");
    const auto two = private_copy::make(bytes(), "a.so");
    ASSERT_TRUE(one && two);
    EXPECT_NE(one->path(), two->path());
}

TEST(PrivateCopy, GoesWithItsDirectory) {
    fs::path directory;
    {
        auto copy = private_copy::make(bytes(), "a.so");
        ASSERT_TRUE(copy);
        const private_copy moved = std::move(*copy);
        directory = moved.path().parent_path();
        EXPECT_TRUE(fs::exists(directory));
    }
    EXPECT_FALSE(fs::exists(directory));
}

TEST(PrivateCopy, StaysWhereItIsKept) {
    fs::path path;
    {
        auto copy = private_copy::make(bytes(), "a.so");
        ASSERT_TRUE(copy);
        copy->keep();
        path = copy->path();
    }
    EXPECT_TRUE(fs::exists(path));
    fs::remove_all(path.parent_path());
}

TEST(PrivateDirectory, RemovesWhatAKilledProcessHasLeftAndNothingElse) {
    auto copy = private_copy::make(bytes(), "a.so");
    ASSERT_TRUE(copy);
    const auto parent = copy->path().parent_path().parent_path();
    std::string left = parent / "mortise-copy-left00";
    std::string others = parent / "mortise-copy-others";
    for (const auto& each : {left, others}) {
        fs::create_directory(each);
        std::ofstream{fs::path{each} / "a.so"} << text;
    }
    fs::permissions(left, fs::perms::owner_all);
    fs::permissions(others, fs::perms{0755});
    EXPECT_GE(private_directory::remove_left_behind(), 1U);
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(fs::exists(others));
    EXPECT_TRUE(fs::exists(copy->path()));
    fs::remove_all(others);
}

} // namespace
} // namespace mortise::plugin
