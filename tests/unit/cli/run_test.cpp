// SPDX-License-Identifier: BSL-1.0
// The command line as a whole, as far as it goes without serving.
#include "cli/run.hpp"

#include <gtest/gtest.h>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::cli {
namespace {

struct outcome {
    int code;
    std::string out;
    std::string error;
};

outcome run_with(const std::vector<const char*>& arguments) {
    std::vector<const char*> argv{"mortise"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    std::ostringstream out;
    std::ostringstream error;
    auto* const before_out = std::cout.rdbuf(out.rdbuf());
    auto* const before_error = std::cerr.rdbuf(error.rdbuf());
    const int code = run(static_cast<int>(argv.size()), argv.data());
    std::cout.rdbuf(before_out);
    std::cerr.rdbuf(before_error);
    return {code, out.str(), error.str()};
}

// What is said of a wrong command line: one line, cause first, then what to do.
std::string complaint(const std::vector<const char*>& arguments) {
    const auto [code, out, error] = run_with(arguments);
    EXPECT_EQ(code, exit_usage);
    EXPECT_EQ(out, "");
    EXPECT_EQ(error.find('\n'), error.size() - 1) << error;
    const bool is_of_run = !arguments.empty() && std::string_view{arguments.front()} == "run";
    EXPECT_TRUE(error.starts_with("mortise: ")) << error;
    EXPECT_TRUE(
        error.ends_with(is_of_run ? "; see mortise run --help\n" : "; see mortise --help\n"))
        << error;
    return error;
}

TEST(Run, TellsItsVersion) {
    const auto [code, out, error] = run_with({"--version"});
    EXPECT_EQ(code, 0);
    EXPECT_TRUE(out.starts_with("mortise ")) << out;
    EXPECT_EQ(error, "");
}

TEST(Run, TellsItsOptions) {
    const auto [code, out, error] = run_with({"run", "--help"});
    EXPECT_EQ(code, 0);
    EXPECT_EQ(error, "");
    for (const char* const option :
         {"--listen", "--plugins", "--set", "--max-header-size", "--drain-timeout"}) {
        EXPECT_NE(out.find(option), out.npos) << option;
    }
}

TEST(Run, NamesTheValueThatItCannotRead) {
    EXPECT_NE(complaint({"run", "--plugins", ".", "--max-header-size", "16K"})
                  .find("\"16K\" is not a size such as 4096, 16KiB or 1MiB"),
              std::string::npos);
    EXPECT_NE(complaint({"run", "--plugins", ".", "--drain-timeout", "10"})
                  .find("\"10\" is not a duration such as 500ms, 10s or 2m"),
              std::string::npos);
    EXPECT_NE(complaint({"run", "--plugins", ".", "--set", "greeting"})
                  .find("\"greeting\" is not PLUGIN.KEY=VALUE"),
              std::string::npos);
    EXPECT_NE(complaint({"run", "--plugins", ".", "--set", "a.b=c", "--set", "a.b=d"})
                  .find("\"a.b\" is set twice"),
              std::string::npos);
}

TEST(Run, RefusesNumbersOutOfTheirRange) {
    for (const char* const number : {"0", "257", "-1", "two", "99999999999999999999"}) {
        complaint({"run", "--plugins", ".", "--workers", number});
    }
    complaint({"run", "--plugins", ".", "--max-fields", "1001"});
    complaint({"run", "--plugins", ".", "--max-connections", "0"});
}

TEST(Run, RefusesLimitsThatAHeadBufferDoesNotHold) {
    EXPECT_NE(complaint({"run", "--plugins", ".", "--max-target-size", "48KiB"})
                  .find("--max-target-size and --max-header-size come to"),
              std::string::npos);
}

TEST(Run, RefusesWhatItDoesNotKnow) {
    complaint({});
    complaint({"serve"});
    complaint({"run"});
    complaint({"run", "--plugins", ".", "--no-such-option"});
    complaint({"run", "--plugins", ".", "--log-level", "loud"});
    complaint({"run", "--plugins", ".", "--access-log", "xml"});
    complaint({"run", "--plugins", ".", "stray"});
}

} // namespace
} // namespace mortise::cli
