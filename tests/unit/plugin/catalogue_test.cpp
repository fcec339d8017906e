// SPDX-License-Identifier: BSL-1.0
// A directory with every fault in it: each is one line, and the sound plugin serves.
#include "plugin/catalogue.hpp"
#include "unit/plugin/fixture.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

namespace fs = std::filesystem;

class Catalogue : public testing::Test {
protected:
    test::scratch_directory directory;
    test::small_host host;

    catalogue load(const std::map<std::string, configuration>& values = {}) {
        return catalogue::load(*wanted_in(directory.path()), values, host.around());
    }
    // The line of the only plugin, which is refused.
    std::string refusal() {
        const auto made = load();
        EXPECT_EQ(made.instances().size(), 0U);
        EXPECT_EQ(made.errors().size(), 1U);
        const auto line = made.errors().front().line();
        const auto place = directory.path().string() + "/";
        EXPECT_TRUE(line.starts_with(place)) << line;
        return line.substr(place.size());
    }
};

TEST_F(Catalogue, LoadsWhatIsSound) {
    directory.put("sound");
    const auto made = load();
    ASSERT_EQ(made.instances().size(), 1U);
    EXPECT_EQ(made.instances()[0]->id(), "sound");
    EXPECT_EQ(made.errors().size(), 0U);
}

TEST_F(Catalogue, NamesAFileThatIsNotElf) {
    std::ofstream{directory.path() / "notes.so"} << "these are notes";
    EXPECT_EQ(refusal(), "notes.so: is not an ELF file; put only shared libraries named *.so here");
}

TEST_F(Catalogue, NamesATruncatedFile) {
    const auto file = directory.put("sound");
    fs::resize_file(file, fs::file_size(file) / 2);
    EXPECT_TRUE(refusal().starts_with("sound.so: is truncated: its "));
}

TEST_F(Catalogue, NamesOtherBorders) {
    directory.put("older_abi");
    EXPECT_EQ(refusal(), "older_abi.so: is built for ABI 0.0, but this host speaks ABI 0.2; "
                         "rebuild it with the SDK of this host");
    fs::remove(directory.path() / "older_abi.so");
    directory.put("newer_abi");
    EXPECT_EQ(refusal(), "newer_abi.so: is built for ABI 2.3, but this host speaks ABI 0.2; "
                         "update the host, or rebuild it with the SDK of this host");
}

TEST_F(Catalogue, NamesALibraryThatIsNoPlugin) {
    directory.put("missing_note");
    EXPECT_EQ(refusal(), "missing_note.so: is no Mortise plugin: it has no Mortise note; write "
                         "MORTISE_PLUGIN in one of its sources, or remove it");
}

TEST_F(Catalogue, NamesThePluginWithoutItsSymbol) {
    directory.put("missing_symbol");
    EXPECT_EQ(refusal(), "missing_symbol.so: does not export mortise_plugin: undefined symbol: "
                         "mortise_plugin; write MORTISE_PLUGIN in one of its sources, or export "
                         "the symbol");
}

TEST_F(Catalogue, NamesADanglingLink) {
    fs::create_symlink(directory.path() / "gone", directory.path() / "link.so");
    EXPECT_EQ(refusal(), "link.so: is not there; check the path");
}

TEST_F(Catalogue, LoadsTheRestWhereOneIsBad) {
    for (const char* const bad : {"throws_in_create", "fails_in_create", "wrong_size",
                                  "null_callbacks", "undefined_symbol", "disagreeing_note"}) {
        directory.put(bad);
    }
    directory.put("sound");
    const auto made = load();
    EXPECT_EQ(made.errors().size(), 6U);
    ASSERT_EQ(made.instances().size(), 1U);
    EXPECT_EQ(made.instances()[0]->id(), "sound");
}

TEST_F(Catalogue, RefusesTheSecondOfOneId) {
    directory.put("sound", "a");
    directory.put("sound", "b");
    const auto made = load();
    EXPECT_EQ(made.instances().size(), 1U);
    ASSERT_EQ(made.errors().size(), 1U);
    EXPECT_EQ(made.errors()[0].line(),
              (directory.path() / "b.so").string() + ": has the id \"sound\" of " +
                  (directory.path() / "a.so").string() + "; remove one of the two");
}

TEST_F(Catalogue, KnowsWhichPluginsItHasFound) {
    directory.put("sound");
    const auto made = load({{"sound", {{"salutation", "Hi"}}}, {"sund", {{"key", "value"}}}});
    EXPECT_EQ(host.reports.count("Hi"), 1U);
    EXPECT_TRUE(made.has_found("sound"));
    EXPECT_FALSE(made.has_found("sund"));
}

TEST_F(Catalogue, RefusesAFileThatHoldsAnotherPlugin) {
    const auto file = directory.put("sound");
    const std::vector<wanted> asked{{file, "sund"}};
    const auto made = catalogue::load(asked, {}, host.around());
    EXPECT_EQ(made.instances().size(), 0U);
    ASSERT_EQ(made.errors().size(), 1U);
    EXPECT_EQ(made.errors()[0].what, "holds the plugin \"sound\", not \"sund\"");
}

TEST_F(Catalogue, DropsAnInstanceWithItsReason) {
    directory.put("conflicting_left");
    directory.put("conflicting_right");
    auto made = load();
    ASSERT_EQ(made.instances().size(), 2U);
    EXPECT_EQ(made.instances()[0]->handlers()[0]->route().pattern,
              made.instances()[1]->handlers()[0]->route().pattern);
    const instance& right = *made.instances()[1];
    made.drop(right, {right.file(), {"has a route of conflicting-left", "change one"}});
    ASSERT_EQ(made.instances().size(), 1U);
    EXPECT_EQ(made.instances()[0]->id(), "conflicting-left");
    EXPECT_EQ(made.errors().size(), 1U);
}

TEST_F(Catalogue, SaysThatTheDirectoryIsMissing) {
    const auto made = wanted_in(directory.path() / "none");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().line(),
              (directory.path() / "none").string() + ": is not there; check the path");
}

} // namespace
} // namespace mortise::plugin
