// SPDX-License-Identifier: BSL-1.0
// TOML as a tree with places.
#include "config/document.hpp"

#include <gtest/gtest.h>

namespace mortise::config {
namespace {

TEST(Document, KnowsWhereEachPartStands) {
    const auto root =
        parse_document("[server]\nworkers = 4\n\n[log]\nlevel = \"info\"\n", "a.toml");
    ASSERT_TRUE(root);
    ASSERT_EQ(root->members.size(), 2U);
    const auto& server = root->members[0];
    EXPECT_EQ(server.name, "server");
    const auto& workers = server.value.members[0];
    EXPECT_EQ(workers.at.text(), "a.toml:2:1");
    EXPECT_EQ(workers.value.at.text(), "a.toml:2:11");
    EXPECT_EQ(workers.value.is, node::kind::whole);
    EXPECT_EQ(workers.value.text, "4");
    EXPECT_EQ(root->members[1].value.members[0].value.text, "info");
}

TEST(Document, KeepsTheOrderOfTheFile) {
    const auto root = parse_document("z = 1\na = 2\nm = [\"x\", 1.5, true, 1979-05-27]\n", "a");
    ASSERT_TRUE(root);
    EXPECT_EQ(root->members[0].name, "z");
    EXPECT_EQ(root->members[2].name, "m");
    const auto& items = root->members[2].value.items;
    ASSERT_EQ(items.size(), 4U);
    EXPECT_EQ(items[0].is, node::kind::text);
    EXPECT_EQ(items[1].is, node::kind::real);
    EXPECT_EQ(items[1].text, "1.5");
    EXPECT_EQ(items[2].is, node::kind::truth);
    EXPECT_EQ(items[3].is, node::kind::moment);
    EXPECT_EQ(items[3].text, "1979-05-27");
}

TEST(Document, NamesThePlaceOfAFault) {
    const auto root = parse_document("[server]\nworkers = \n", "a.toml");
    ASSERT_FALSE(root);
    EXPECT_TRUE(root.error().line().starts_with("a.toml:2:")) << root.error().line();
    const auto twice = parse_document("a = 1\na = 2\n", "a.toml");
    ASSERT_FALSE(twice);
    EXPECT_TRUE(twice.error().line().ends_with("; give each key and each table once"))
        << twice.error().line();
}

TEST(Document, IsNotBrokenByHostileText) {
    for (const auto& text :
         {std::string(100'000, '['), std::string("a = \"\xff\xfe\""), std::string("a = 1\0b", 7),
          std::string("a.b.c.d = {"), "a = " + std::string(10'000, '[')}) {
        EXPECT_FALSE(parse_document(text, "hostile"));
    }
}

TEST(Document, SaysWhyAFileCannotBeRead) {
    const auto missing = read_document("/no/such/mortise.toml");
    ASSERT_FALSE(missing);
    EXPECT_TRUE(missing.error().line().starts_with(
        "/no/such/mortise.toml: cannot be read: No such file or directory; "))
        << missing.error().line();
    const auto folder = read_document("/");
    ASSERT_FALSE(folder);
    EXPECT_NE(folder.error().line().find("it is a directory"), std::string::npos);
    EXPECT_FALSE(read_document("/dev/zero")); // ends where a file is too large
}

TEST(Fault, IsOneLineWhateverItNames) {
    EXPECT_EQ((fault{{"a\nb", 1, 2}, "x\ty", "z"}.line()), "a b:1:2: x y; z");
}

} // namespace
} // namespace mortise::config
