// SPDX-License-Identifier: BSL-1.0
// Draining the inner epoll set.
#include "net/readiness.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>

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

class deaf_observer final : public observer {
    void on_ready(ready_events) noexcept override {}
};
deaf_observer nobody; // is told what was for one that is gone

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

} // namespace

readiness::readiness(async::loop& loop, batch_observer& batches)
    : loop_{loop}, batches_{batches}, set_{loop.context(), make_set()} {
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

void readiness::forget(int descriptor, const observer& watcher) noexcept {
    forget(descriptor);
    for (std::size_t at = next_; at != end_; ++at) {
        if (events_[at].data.ptr == &watcher) {
            events_[at].data.ptr = static_cast<observer*>(&nobody);
        }
    }
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
    const async::loop::in_turn here{loop_, *this};
    const auto end = base::monotonic_now() + longest_stay;
    bool may_stay = serve_batch(0);
    while (may_stay && base::monotonic_now() < end) {
        may_stay = serve_batch(wait_milliseconds);
    }
}

// False: the context shall have its turn. Events that are left over make the set readable again.
[[gnu::hot]] bool readiness::serve_batch(int wait) noexcept {
    const int count =
        ::epoll_wait(set_.native_handle(), events_.data(), static_cast<int>(events_.size()), wait);
    next_ = 0;
    end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    batches_.on_batch_begin(base::monotonic_now());
    const bool is_wanted = serve_rest();
    return batches_.on_batch_end() && count > 0 && !is_wanted;
}

// True: the bell was among them.
inline bool readiness::serve_rest() noexcept {
    bool has_rung = false;
    const std::size_t end = end_;
    for (std::size_t at = next_; at != end;) {
        const epoll_event& event = events_[at];
        next_ = ++at;
        auto* const watcher = static_cast<observer*>(event.data.ptr);
        if (watcher == nullptr) {
            has_rung = true;
        } else {
            watcher->on_ready({event.events});
        }
    }
    return has_rung;
}

void readiness::go_on() {
    {
        const async::loop::in_turn here{loop_, *this};
        serve_rest();
        batches_.on_batch_end();
    }
    wait();
}

} // namespace mortise::net
