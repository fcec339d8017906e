// SPDX-License-Identifier: BSL-1.0
// What the inner epoll set tells of real sockets, and how often.
#include "async/loop.hpp"
#include "net/readiness.hpp"
#include "unit/net/sockets.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace mortise::net {
namespace {

// Keeps the events of one descriptor.
class noted final : public observer {
public:
    explicit noted(int descriptor = -1) : descriptor_{descriptor} {}

    void on_ready(ready_events events) noexcept override {
        told.push_back(events);
        if (then) {
            then();
        }
    }
    std::size_t read() const {
        std::array<char, 4096> room;
        const auto size = ::recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT);
        return size > 0 ? static_cast<std::size_t>(size) : 0;
    }

    std::vector<ready_events> told;
    std::function<void()> then;

private:
    int descriptor_;
};

class Readiness : public testing::Test, public batch_observer {
protected:
    async::loop loop{0};
    readiness ready{loop, *this};
    test::socket_pair pair;
    noted watcher{pair.host.get()};
    int begun = 0;
    int ended = 0;
    bool may_stay = false;
    std::function<void()> on_end;

    void on_batch_begin(base::instant) noexcept override { ++begun; }
    bool on_batch_end() noexcept override {
        ++ended;
        if (on_end) {
            on_end();
        }
        return may_stay;
    }

    // Serves what has happened until now. The set is one of the context's descriptors: after each
    // look the context is asked again, until a look finds nothing.
    void serve() {
        while (loop.context().poll() != 0) {
        }
    }
    void watch() { ASSERT_TRUE(ready.watch(pair.host.get(), watcher)); }
};

TEST_F(Readiness, TellsNothingOfWhatItForgotThoughACopyIsOpen) {
    watch();
    serve();
    const int copy = ::dup(pair.host.get());
    ready.forget(pair.host.get());
    pair.host.reset();
    test::send_all(pair.client, "late");
    serve();
    EXPECT_TRUE(watcher.told.empty());
    ::close(copy);
}

TEST_F(Readiness, TellsOfBytesThatWereThereBefore) {
    test::send_all(pair.client, "early");
    watch();
    serve();
    ASSERT_EQ(watcher.told.size(), 1U);
    EXPECT_TRUE(watcher.told[0].readable());
    EXPECT_FALSE(watcher.told[0].writable());
    EXPECT_FALSE(watcher.told[0].peer_shut());
    EXPECT_FALSE(watcher.told[0].broken());
}

TEST_F(Readiness, TellsOfOneEventOnce) {
    watch();
    test::send_all(pair.client, "a");
    serve();
    serve(); // the byte is still unread
    EXPECT_EQ(watcher.told.size(), 1U);
    test::send_all(pair.client, "b");
    serve();
    EXPECT_EQ(watcher.told.size(), 2U);
    EXPECT_EQ(watcher.read(), 2U);
}

TEST_F(Readiness, TellsOfBytesAndEndInOneEvent) {
    watch();
    test::send_all(pair.client, "GET / HTTP/1.1\r\n\r\n");
    ::shutdown(pair.client.get(), SHUT_WR);
    serve();
    ASSERT_EQ(watcher.told.size(), 1U);
    EXPECT_TRUE(watcher.told[0].readable());
    EXPECT_TRUE(watcher.told[0].peer_shut());
    EXPECT_FALSE(watcher.told[0].broken());
}

TEST_F(Readiness, TellsOfTheEndAlone) {
    watch();
    ::shutdown(pair.client.get(), SHUT_WR);
    serve();
    ASSERT_EQ(watcher.told.size(), 1U);
    EXPECT_TRUE(watcher.told[0].readable()); // the end is to be read
    EXPECT_TRUE(watcher.told[0].peer_shut());
}

TEST_F(Readiness, TellsThatBothDirectionsAreGone) {
    watch();
    pair.client.reset();
    serve();
    ASSERT_FALSE(watcher.told.empty());
    EXPECT_TRUE(watcher.told.back().broken());
    EXPECT_TRUE(watcher.told.back().peer_shut());
}

TEST_F(Readiness, TellsOfWritabilityOnlyWhenAsked) {
    watch();
    serve();
    EXPECT_TRUE(watcher.told.empty());
    ASSERT_TRUE(ready.watch_writing(pair.host.get(), watcher));
    serve();
    ASSERT_EQ(watcher.told.size(), 1U);
    EXPECT_TRUE(watcher.told[0].writable());
    EXPECT_FALSE(watcher.told[0].readable());
}

TEST_F(Readiness, TellsThatAFullSocketTakesBytesAgain) {
    watch();
    const std::string large(1'000'000, 'x');
    std::size_t written = 0;
    for (ssize_t size = 0; size >= 0;
         written += static_cast<std::size_t>(std::max<ssize_t>(0, size))) {
        size = ::send(pair.host.get(), large.data(), large.size(), MSG_NOSIGNAL);
    }
    ASSERT_TRUE(ready.watch_writing(pair.host.get(), watcher));
    serve();
    EXPECT_TRUE(watcher.told.empty());
    EXPECT_EQ(test::receive(pair.client, written).size(), written);
    serve();
    ASSERT_FALSE(watcher.told.empty());
    EXPECT_TRUE(watcher.told.back().writable());
}

TEST_F(Readiness, ForgetsADescriptorThatIsClosed) {
    watch();
    test::send_all(pair.client, "a");
    pair.host.reset();
    serve();
    EXPECT_TRUE(watcher.told.empty());
}

TEST_F(Readiness, SaysWhatCannotBeWatched) {
    const auto watched = ready.watch(-1, watcher);
    ASSERT_FALSE(watched);
    EXPECT_EQ(watched.error(), boost::system::errc::bad_file_descriptor);
    EXPECT_FALSE(ready.watch_writing(pair.host.get(), watcher)); // not watched yet
}

TEST_F(Readiness, ServesMoreThanOneBatchHolds) {
    constexpr std::size_t many = 700;
    std::vector<std::unique_ptr<test::socket_pair>> pairs;
    std::vector<std::unique_ptr<noted>> watchers;
    for (std::size_t count = 0; count < many; ++count) {
        pairs.push_back(std::make_unique<test::socket_pair>());
        watchers.push_back(std::make_unique<noted>(pairs.back()->host.get()));
        ASSERT_TRUE(ready.watch(pairs.back()->host.get(), *watchers.back()));
        test::send_all(pairs.back()->client, "a");
    }
    serve();
    for (const auto& one : watchers) {
        EXPECT_EQ(one->told.size(), 1U);
    }
    EXPECT_GE(begun, 3);
    EXPECT_EQ(begun, ended);
}

// A client that sends again as soon as it is answered: the context sees one event of it.
TEST_F(Readiness, WaitsForTheNextBatchWhileBatchesFollowClosely) {
    watch();
    may_stay = true;
    on_end = [this] {
        if (ended < 5) {
            test::send_all(pair.client, "again");
        }
    };
    test::send_all(pair.client, "a");
    EXPECT_EQ(loop.context().poll_one(), 1U);
    EXPECT_EQ(watcher.told.size(), 5U);
    EXPECT_EQ(begun, 6); // the last one waited for nothing
}

TEST_F(Readiness, GivesTheContextItsTurnWhenSomethingWaitsForIt) {
    watch();
    on_end = [this] { test::send_all(pair.client, "again"); };
    test::send_all(pair.client, "a");
    EXPECT_EQ(loop.context().poll_one(), 1U);
    EXPECT_EQ(ended, 1);
}

TEST_F(Readiness, GivesTheContextItsTurnForAPost) {
    watch();
    may_stay = true;
    bool has_run = false;
    on_end = [&] {
        test::send_all(pair.client, "again");
        if (ended == 3) {
            loop.post([&] { has_run = true; });
        }
    };
    test::send_all(pair.client, "a");
    EXPECT_EQ(loop.context().poll_one(), 1U);
    EXPECT_EQ(ended, 4);
    on_end = nullptr;
    may_stay = false;
    serve();
    EXPECT_TRUE(has_run);
}

TEST_F(Readiness, TellsAgainOfWhatIsStillThere) {
    watch();
    test::send_all(pair.client, "a");
    serve();
    serve();
    EXPECT_EQ(watcher.told.size(), 1U);
    ready.tell_again(pair.host.get(), watcher);
    serve();
    EXPECT_EQ(watcher.told.size(), 2U);
}

TEST_F(Readiness, GivesTheContextItsTurnHoweverBusyItIs) {
    watch();
    may_stay = true;
    on_end = [this] { test::send_all(pair.client, "again"); };
    watcher.then = [this] { watcher.read(); };
    test::send_all(pair.client, "a");
    EXPECT_EQ(loop.context().poll_one(), 1U); // returns
}

// The events of a batch are collected before the first is told, so an observer is told even where
// another one has closed its descriptor just before: it has to outlive the batch.
TEST_F(Readiness, TellsWholeBatchesWhateverIsClosedMeanwhile) {
    test::socket_pair other;
    noted beside{other.host.get()};
    watch();
    ASSERT_TRUE(ready.watch(other.host.get(), beside));
    watcher.then = [&] { other.host.reset(); };
    beside.then = [&] { pair.host.reset(); };
    test::send_all(pair.client, "a");
    test::send_all(other.client, "a");
    serve();
    EXPECT_EQ(watcher.told.size(), 1U);
    EXPECT_EQ(beside.told.size(), 1U);
    EXPECT_EQ(begun, ended);
}

} // namespace
} // namespace mortise::net
