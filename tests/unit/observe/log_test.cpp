// SPDX-License-Identifier: BSL-1.0
// The host's log, read back from standard error.
#include "observe/log.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mortise::observe {
namespace {

// Standard error goes to a file while it lives.
class captured_error {
public:
    captured_error() : file_{std::tmpfile()}, before_{::dup(STDERR_FILENO)} {
        ::dup2(::fileno(file_), STDERR_FILENO);
    }
    ~captured_error() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        std::fclose(file_);
    }
    captured_error(const captured_error&) = delete;
    captured_error& operator=(const captured_error&) = delete;

    std::string text() const {
        std::string all(static_cast<std::size_t>(::lseek(::fileno(file_), 0, SEEK_END)), '\0');
        EXPECT_EQ(::pread(::fileno(file_), all.data(), all.size(), 0),
                  static_cast<ssize_t>(all.size()));
        return all;
    }

private:
    std::FILE* file_;
    int before_;
};

class JsonLog : public testing::Test {
protected:
    void SetUp() override { set_log_format(log_format::json); }
    void TearDown() override { set_log_format(log_format::text); }
    // What one call writes, behind the time.
    static std::string line(std::string_view text, std::initializer_list<log_field> fields) {
        const captured_error error;
        log(level::warning, text, fields);
        const auto all = error.text();
        const std::regex time{R"re(\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",)re"};
        EXPECT_TRUE(std::regex_search(all, time, std::regex_constants::match_continuous)) << all;
        return all.substr(std::min<std::size_t>(35, all.size()));
    }
};

TEST_F(JsonLog, WritesFieldsAsMembers) {
    EXPECT_EQ(line("a text", {{"key", "value"}, {"empty", ""}}),
              "\"level\":\"warning\",\"message\":\"a text\",\"key\":\"value\",\"empty\":\"\"}\n");
}

TEST_F(JsonLog, EscapesWhatWouldBreakALine) {
    EXPECT_EQ(line("a \"b\"\\\n\x01 \xc3\xa9 \xff", {{"k\"", "%v\t"}}),
              "\"level\":\"warning\",\"message\":\"a \\u0022b\\u0022\\u005c\\u000a\\u0001 \xc3\xa9 "
              "\\u00ff\",\"k\\u0022\":\"%v\\u0009\"}\n");
}

TEST_F(JsonLog, LetsNoFieldStandForOneOfItsOwn) {
    EXPECT_EQ(line("a", {{"time", "b"}, {"level", "c"}, {"message", "d"}}),
              "\"level\":\"warning\",\"message\":\"a\",\"time_\":\"b\",\"level_\":\"c\","
              "\"message_\":\"d\"}\n");
}

class Log : public testing::Test {
protected:
    void SetUp() override { set_log_level(level::debug); }

    // What one call writes, without the time in front.
    static std::string line(level severity, std::string_view text,
                            std::initializer_list<log_field> fields = {}) {
        const captured_error error;
        log(severity, text, fields);
        const auto all = error.text();
        const std::regex time{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z )"};
        EXPECT_TRUE(std::regex_search(all, time, std::regex_constants::match_continuous)) << all;
        return all.substr(std::min<std::size_t>(25, all.size()));
    }
};

TEST_F(Log, WritesTheLevelAndTheText) {
    EXPECT_EQ(line(level::debug, "text"), "debug text\n");
    EXPECT_EQ(line(level::info, "text"), "info text\n");
    EXPECT_EQ(line(level::warning, "text"), "warning text\n");
    EXPECT_EQ(line(level::error, "text"), "error text\n");
}

TEST_F(Log, WritesFieldsBehindTheText) {
    EXPECT_EQ(line(level::info, "plugin loaded", {{"id", "greeting"}, {"routes", "GET /, PUT /"}}),
              "info plugin loaded id=greeting routes=\"GET /, PUT /\"\n");
}

TEST_F(Log, QuotesValuesThatWouldRunTogether) {
    EXPECT_EQ(line(level::info, "t", {{"k", ""}}), "info t k=\"\"\n");
    EXPECT_EQ(line(level::info, "t", {{"k", "a=b"}}), "info t k=\"a=b\"\n");
    EXPECT_EQ(line(level::info, "t", {{"k", "say \"a\\b\""}}), "info t k=\"say \\\"a\\\\b\\\"\"\n");
    EXPECT_EQ(line(level::info, "t", {{"k", "\""}}), "info t k=\"\\\"\"\n");
}

TEST_F(Log, StaysOneLine) {
    EXPECT_EQ(line(level::info, "a\nb\r\x1b[31m\x7f\tc"),
              "info a\\x0ab\\x0d\\x1b[31m\\x7f\\x09c\n");
    EXPECT_EQ(line(level::info, "t", {{"k", "a\nerror forged"}}),
              "info t k=\"a\\x0aerror forged\"\n");
    EXPECT_EQ(line(level::info, std::string_view{"a\0b", 3}), "info a\\x00b\n");
}

TEST_F(Log, TakesTextForTextAndNotForAFormat) {
    EXPECT_EQ(line(level::info, "{} {0} %s %v", {{"k", "{}"}}), "info {} {0} %s %v k={}\n");
}

TEST_F(Log, KeepsUtf8) {
    EXPECT_EQ(line(level::info, "gr\xc3\xbc\xc3\x9f"), "info gr\xc3\xbc\xc3\x9f\n");
}

TEST_F(Log, DropsLinesBelowItsLevel) {
    const captured_error error;
    set_log_level(level::warning);
    log(level::debug, "no");
    log(level::info, "no");
    log(level::warning, "yes");
    log(level::error, "yes");
    const auto all = error.text();
    EXPECT_EQ(all.find("no"), all.npos);
    EXPECT_EQ(std::ranges::count(all, '\n'), 2);
}

TEST_F(Log, KeepsTheLinesOfManyThreadsWhole) {
    const captured_error error;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([] {
            for (int count = 0; count < 250; ++count) {
                log(level::info, "a line", {{"of", "many"}});
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    const auto all = error.text();
    const std::regex whole{R"([^\n]{23}Z info a line of=many\n)"};
    const std::sregex_iterator lines{all.begin(), all.end(), whole};
    EXPECT_EQ(std::distance(lines, {}), 1000);
    EXPECT_EQ(std::ranges::count(all, '\n'), 1000);
}

// Writes until a new second tells of what the last one left out: each call is a line or counted.
TEST(LimitedLog, LetsAFewThroughAndCountsTheRest) {
    set_log_level(level::debug);
    const captured_error error;
    limited_log limited;
    const std::regex left_out{R"(warning lines like the next were left out count=(\d+)\n)"};
    std::string all;
    std::smatch told;
    long written = 0;
    while (!std::regex_search(all, told, left_out)) {
        limited.write(level::warning, "provoked");
        ++written;
        all = error.text();
    }
    const std::string before = told.prefix();
    const std::string after = told.suffix();
    const auto passed = std::ranges::count(before, '\n');
    EXPECT_GE(passed, 5);
    EXPECT_EQ(passed + std::stol(told[1]), written - 1);
    EXPECT_EQ(std::ranges::count(after, '\n'), 1);
}

TEST_F(Log, KeepsTheLastLinesOfErrorsAsTheyCame) {
    const captured_error error;
    log(level::error, "first\n", {{"plugin", "greeting"}, {"key", "\xff"}});
    log(level::warning, "no error");
    log_more(level::error, "a frame of its stack");
    auto lines = last_errors();
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.back().text, "first\n");
    const std::vector<std::pair<std::string, std::string>> fields{{"plugin", "greeting"},
                                                                  {"key", "\xff"}};
    EXPECT_EQ(lines.back().fields, fields);
    for (std::size_t line = 0; line < most_error_lines; ++line) {
        log(level::error, std::to_string(line));
    }
    lines = last_errors();
    ASSERT_EQ(lines.size(), most_error_lines);
    EXPECT_EQ(lines.front().text, "0");
    EXPECT_EQ(lines.back().text, std::to_string(most_error_lines - 1));
    EXPECT_NE(error.text().find("error a frame of its stack\n"), std::string::npos);
}

// journald's own stream: the priority stands in front instead of the time.
TEST(LogDeathTest, WritesPrioritiesForJournald) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    const auto log_to_journal = [] {
        struct stat about {};
        ::fstat(STDERR_FILENO, &about);
        const auto stream = std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
        ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
        set_log_level(level::debug);
        log(level::error, "e");
        log(level::warning, "w");
        log(level::info, "i");
        log(level::debug, "d");
        std::_Exit(0);
    };
    EXPECT_EXIT(log_to_journal(), testing::ExitedWithCode(0), "^<3>e\n<4>w\n<6>i\n<7>d\n");
}

} // namespace
} // namespace mortise::observe
