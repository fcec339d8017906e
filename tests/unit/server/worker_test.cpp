// SPDX-License-Identifier: BSL-1.0
// One loop's share of the host: entered, served over a socket, left.
#include "async/loop_pool.hpp"
#include "async/work_pool.hpp"
#include "net/listener.hpp"
#include "server/fleet.hpp"
#include "server/worker.hpp"
#include "unit/plugin/fixture.hpp"

#include <future>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mortise::server {
namespace {

class Worker : public testing::Test {
protected:
    plugin::test::scratch_directory directory;
    plugin::test::listed_reports reports;
    http1::settings settings;
    async::loop_pool loops{1};
    async::work_pool pool{1, 10};

    fleet load() {
        return fleet{
            plugin::catalogue::load(*plugin::wanted_in(directory.path()), {}, {1, reports})};
    }
    // Lets `worker` enter on the started loop and listen, at an endpoint that the kernel chose.
    boost::asio::ip::tcp::endpoint serve(worker& worker) {
        loops.start();
        const int socket =
            *net::open_listening_socket({boost::asio::ip::address_v4::loopback(), 0});
        on_loop([&] {
            EXPECT_TRUE(worker.enter().empty());
            worker.listen(socket, {}, 0);
        });
        return *net::local_endpoint(socket);
    }
    // Runs `step` on the loop and waits for it.
    void on_loop(const std::function<void()>& step) {
        std::promise<void> done;
        ASSERT_TRUE(loops[0].post([&] {
            step();
            done.set_value();
        }));
        done.get_future().get();
    }
};

// Sends one request on a connection of its own and reads to the end of the stream.
std::string ask(const boost::asio::ip::tcp::endpoint& at, std::string_view request) {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(client, at.data(), static_cast<socklen_t>(at.size())), 0);
    EXPECT_EQ(::send(client, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string answer;
    char room[1024];
    for (ssize_t size = 0; (size = ::recv(client, room, sizeof room, 0)) > 0;) {
        answer.append(room, static_cast<std::size_t>(size));
    }
    ::close(client);
    return answer;
}

TEST_F(Worker, ServesBetweenEnteringAndLeaving) {
    directory.put("sound");
    auto fleet = load();
    worker worker{loops[0], pool, settings, fleet, nullptr, 10};
    const auto at = serve(worker);
    const auto answer = ask(at, "GET /lend HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nlent")) << answer;
    std::promise<void> dry;
    on_loop([&] { worker.drain([&dry] { dry.set_value(); }); });
    dry.get_future().get();
    on_loop([&] {
        EXPECT_EQ(worker.connection_count(), 0U);
        worker.leave();
    });
    loops.stop();
    EXPECT_EQ(reports.count("loop_start"), 1U);
    EXPECT_EQ(reports.count("released"), 1U);
    EXPECT_EQ(reports.count("loop_stop"), 1U);
}

// A connection that a plugin has left would call into nothing, or give back what was lent to
// nobody.
TEST_F(Worker, ClosesItsConnectionsBeforePluginsLeave) {
    directory.put("sound");
    auto fleet = load();
    worker worker{loops[0], pool, settings, fleet, nullptr, 10};
    const auto at = serve(worker);
    auto answer =
        std::async(std::launch::async, [&at] { return ask(at, "GET /lend HTTP/1.1\r\n"); });
    for (std::size_t open = 0; open == 0;) {
        on_loop([&] { open = worker.connection_count(); });
    }
    std::promise<void> settled;
    on_loop([&] { worker.cancel(base::milliseconds{10'000}, [&] { settled.set_value(); }); });
    settled.get_future().get();
    on_loop([&] {
        EXPECT_EQ(worker.connection_count(), 0U);
        worker.leave();
    });
    EXPECT_EQ(answer.get(), "");
    loops.stop();
    EXPECT_EQ(reports.count("loop_stop"), 1U);
}

TEST_F(Worker, TellsWhichPluginsCannotEnter) {
    directory.put("fails_in_loop_start");
    directory.put("sound");
    auto fleet = load();
    worker worker{loops[0], pool, settings, fleet, nullptr, 10};
    loops.start();
    std::vector<plugin::load_error> errors;
    on_loop([&] { errors = worker.enter(); });
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].file, directory.path() / "fails_in_loop_start.so");
    EXPECT_NE(errors[0].line().find("no room on this loop"), std::string::npos);
    on_loop([&] { worker.leave(*fleet.find(errors[0].file)); });
    fleet.drop(errors[0]);
    EXPECT_EQ(reports.count("stopped without a start"), 0U);
    EXPECT_EQ(reports.count("loop_stop"), 0U); // the sound one is still in
    on_loop([&] { worker.leave(); });
    loops.stop();
    EXPECT_EQ(reports.count("loop_stop"), 1U);
}

} // namespace
} // namespace mortise::server
