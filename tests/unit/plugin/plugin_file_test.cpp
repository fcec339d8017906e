// SPDX-License-Identifier: BSL-1.0
// Which files and directories are trusted.
#include "plugin/plugin_file.hpp"
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

TEST(PluginFile, IsReadWhole) {
    const test::scratch_directory directory;
    const auto file = directory.put("sound");
    const auto bytes = read_plugin_file(file);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size(), fs::file_size(file));
}

TEST(PluginFile, IsRefusedWhereOthersMayWriteIt) {
    const test::scratch_directory directory;
    const auto file = directory.put("sound");
    for (const auto writers : {fs::perms::group_write, fs::perms::others_write}) {
        fs::permissions(file, fs::perms{0644} | writers);
        const auto bytes = read_plugin_file(file);
        ASSERT_FALSE(bytes);
        EXPECT_EQ(bytes.error().line(),
                  file.string() + ": may be written by others; chmod go-w " + file.string());
    }
}

TEST(PluginFile, IsRefusedWhereItBelongsToAnotherUser) {
    struct stat state {};
    state.st_mode = S_IFREG | 0644;
    state.st_uid = 12345;
    EXPECT_FALSE(judge_writers("a.so", state, 12345));
    const auto bad = judge_writers("a.so", state, 12346);
    ASSERT_TRUE(bad);
    EXPECT_NE(bad->what.find("uid 12345"), std::string::npos);
    EXPECT_TRUE(judge_writers("a.so", state, 0));
    state.st_uid = 0;
    EXPECT_FALSE(judge_writers("a.so", state, 12346));
}

TEST(PluginFile, IsReadUnlessItWasGivenAway) {
    const test::scratch_directory directory;
    const auto file = directory.put("sound");
    const bool given_away = ::chown(file.c_str(), 12345, 12345) == 0; // only root may
    const auto bytes = read_plugin_file(file);
    ASSERT_EQ(bytes.has_value(), !given_away);
    if (given_away) {
        EXPECT_NE(bytes.error().what.find("uid 12345"), std::string::npos);
    }
}

TEST(PluginFile, IsRefusedWhereItIsNoRegularFile) {
    const test::scratch_directory directory;
    const auto fifo = directory.path() / "fifo.so";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_EQ(read_plugin_file(fifo).error().what, "is not a regular file");
}

TEST(PluginFile, IsNamedWhereItIsMissing) {
    const auto bytes = read_plugin_file("/nowhere/a.so");
    EXPECT_EQ(bytes.error().line(), "/nowhere/a.so: is not there; check the path");
}

TEST(PluginDirectory, ListsItsSharedLibrariesByName) {
    const test::scratch_directory directory;
    directory.put("sound", "b");
    directory.put("sound", "a");
    fs::copy_file(directory.path() / "a.so", directory.path() / "a.so.old");
    const auto files = list_plugin_files(directory.path());
    ASSERT_TRUE(files);
    ASSERT_EQ(files->size(), 2U);
    EXPECT_EQ((*files)[0].filename(), "a.so");
    EXPECT_EQ((*files)[1].filename(), "b.so");
}

TEST(PluginDirectory, IsRefusedWhereOthersMayWriteIt) {
    const test::scratch_directory directory;
    fs::permissions(directory.path(), fs::perms{0777});
    EXPECT_EQ(list_plugin_files(directory.path()).error().what, "may be written by others");
}

TEST(PluginDirectory, SaysWhatItIsNot) {
    const test::scratch_directory directory;
    EXPECT_EQ(list_plugin_files(directory.path() / "none").error().what, "is not there");
    EXPECT_EQ(list_plugin_files(directory.put("sound")).error().what, "is not a directory");
}

} // namespace
} // namespace mortise::plugin
