// SPDX-License-Identifier: BSL-1.0
// Mapping code, and every way in which its exported object can be wrong.
#include "plugin/library.hpp"
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

judged<std::unique_ptr<library>> load(const std::string& name, const identity& note) {
    const auto path = test::plugin_path(name);
    return library::load(*read_plugin_file(path), path, note);
}

identity identity_of(const std::string& name) {
    return *read_identity(*read_plugin_file(test::plugin_path(name)));
}

std::string fault_of(const std::string& name) {
    const auto loaded = load(name, identity_of(name));
    return loaded ? "" : loaded.error().what;
}

TEST(Library, GivesTheExportedObject) {
    const auto loaded = load("sound", identity_of("sound"));
    ASSERT_TRUE(loaded);
    EXPECT_STREQ((*loaded)->descriptor().id, "sound");
    EXPECT_NE((*loaded)->mapped_path(), test::plugin_path("sound"));
}

TEST(Library, LoadsTheSameFileTwiceAsTwo) {
    const auto one = load("sound", identity_of("sound"));
    const auto two = load("sound", identity_of("sound"));
    ASSERT_TRUE(one && two);
    EXPECT_NE(&(*one)->descriptor(), &(*two)->descriptor());
}

TEST(Library, SaysWhatTheLoaderSaid) {
    const auto fault = fault_of("undefined_symbol");
    EXPECT_EQ(fault, "cannot be loaded: undefined symbol: function_that_nobody_has");
}

TEST(Library, NamesTheSymbolThatIsMissing) {
    const auto fault = fault_of("missing_symbol");
    EXPECT_EQ(fault, "does not export mortise_plugin: undefined symbol: mortise_plugin");
}

TEST(Library, RefusesANoteThatDisagrees) {
    EXPECT_EQ(fault_of("disagreeing_note"),
              "has a note and a symbol mortise_plugin that do not agree on the version "
              "(note \"2.0.0\")");
    auto note = identity_of("sound");
    note.id = "soun";
    EXPECT_FALSE(load("sound", note));
    note.id = "sounds";
    EXPECT_FALSE(load("sound", note));
    note = identity_of("sound");
    note.abi_version = 0x00030004;
    EXPECT_EQ(load("sound", note).error().what,
              "has a note and a symbol mortise_plugin that do not agree on the ABI version "
              "(note 3.4, symbol 0.2)");
}

TEST(Library, BelievesNoSize) {
    EXPECT_EQ(fault_of("wrong_size"), "exports a mortise_plugin of the wrong size");
    EXPECT_EQ(fault_of("small_object"), "exports a mortise_plugin of the wrong size");
}

TEST(Library, AsksForCreateAndConfigure) {
    EXPECT_EQ(fault_of("null_callbacks"), "has no create or no configure");
}

} // namespace
} // namespace mortise::plugin
