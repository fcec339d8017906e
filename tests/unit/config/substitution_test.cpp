// SPDX-License-Identifier: BSL-1.0
// Names of the environment and of credentials in texts.
#include "config/substitution.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace mortise::config {
namespace {

class Substitution : public testing::Test {
protected:
    void SetUp() override {
        ::setenv("MORTISE_TEST_PORT", "8081", 1);
        std::string name = testing::TempDir() + "credentials-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        std::ofstream{folder / "token"} << "s3cret\n";
        ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    }
    void TearDown() override {
        ::unsetenv("MORTISE_TEST_PORT");
        ::unsetenv("CREDENTIALS_DIRECTORY");
        std::filesystem::remove_all(folder);
    }

    std::filesystem::path folder;
};

TEST_F(Substitution, LeavesOtherTextAlone) {
    for (const std::string text : {"", "$", "a$b", "{}", "$NAME", "100 $"}) {
        const auto made = substitute(text);
        EXPECT_EQ(made.text, text);
        EXPECT_EQ(made.fault, "");
        EXPECT_FALSE(made.is_replaced);
    }
}

TEST_F(Substitution, TakesTheEnvironment) {
    const auto made = substitute("[::1]:${MORTISE_TEST_PORT}, ${MORTISE_TEST_PORT}");
    EXPECT_EQ(made.text, "[::1]:8081, 8081");
    EXPECT_TRUE(made.is_replaced);
    EXPECT_FALSE(made.has_secret);
}

TEST_F(Substitution, DoesNotLookIntoWhatItTook) {
    ::setenv("MORTISE_TEST_PORT", "${HOME}", 1);
    EXPECT_EQ(substitute("${MORTISE_TEST_PORT}").text, "${HOME}");
}

TEST_F(Substitution, TakesACredentialWithoutItsLineEnd) {
    const auto made = substitute("<${credential:token}>");
    EXPECT_EQ(made.text, "<s3cret>");
    EXPECT_TRUE(made.has_secret);
}

TEST_F(Substitution, TakesAnEmptyCredential) {
    std::ofstream{folder / "empty"};
    EXPECT_EQ(substitute("${credential:empty}").fault, "");
}

TEST_F(Substitution, RefusesACredentialThatIsNoFileOrTooLarge) {
    std::filesystem::create_directory(folder / "directory");
    EXPECT_NE(substitute("${credential:directory}").fault.find(" cannot be read; let it be a file"),
              std::string::npos);
    std::ofstream{folder / "large"} << std::string(1024 * 1024, 'z');
    EXPECT_EQ(substitute("${credential:large}").text.size(), 1024U * 1024U);
    std::ofstream{folder / "larger"} << std::string(1024 * 1024 + 1, 'z');
    EXPECT_NE(substitute("${credential:larger}").fault.find(" is larger than 1 MiB"),
              std::string::npos);
    EXPECT_NE(substitute("${credential:none}").fault.find("there is no credential none in "),
              std::string::npos);
}

TEST_F(Substitution, KeepsTwoDollars) {
    EXPECT_EQ(substitute("$${HOME} and ${MORTISE_TEST_PORT}").text, "${HOME} and 8081");
}

TEST_F(Substitution, SaysWhatIsNotThere) {
    EXPECT_EQ(substitute("${MORTISE_NO_SUCH}").fault,
              "the environment has no MORTISE_NO_SUCH; set it, or write $${ for a plain ${");
    EXPECT_EQ(substitute("${credential:none}").fault,
              "there is no credential none in " + folder.string() +
                  "; name it in the unit by LoadCredential=none:FILE");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_NE(substitute("${credential:token}").fault.find("$CREDENTIALS_DIRECTORY is not set"),
              std::string::npos);
}

TEST_F(Substitution, RefusesWhatIsNoName) {
    for (const std::string text : {"${", "${}", "${A", "${a b}", "${credential:}",
                                   "${credential:../token}", "${credential:..}", "${a/b}"}) {
        EXPECT_NE(substitute(text).fault, "") << text;
    }
}

} // namespace
} // namespace mortise::config
