// SPDX-License-Identifier: BSL-1.0
// What is laid out is what a host reads.
#include "config/reader.hpp"
#include "develop/room.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace mortise::develop {
namespace {

namespace fs = std::filesystem;

class Room : public testing::Test {
protected:
    Room() {
        std::string made = (fs::temp_directory_path() / "mortise-room-XXXXXX").string();
        built_ = ::mkdtemp(made.data());
        std::ofstream{built_ / "hello.so"} << "first";
        std::ofstream{built_ / "workbench.so"} << "page";
        fs::permissions(built_ / "hello.so", fs::perms::all);
    }
    ~Room() override { fs::remove_all(built_); }

    room make() {
        auto made =
            room::make({built_ / "workbench.so", {"gate", "\"stamp\""}, {{"hello", values_}}});
        EXPECT_TRUE(made.has_value());
        return std::move(*made);
    }
    static config::settings read(const room& of) {
        const auto found = config::read({.file = of.configuration(), .flags = {}});
        for (const auto& fault : found.faults) {
            ADD_FAILURE() << fault.line();
        }
        return found.chosen;
    }
    static std::string text_of(const fs::path& file) {
        std::ifstream from{file};
        return {std::istreambuf_iterator<char>{from}, {}};
    }
    product hello() const { return {"hello", "1.0.0", built_ / "hello.so"}; }

    fs::path built_;
    const std::map<std::string, std::string> values_{{"a key", "\"${HOME}\" $ \\ \t"},
                                                     {"b", "$${"}};
};

TEST_F(Room, TellsTheHostWhatServes) {
    room laid = make();
    ASSERT_EQ(laid.lay_out({{hello()}, {}}), "");
    const auto chosen = read(laid);
    EXPECT_EQ(chosen.plugin_configuration.at("hello"), values_);
    EXPECT_EQ(chosen.filters, (std::vector<std::string>{"gate", "\"stamp\""}));
    EXPECT_EQ(chosen.control, laid.control());
    EXPECT_TRUE(chosen.all_plugins);
    EXPECT_FALSE(chosen.watch_plugins);
    EXPECT_EQ(text_of(chosen.plugins / "hello.so"), "first");
    EXPECT_FALSE(fs::exists(chosen.plugins / "workbench.so"));
}

TEST_F(Room, LetsNobodyElseWrite) {
    room laid = make();
    ASSERT_EQ(laid.lay_out({{hello()}, page{"broken", {}}}), "");
    for (const auto& each : fs::recursive_directory_iterator{read(laid).plugins.parent_path()}) {
        struct stat about {};
        ASSERT_EQ(::stat(each.path().c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 022, 0U) << each.path();
    }
}

TEST_F(Room, ShowsAPageBeforeAllPlugins) {
    room laid = make();
    ASSERT_EQ(laid.lay_out({{hello()}, page{"broken", "a < b"}}), "");
    const auto chosen = read(laid);
    EXPECT_EQ(chosen.filters, std::vector<std::string>{"workbench"});
    const auto& shown = chosen.plugin_configuration.at("workbench");
    EXPECT_EQ(text_of(shown.at("text")), "broken\n\na < b");
    EXPECT_NE(text_of(shown.at("html")).find("a &lt; b"), std::string::npos);
    EXPECT_EQ(text_of(chosen.plugins / "workbench.so"), "page");
    EXPECT_EQ(text_of(chosen.plugins / "hello.so"), "first");
}

TEST_F(Room, KeepsWhatServesUntilTheNextDoes) {
    room laid = make();
    ASSERT_EQ(laid.lay_out({{hello()}, {}}), "");
    const auto before = read(laid).plugins;
    std::ofstream{built_ / "hello.so"} << "second";
    ASSERT_EQ(laid.lay_out({{hello()}, {}}), "");
    EXPECT_EQ(text_of(before / "hello.so"), "first");
    EXPECT_EQ(text_of(laid.laid_out().plugins.front().file), "second");
    laid.settle();
    EXPECT_FALSE(fs::exists(before));
    EXPECT_EQ(text_of(laid.laid_out().plugins.front().file), "second");
}

TEST_F(Room, SaysWhatItCannotCopy) {
    room laid = make();
    fs::remove(built_ / "hello.so");
    EXPECT_NE(laid.lay_out({{hello()}, {}}).find("hello.so cannot be copied"), std::string::npos);
}

TEST_F(Room, LeavesNothing) {
    fs::path folder;
    {
        room laid = make();
        ASSERT_EQ(laid.lay_out({{hello()}, {}}), "");
        folder = laid.configuration().parent_path();
        EXPECT_TRUE(fs::exists(folder));
    }
    EXPECT_FALSE(fs::exists(folder));
}

} // namespace
} // namespace mortise::develop
