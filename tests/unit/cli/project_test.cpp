// SPDX-License-Identifier: BSL-1.0
// Names of projects, and what becomes of a template's texts.
#include "cli/project.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <unistd.h>

namespace mortise::cli {
namespace {

namespace fs = std::filesystem;

std::string advised(const std::string& name) {
    const std::string fault = judge_project_name(name);
    const auto at = fault.rfind(" is \"");
    return at == fault.npos ? "" : fault.substr(at + 5, fault.rfind('"') - at - 5);
}

TEST(JudgeProjectName, TakesIds) {
    for (const char* const name : {"hello", "a", "fan-out-2", "class", "time", "my-plugin"}) {
        EXPECT_EQ(judge_project_name(name), "") << name;
    }
}

TEST(JudgeProjectName, NamesTheRuleAndTheNearestNameThatKeepsIt) {
    EXPECT_NE(judge_project_name("Hello World").find("[a-z][a-z0-9-]*"), std::string::npos);
    EXPECT_EQ(advised("Hello World"), "hello-world");
    EXPECT_EQ(advised("hello_world"), "hello-world");
    EXPECT_EQ(advised("2fast"), "plugin-2fast");
    EXPECT_EQ(advised("../up"), "up");
    EXPECT_EQ(advised("-"), "hello");
    EXPECT_EQ(advised(""), "hello");
    EXPECT_EQ(advised("gr\xc3\xbc\xc3\x9f"), "gr");
    EXPECT_EQ(advised("test"), "test-plugin");
    EXPECT_EQ(advised("dl"), "dl-plugin");
    EXPECT_EQ(advised("All"), "all-plugin");
    EXPECT_EQ(advised(std::string(80, 'x')), std::string(51, 'x'));
}

TEST(JudgeProjectName, AdvisesWhatItTakes) {
    for (const char* const name : {"", "-", "Test", "9", "a b", "A_", "all", "WORKBENCH"}) {
        EXPECT_EQ(judge_project_name(advised(name)), "") << name;
    }
}

TEST(ReplaceAll, ReplacesEachOccurrenceOnce) {
    EXPECT_EQ(replace_all("my-plugin my_plugin my-plugin",
                          {{"my-plugin", "my-plugin-2"}, {"my_plugin", "x"}}),
              "my-plugin-2 x my-plugin-2");
    EXPECT_EQ(replace_all("", {{"a", "b"}}), "");
}

TEST(BlocksOf, GivesIndentedLinesBlockByBlock) {
    EXPECT_EQ(blocks_of("# Page\n\n    one\n    two\n\ntext\n\n    three"),
              (std::vector<std::string>{"    one\n    two\n", "    three\n"}));
}

TEST(Quoted, MakesOneWordForAShell) {
    EXPECT_EQ(quoted("/usr/bin/mortise"), "/usr/bin/mortise");
    EXPECT_EQ(quoted("/a b"), "'/a b'");
    EXPECT_EQ(quoted("it's"), R"('it'\''s')");
    EXPECT_EQ(quoted(""), "''");
}

class MakeProject : public testing::Test {
protected:
    MakeProject() {
        std::string made = (fs::temp_directory_path() / "mortise-project-XXXXXX").string();
        folder_ = ::mkdtemp(made.data());
        fs::create_directory(folder_ / "template");
    }
    ~MakeProject() override { fs::remove_all(folder_); }

    std::string make() {
        return make_project(folder_ / "template", folder_ / "made", {{"my_plugin", "hello"}});
    }
    std::size_t entries() {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder_}, {}));
    }

    fs::path folder_;
};

TEST_F(MakeProject, ReplacesInTextsAndInNames) {
    std::ofstream{folder_ / "template/my_plugin.cpp"} << "my_plugin, ";
    ASSERT_EQ(make(), "");
    std::ifstream made{folder_ / "made/hello.cpp"};
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>{made}, {}), "hello, ");
    EXPECT_EQ(entries(), 2U);
}

TEST_F(MakeProject, LeavesWhatIsThere) {
    std::ofstream{folder_ / "made"} << "mine";
    EXPECT_NE(make().find("exists already"), std::string::npos);
    fs::remove(folder_ / "made");
    fs::create_symlink("nowhere", folder_ / "made");
    EXPECT_NE(make().find("exists already"), std::string::npos);
}

TEST_F(MakeProject, LeavesNothingWhereItFails) {
    std::ofstream{folder_ / "template/one"} << "one";
    fs::create_symlink("nowhere", folder_ / "template/two");
    EXPECT_NE(make().find("two cannot be read"), std::string::npos);
    EXPECT_EQ(entries(), 1U);
}

} // namespace
} // namespace mortise::cli
