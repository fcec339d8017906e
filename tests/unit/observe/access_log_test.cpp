// SPDX-License-Identifier: BSL-1.0
// The access log over a pipe: a reader that keeps up, a slow one, and one that is gone.
#include "observe/access_log.hpp"
#include "unit/observe/access_fixture.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mortise::observe {
namespace {

class pipe_ends {
public:
    pipe_ends() { EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0); }
    ~pipe_ends() {
        close_reader();
        close_writer();
    }
    pipe_ends(const pipe_ends&) = delete;
    pipe_ends& operator=(const pipe_ends&) = delete;

    int reader() const noexcept { return ends_[0]; }
    int writer() const noexcept { return ends_[1]; }
    void close_reader() noexcept { close(ends_[0]); }
    void close_writer() noexcept { close(ends_[1]); }

    std::string read_all() const {
        std::string text;
        std::array<char, 4096> room;
        for (ssize_t size = 0; (size = ::read(reader(), room.data(), room.size())) > 0;) {
            text.append(room.data(), static_cast<std::size_t>(size));
        }
        return text;
    }

private:
    static void close(int& descriptor) noexcept {
        if (descriptor >= 0) {
            ::close(descriptor);
            descriptor = -1;
        }
    }
    std::array<int, 2> ends_{-1, -1};
};

access_record numbered(const std::string& target) {
    auto record = test::example_record();
    record.target = target;
    return record;
}

// The lines of `text`, each of which must be whole.
std::size_t count_whole_lines(const std::string& text) {
    std::size_t lines = 0;
    std::size_t at = 0;
    for (std::size_t end = 0; (end = text.find('\n', at)) != text.npos; at = end + 1) {
        const std::string_view line{text.data() + at, end - at};
        EXPECT_TRUE(line.starts_with("192.0.2.17 - - [") && line.ends_with("\"curl/7.88.1\""))
            << line;
        ++lines;
    }
    EXPECT_EQ(at, text.size()) << "the last line has no end";
    return lines;
}

TEST(AccessLog, WritesWhatOneLoopWroteInOrder) {
    pipe_ends pipe;
    std::string expected;
    {
        access_log log{access_format::combined, pipe.writer()};
        access_writer writer{log};
        for (int number = 0; number < 100; ++number) {
            const auto target = "/" + std::to_string(number);
            writer.write(numbered(target));
            expected += test::line_of(numbered(target), access_format::combined);
        }
    }
    pipe.close_writer();
    EXPECT_EQ(pipe.read_all(), expected);
}

TEST(AccessLog, HandsOverAtAFlush) {
    pipe_ends pipe;
    access_log log{access_format::json, pipe.writer()};
    access_writer writer{log};
    const auto record = test::example_record();
    const auto expected = test::line_of(record, access_format::json);
    writer.write(record);
    writer.flush();
    std::string text(expected.size(), '\0');
    std::size_t read = 0;
    while (read < text.size()) {
        const auto size = ::read(pipe.reader(), text.data() + read, text.size() - read);
        ASSERT_GT(size, 0);
        read += static_cast<std::size_t>(size);
    }
    EXPECT_EQ(text, expected);
    EXPECT_EQ(log.dropped(), 0U);
}

TEST(AccessLog, WritesNothingForEmptyFlushes) {
    pipe_ends pipe;
    {
        access_log log{access_format::combined, pipe.writer()};
        access_writer writer{log};
        writer.flush();
        writer.flush();
    }
    pipe.close_writer();
    EXPECT_EQ(pipe.read_all(), "");
}

TEST(AccessLog, KeepsTheLinesOfManyLoopsWhole) {
    constexpr std::size_t each = 2000;
    pipe_ends pipe;
    std::string text;
    std::thread reader{[&] { text = pipe.read_all(); }};
    std::uint64_t dropped = 0;
    {
        access_log log{access_format::combined, pipe.writer()};
        std::vector<std::thread> loops;
        for (int loop = 0; loop < 3; ++loop) {
            loops.emplace_back([&log] {
                access_writer writer{log};
                for (std::size_t count = 0; count < each; ++count) {
                    writer.write(test::example_record());
                }
            });
        }
        for (auto& loop : loops) {
            loop.join();
        }
        dropped = log.dropped();
    }
    pipe.close_writer();
    reader.join();
    EXPECT_EQ(dropped, 0U);
    EXPECT_EQ(count_whole_lines(text), 3 * each);
}

// Nobody reads before everything was written: the queue is bounded, so much of it must go.
TEST(AccessLog, CountsEachLineThatASlowReaderCosts) {
    constexpr std::uint64_t all = 120'000;
    pipe_ends pipe;
    std::string text;
    std::uint64_t dropped = 0;
    std::thread reader;
    {
        access_log log{access_format::combined, pipe.writer()};
        {
            access_writer writer{log};
            for (std::uint64_t count = 0; count < all; ++count) {
                writer.write(test::example_record());
            }
            writer.flush();
            dropped = log.dropped();
        }
        EXPECT_GT(dropped, 0U);
        reader = std::thread{[&] { text = pipe.read_all(); }};
    }
    pipe.close_writer();
    reader.join();
    EXPECT_EQ(count_whole_lines(text) + dropped, all);
}

TEST(AccessLog, CountsLinesThatNobodyReads) {
    pipe_ends pipe;
    pipe.close_reader();
    access_log log{access_format::combined, pipe.writer()};
    {
        access_writer writer{log};
        for (int count = 0; count < 50; ++count) {
            writer.write(test::example_record());
        }
    }
    while (log.dropped() == 0) {
        std::this_thread::yield();
    }
    EXPECT_EQ(log.dropped(), 50U);
}

// A standard output that somebody else has made non-blocking.
TEST(AccessLog, EndsThoughItsReaderTakesNothing) {
    pipe_ends pipe;
    std::uint64_t dropped = 0;
    {
        access_log log{access_format::combined, pipe.writer(), 1, base::milliseconds{1}};
        access_writer writer{log};
        for (int count = 0; count < 10'000; ++count) {
            writer.write(numbered("/" + std::to_string(count)));
        }
        writer.flush();
        dropped = log.dropped();
    }
    pipe.close_writer();
    const auto whole = pipe.read_all();
    EXPECT_FALSE(whole.empty()); // what the pipe held
    EXPECT_LT(std::ranges::count(whole, '\n'), 10'000);
    EXPECT_EQ(dropped, 0U); // they were only waiting
}

TEST(AccessLog, WaitsForRoomInANonBlockingPipe) {
    constexpr std::size_t all = 3000; // several times what a pipe holds
    pipe_ends pipe;
    ASSERT_EQ(::fcntl(pipe.writer(), F_SETFL, O_NONBLOCK), 0);
    std::string text;
    std::thread reader;
    {
        access_log log{access_format::combined, pipe.writer()};
        access_writer writer{log};
        for (std::size_t count = 0; count < all; ++count) {
            writer.write(test::example_record());
        }
        writer.flush();
        EXPECT_EQ(log.dropped(), 0U);
        reader = std::thread{[&] { text = pipe.read_all(); }};
    }
    pipe.close_writer();
    reader.join();
    EXPECT_EQ(count_whole_lines(text), all);
}

} // namespace
} // namespace mortise::observe
