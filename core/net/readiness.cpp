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

// How long the next batch is waited for, and all batches together are served, before the context
// has its turn. Timers come late by this much.
constexpr int wait_milliseconds = 5;
constexpr base::milliseconds longest_stay{10};

base::result<void> control(int set, int operation, int descriptor, std::uint32_t events,
                           observer* watcher) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.ptr = watcher;
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
    // Without an observer: the bell only ends the wait for a batch, so that the context has its
    // turn.
    const auto bell =
        control(set_.native_handle(), EPOLL_CTL_ADD, loop.bell(), EPOLLIN | EPOLLET, nullptr);
    if (!bell) {
        throw boost::system::system_error{bell.error(), "epoll"};
    }
    wait();
}

base::result<void> readiness::watch(int descriptor, observer& watcher) noexcept {
    return control(set_.native_handle(), EPOLL_CTL_ADD, descriptor, reading, &watcher);
}

void readiness::forget(int descriptor) noexcept {
    (void)control(set_.native_handle(), EPOLL_CTL_DEL, descriptor, 0, nullptr);
}

void readiness::tell_again(int descriptor, observer& watcher) noexcept {
    // A change that changes nothing: it cannot fail, for the descriptor is in the set.
    (void)control(set_.native_handle(), EPOLL_CTL_MOD, descriptor, reading, &watcher);
}

base::result<void> readiness::watch_writing(int descriptor, observer& watcher) noexcept {
    return control(set_.native_handle(), EPOLL_CTL_MOD, descriptor, reading | EPOLLOUT, &watcher);
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
    const auto end = base::monotonic_now() + longest_stay;
    bool may_stay = serve_batch(0);
    while (may_stay && base::monotonic_now() < end) {
        may_stay = serve_batch(wait_milliseconds);
    }
}

// False: the context shall have its turn. Events that are left over make the set readable again.
[[gnu::hot]] bool readiness::serve_batch(int wait) noexcept {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(set_.native_handle(), events.data(), events.size(), wait);
    bool is_wanted = count <= 0;
    batches_.on_batch_begin(base::monotonic_now());
    for (int at = 0; at < count; ++at) {
        const epoll_event& event = events[static_cast<std::size_t>(at)];
        auto* const watcher = static_cast<observer*>(event.data.ptr);
        if (watcher != nullptr) {
            watcher->on_ready(from_epoll(event.events));
        }
        is_wanted = is_wanted || watcher == nullptr;
    }
    return batches_.on_batch_end() && !is_wanted;
}

} // namespace mortise::net
