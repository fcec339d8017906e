// SPDX-License-Identifier: BSL-1.0
// The note that repeats a plugin's identity stands in a note segment of the built file.
#include <mortise/testing/library.hpp>

#include <gtest/gtest.h>
#include <optional>

namespace mortise::test {
namespace {

void expect_note(const char* path) {
    const testing::library library{path};
    const auto note = library.note();
    ASSERT_TRUE(note) << path;
    EXPECT_EQ(note->type, MORTISE_NOTE_TYPE);
    EXPECT_EQ(note->abi_version, library.descriptor().abi_version);
    EXPECT_STREQ(note->id, library.descriptor().id);
    EXPECT_STREQ(note->version, library.descriptor().version);
}

TEST(Note, AgreesWithTheExportedObject) {
    expect_note(GREETING_PLUGIN);
    expect_note(ECHO_PLUGIN);
    expect_note(C_PLUGIN);
}

TEST(Note, IsRefusedWhereItIsMissingOrDisagrees) {
    testing::library library{C_PLUGIN};
    auto note = library.note();
    EXPECT_EQ(testing::detail::judge(note, library.descriptor()), "");
    note->version[0] = '2';
    EXPECT_EQ(testing::detail::judge(note, library.descriptor()),
              "its note says c-plugin 2.0.0, its exported object says c-plugin 1.0.0");
    EXPECT_EQ(testing::detail::judge(std::nullopt, library.descriptor()),
              "it has no note; MORTISE_PLUGIN writes it, in C MORTISE_NOTE does");
}

} // namespace
} // namespace mortise::test
