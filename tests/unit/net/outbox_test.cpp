// SPDX-License-Identifier: BSL-1.0
// Waiting bytes on a stream that takes as few of them as the test says.
#include "net/outbox.hpp"
#include "net/stream.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace mortise::net {
namespace {

using progress = outbox::progress;

constexpr auto would_block = boost::system::errc::resource_unavailable_try_again;

// Takes at most `bite` bytes a call and `room` bytes in all.
class narrow_stream final : public stream {
public:
    std::size_t bite = 1;
    std::size_t room = 0;
    base::error_code error = boost::system::errc::make_error_code(would_block);
    std::string taken;

    base::result<std::size_t> write(std::span<const std::string_view> pieces) noexcept override {
        EXPECT_LE(pieces.size(), 4U); // the contract of a stream
        if (room == 0) {
            return error;
        }
        std::size_t size = 0;
        for (const auto piece : pieces) {
            const auto part = piece.substr(0, std::min(bite, room) - size);
            taken += part;
            size += part.size();
        }
        room -= size;
        return size;
    }
    // The file's bytes are its offsets, from "0" on.
    base::result<std::size_t> write_file(int file, std::uint64_t offset,
                                         std::size_t most) noexcept override {
        if (room == 0) {
            return error;
        }
        EXPECT_EQ(file, 3);
        EXPECT_GT(most, 0U);
        const std::size_t size =
            std::min({bite, room, most, file_size - std::min<std::size_t>(file_size, offset)});
        for (std::size_t at = 0; at < size; ++at) {
            taken += static_cast<char>('0' + (offset + at) % 10);
        }
        room -= size;
        return size;
    }
    std::size_t file_size = 1'000'000'000;
    base::result<void> watch(observer&) noexcept override { return {}; }
    base::result<void> watch_writing(observer&) noexcept override { return {}; }
    base::result<std::size_t> read(std::span<char>) noexcept override { return 0U; }
    void reset_on_close() noexcept override {}
    void shut_writing() noexcept override {}
};

// Content that counts how often it was given back.
struct lent {
    std::string bytes;
    int released = 0;

    lent_content lend() {
        return {bytes, [](void* self) noexcept { ++static_cast<lent*>(self)->released; }, this};
    }
};

class Outbox : public testing::Test {
protected:
    lent first{"the first content, "};
    lent second{"the second content, "};
    narrow_stream stream;
    std::string expected;

    // Copied and lent pieces by turns, more of them than one write takes.
    std::unique_ptr<outbox> filled() {
        auto box = std::make_unique<outbox>();
        expected.clear();
        const auto copy = [&](std::string_view bytes) {
            box->append(bytes);
            expected += bytes;
        };
        const auto lend = [&](lent& content, std::size_t written) {
            content.released = 0;
            box->append(content.lend(), written);
            expected += content.bytes.substr(written);
        };
        copy("head one, ");
        lend(first, 4);
        copy("head two, ");
        lend(second, 0);
        copy("a");
        copy("b");
        copy("end");
        EXPECT_EQ(box->size(), expected.size());
        return box;
    }
};

TEST_F(Outbox, WritesInOrderWhereverAWriteStops) {
    for (std::size_t stop = 0; stop <= filled()->size(); ++stop) {
        for (const std::size_t bite : {1U, 7U, 1000U}) {
            auto box = filled();
            stream.taken.clear();
            stream.bite = bite;
            stream.room = stop;
            EXPECT_EQ(*box->write_to(stream) == progress::done, stop == expected.size());
            EXPECT_EQ(stream.taken, expected.substr(0, stop));
            EXPECT_EQ(box->size(), expected.size() - stop);
            stream.room = 1000;
            EXPECT_EQ(*box->write_to(stream), progress::done);
            ASSERT_EQ(stream.taken, expected) << "stopped at " << stop;
            EXPECT_EQ(box->size(), 0U);
        }
    }
}

TEST_F(Outbox, GivesContentBackOnceAndOnlyWhenItIsWritten) {
    const auto end_of_first =
        filled()->size() - std::string_view{"head two, abend"}.size() - second.bytes.size();
    for (std::size_t stop = 0; stop <= expected.size(); ++stop) {
        auto box = filled();
        stream.bite = 3;
        stream.room = stop;
        ASSERT_TRUE(box->write_to(stream));
        ASSERT_EQ(first.released, stop >= end_of_first ? 1 : 0) << "stopped at " << stop;
        box.reset();
        ASSERT_EQ(first.released, 1);
        ASSERT_EQ(second.released, 1);
    }
}

TEST_F(Outbox, TellsWhyItCannotWrite) {
    auto box = filled();
    stream.room = 5;
    stream.error = boost::system::errc::make_error_code(boost::system::errc::broken_pipe);
    const auto written = box->write_to(stream);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), boost::system::errc::broken_pipe);
    EXPECT_EQ(stream.taken, expected.substr(0, 5));
}

TEST_F(Outbox, TakesContentThatIsWrittenAlready) {
    outbox box;
    box.append(first.lend(), first.bytes.size());
    EXPECT_EQ(box.size(), 0U);
    stream.room = 1;
    EXPECT_EQ(*box.write_to(stream), progress::done);
    EXPECT_EQ(first.released, 1);
    EXPECT_EQ(stream.taken, "");
}

TEST_F(Outbox, CopiesBytesAndKeepsNone) {
    outbox box;
    std::string bytes = "bytes";
    box.append(bytes);
    box.append("");
    bytes.assign(bytes.size(), 'x');
    stream.bite = stream.room = 100;
    EXPECT_EQ(*box.write_to(stream), progress::done);
    EXPECT_EQ(stream.taken, "bytes");
    EXPECT_EQ(*box.write_to(stream), progress::done);
}

TEST(LentContent, IsGivenBackOnceHoweverOftenItMoves) {
    lent content{"content"};
    {
        auto one = content.lend();
        lent_content other{std::move(one)};
        const lent_content last{std::move(other)};
        EXPECT_EQ(last.bytes(), "content");
        EXPECT_EQ(content.released, 0);
    }
    EXPECT_EQ(content.released, 1);
}

// A file of the stream, which counts how often it is given back.
lent_file lend_file(std::uint64_t offset, std::uint64_t size, int& released) {
    return {3, offset, size, [](void* count) noexcept { ++*static_cast<int*>(count); }, &released};
}

TEST_F(Outbox, WritesAFileBetweenBytes) {
    for (std::size_t bite = 1; bite < 20; ++bite) {
        int released = 0;
        outbox box;
        box.append("before ");
        box.append(lend_file(5, 12, released));
        box.append(" behind");
        EXPECT_EQ(box.size(), 26U);
        stream.taken.clear();
        stream.bite = bite;
        for (int steps = 0; steps < 25; ++steps) {
            stream.room = 1;
            EXPECT_EQ(*box.write_to(stream), progress::blocked);
            EXPECT_EQ(released, stream.taken.size() >= 19 ? 1 : 0);
        }
        stream.room = 100;
        EXPECT_EQ(*box.write_to(stream), progress::done);
        EXPECT_EQ(stream.taken, "before 567890123456 behind");
        EXPECT_EQ(box.size(), 0U);
    }
}

TEST_F(Outbox, PausesAfterMuchOfAFile) {
    int released = 0;
    outbox box;
    box.append(lend_file(0, 1'200'000, released));
    stream.bite = stream.room = 10'000'000;
    EXPECT_EQ(*box.write_to(stream), progress::paused);
    EXPECT_EQ(stream.taken.size(), 512U * 1024);
    EXPECT_EQ(*box.write_to(stream), progress::paused);
    EXPECT_EQ(*box.write_to(stream), progress::done);
    EXPECT_EQ(stream.taken.size(), 1'200'000U);
    EXPECT_EQ(released, 1);
}

TEST_F(Outbox, TellsThatAFileEndsEarly) {
    int released = 0;
    stream.bite = stream.room = 100;
    stream.file_size = 10;
    {
        outbox box;
        box.append(lend_file(4, 7, released));
        const auto written = box.write_to(stream);
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error(), file_ends_early);
        EXPECT_EQ(stream.taken, "456789");
        EXPECT_EQ(released, 0);
    }
    EXPECT_EQ(released, 1);
}

} // namespace
} // namespace mortise::net
