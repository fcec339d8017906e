// SPDX-License-Identifier: BSL-1.0
// Which tokens are taken, and from which files.
#include "config/token.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace mortise::config {
namespace {

const std::string token = "0123456789abcdef";

TEST(JudgeToken, WantsSixteenVisibleCharacters) {
    EXPECT_EQ(judge_token(token), "");
    EXPECT_EQ(judge_token(token.substr(1)), "the admin token has 15 characters; take at least 16");
    for (const char* const bad :
         {"0123456789abcde ", "0123456789abcdef\n", "0123456789abcde\x80"}) {
        EXPECT_NE(judge_token(bad), "") << bad;
    }
}

class ReadToken : public testing::Test {
protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "token-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        file = std::filesystem::path{name} / "token";
    }
    void TearDown() override { std::filesystem::remove_all(file.parent_path()); }
    void write(const std::string& text, std::filesystem::perms mode) const {
        std::ofstream{file} << text;
        std::filesystem::permissions(file, mode);
    }

    std::filesystem::path file;
};

TEST_F(ReadToken, TakesOneLine) {
    for (const std::string end : {"", "\n", "\r\n"}) {
        write(token + end, std::filesystem::perms{0640});
        std::string read;
        EXPECT_EQ(read_token(file, read), "");
        EXPECT_EQ(read, token);
    }
}

TEST_F(ReadToken, RefusesAFileThatEverybodyReads) {
    write(token, std::filesystem::perms{0644});
    std::string read;
    EXPECT_NE(read_token(file, read).find("is open to every user"), std::string::npos);
    EXPECT_EQ(read, "");
}

TEST_F(ReadToken, SaysWhatIsWrongWithTheFile) {
    std::string read;
    EXPECT_NE(read_token(file, read).find("cannot be read"), std::string::npos);
    EXPECT_NE(read_token(file.parent_path(), read).find("is no file"), std::string::npos);
    write(std::string(2000, 'a'), std::filesystem::perms{0600});
    EXPECT_NE(read_token(file, read).find("holds no token"), std::string::npos);
    write(token + "\n" + token, std::filesystem::perms{0600});
    EXPECT_NE(read_token(file, read).find("not visible ASCII"), std::string::npos);
}

} // namespace
} // namespace mortise::config
