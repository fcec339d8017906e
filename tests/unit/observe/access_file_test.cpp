// SPDX-License-Identifier: BSL-1.0
// The access log in a file of its own: opened, opened anew, mended.
#include "observe/access_log.hpp"
#include "unit/observe/access_fixture.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>

namespace mortise::observe {
namespace {

class AccessFile : public testing::Test {
protected:
    AccessFile() {
        std::string name = std::filesystem::temp_directory_path() / "access-file-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    ~AccessFile() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name = "log") const { return folder_ / name; }
    static std::string content(const std::string& path) {
        std::ifstream file{path};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    access_file opened() const {
        access_file file{-1};
        EXPECT_EQ(access_file::open(path(), file), "");
        return file;
    }
    static std::string line(unsigned status) {
        auto record = test::example_record();
        record.status = status;
        return test::line_of(record, access_format::json);
    }
    static void write(access_writer& to, unsigned status) {
        auto record = test::example_record();
        record.status = status;
        to.write(record);
    }

    std::filesystem::path folder_;
};

TEST_F(AccessFile, IsAppendedToAndForItsOwnerAlone) {
    const auto before = ::umask(0);
    for (const unsigned status : {200U, 201U}) {
        access_log log{access_format::json, opened()};
        access_writer writer{log};
        write(writer, status);
    }
    ::umask(before);
    EXPECT_EQ(content(path()), line(200) + line(201));
    struct stat about {};
    ASSERT_EQ(::stat(path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0640U);
}

TEST_F(AccessFile, IsNamedWhereItCannotBeOpened) {
    access_file file{-1};
    EXPECT_EQ(access_file::open(path("no/log"), file),
              path("no/log") + " cannot be opened: No such file or directory");
    EXPECT_EQ(file.descriptor(), -1);
}

TEST_F(AccessFile, IsJudgedWithoutATrace) {
    EXPECT_EQ(access_file::judge(path()), "");
    EXPECT_FALSE(std::filesystem::exists(path()));
    (void)opened();
    EXPECT_EQ(access_file::judge(path()), "");
    EXPECT_EQ(access_file::judge(path("no/log")),
              path("no/log") + " cannot be opened: No such file or directory");
    ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
    EXPECT_EQ(access_file::judge(path("fifo")), ""); // its reader is not disturbed
    EXPECT_NE(access_file::judge("/").find("/ cannot be opened: Is a directory"),
              std::string::npos);
}

TEST_F(AccessFile, IsNotWaitedForWhereNobodyReadsAFifo) {
    ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
    access_file file{-1};
    EXPECT_NE(access_file::open(path(), file).find("No such device"), std::string::npos);
}

TEST_F(AccessFile, HasALineEndedThatAKillCutOff) {
    std::ofstream{path()} << line(200) << "{\"time\":\"20";
    (void)opened();
    EXPECT_EQ(content(path()), line(200) + "{\"time\":\"20\n");
    (void)opened();
    EXPECT_EQ(content(path()), line(200) + "{\"time\":\"20\n");
}

TEST_F(AccessFile, IsOpenedAnewWithoutLosingALine) {
    constexpr unsigned rounds = 20;
    {
        access_log log{access_format::json, opened()};
        std::thread loop{[&log] {
            access_writer writer{log};
            for (unsigned number = 0; number < 20'000; ++number) {
                write(writer, 200);
            }
        }};
        for (unsigned round = 0; round < rounds; ++round) {
            std::filesystem::rename(path(), path(std::to_string(round)));
            log.reopen();
            while (!std::filesystem::exists(path())) {
                std::this_thread::yield();
            }
        }
        loop.join();
        EXPECT_EQ(log.dropped(), 0U);
    }
    auto all = content(path());
    for (unsigned round = 0; round < rounds; ++round) {
        all += content(path(std::to_string(round)));
    }
    EXPECT_EQ(std::ranges::count(all, '\n'), 20'000);
    EXPECT_EQ(all.size(), 20'000 * line(200).size());
}

TEST_F(AccessFile, IsKeptWhereItCannotBeOpenedAnew) {
    std::filesystem::create_directory(path("in"));
    access_file file{-1};
    ASSERT_EQ(access_file::open(path("in/log"), file), "");
    {
        access_log log{access_format::json, std::move(file)};
        std::filesystem::rename(path("in"), path("moved"));
        log.reopen();
        access_writer writer{log};
        write(writer, 200);
    }
    EXPECT_EQ(content(path("moved/log")), line(200));
}

// The disk is full within the third line, and has room again for what comes then.
TEST_F(AccessFile, HasEachLineOnItsOwnBehindOneThatDidNotFit) {
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit whole{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &whole), 0);
    rlimit little = whole;
    little.rlim_cur = 2 * line(200).size() + 10;
    std::uint64_t dropped = 0;
    {
        access_log log{access_format::json, opened()};
        access_writer writer{log};
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
        for (int count = 0; count < 4; ++count) {
            write(writer, 200);
        }
        writer.flush();
        while (log.dropped() == 0) {
            std::this_thread::yield();
        }
        dropped = log.dropped();
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &whole), 0);
        write(writer, 201);
    }
    std::signal(SIGXFSZ, before);
    EXPECT_EQ(dropped, 2U);
    EXPECT_EQ(content(path()), line(200) + line(200) + line(200).substr(0, 10) + '\n' + line(201));
}

TEST_F(AccessFile, HasALineForOneOfSoManyAndForEachFailure) {
    {
        access_log log{access_format::json, opened(), 10};
        access_writer writer{log};
        for (unsigned number = 0; number < 100; ++number) {
            const unsigned status = number == 55 ? 500 : 200 + number;
            if (writer.wants(status)) {
                write(writer, status);
            }
        }
    }
    std::string expected;
    for (unsigned number = 0; number < 100; number += 10) {
        expected += line(200 + number);
        expected += number == 50 ? line(500) : std::string{};
    }
    EXPECT_EQ(content(path()), expected);
}

} // namespace
} // namespace mortise::observe
