// SPDX-License-Identifier: BSL-1.0
// Draining the inner epoll set.
#include "net/readiness.hpp"

#include "async/loop.hpp"

#include <boost/system/system_error.hpp>

#include <array>
#include <cerrno>
#include <sys/epoll.h>

namespace mortise::net {

namespace {

// EPOLLRDHUP is essential: without it a request and a FIN that arrive as one event are answered
// and the connection is then left hanging.
constexpr std::uint32_t reading = EPOLLIN | EPOLLRDHUP | EPOLLET;

int make_set() {
    const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
    if (descriptor < 0) {
        throw boost::system::system_error{errno, boost::system::system_category(), "epoll"};
    }
    return descriptor;
}

base::result<void> control(int set, int operation, int descriptor, std::uint32_t events,
                           observer& watcher) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &watcher;
    if (::epoll_ctl(set, operation, descriptor, &event) != 0) {
        return base::last_system_error();
    }
    return {};
}

ready_events from_epoll(std::uint32_t events) noexcept {
    return {.readable = (events & (EPOLLIN | EPOLLRDHUP)) != 0,
            .writable = (events & EPOLLOUT) != 0,
            .peer_shut = (events & EPOLLRDHUP) != 0,
            .broken = (events & (EPOLLHUP | EPOLLERR)) != 0};
}

} // namespace

readiness::readiness(async::loop& loop, batch_observer& batches)
    : batches_{batches}, set_{loop.context(), make_set()} {
    wait();
}

base::result<void> readiness::watch(int descriptor, observer& watcher) noexcept {
    return control(set_.native_handle(), EPOLL_CTL_ADD, descriptor, reading, watcher);
}

base::result<void> readiness::watch_writing(int descriptor, observer& watcher) noexcept {
    return control(set_.native_handle(), EPOLL_CTL_MOD, descriptor, reading | EPOLLOUT, watcher);
}

void readiness::wait() {
    set_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                    [this](const boost::system::error_code& error) {
                        if (!error) {
                            serve_batches();
                            wait();
                        }
                    });
}

void readiness::serve_batches() noexcept {
    std::array<epoll_event, 256> events;
    int count = 0;
    do {
        count = ::epoll_wait(set_.native_handle(), events.data(), events.size(), 0);
        batches_.on_batch_begin(base::monotonic_now());
        for (int at = 0; at < count; ++at) {
            const epoll_event& event = events[static_cast<std::size_t>(at)];
            static_cast<observer*>(event.data.ptr)->on_ready(from_epoll(event.events));
        }
        batches_.on_batch_end();
    } while (count == static_cast<int>(events.size()));
}

} // namespace mortise::net
