// SPDX-License-Identifier: BSL-1.0
// The connections' own edge-triggered epoll set, which sits in the io_context as one descriptor.
#pragma once

#include "async/loop.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cstdint>
#include <sys/epoll.h>

namespace mortise::net {

// What happened on a descriptor since it was last looked at, as epoll has it.
struct ready_events {
    std::uint32_t bits;

    // Bytes or the end of the stream can be read.
    bool readable() const noexcept { return (bits & (EPOLLIN | EPOLLRDHUP)) != 0; }
    // After a blocked write, bytes can be written again.
    bool writable() const noexcept { return (bits & EPOLLOUT) != 0; }
    // The peer sends no more: read on to the end of the stream.
    bool peer_shut() const noexcept { return (bits & EPOLLRDHUP) != 0; }
    // The connection is gone in both directions.
    bool broken() const noexcept { return (bits & (EPOLLHUP | EPOLLERR)) != 0; }
};

// Is told of a descriptor's events. One event is told once (edge-triggered): the observer reads
// until it would block, or until a read came short and peer_shut was not told.
class observer {
public:
    virtual void on_ready(ready_events events) noexcept = 0;

protected:
    ~observer() = default;
};

// Is told when a batch of events has been served.
class batch_observer {
public:
    virtual void on_batch_begin(base::instant now) noexcept = 0;
    // True: nothing of it waits for the loop's next round, so that the next batch may be waited for
    // right here.
    virtual bool on_batch_end() noexcept = 0;

protected:
    ~batch_observer() = default;
};

// Thread: its loop's. Nested because Asio's own way costs a recv that returns EAGAIN for every
// request (docs/decisions/0003-nested-epoll.md).
//
//   io_context's epoll ── async_wait ──► inner epoll ── epoll_wait(256) ──► observers
//
// While batches follow each other closely, the next one is waited for in the inner set itself: that
// saves two system calls a batch, the round through the context and the wait that it begins. The
// context has its turn when a post comes for the loop, when no batch has come for
// some milliseconds, and in any case after a few more.
class readiness final : private async::loop::turn {
public:
    // Throws boost::system::system_error where the process is out of descriptors.
    readiness(async::loop& loop, batch_observer& batches);
    readiness(const readiness&) = delete;
    readiness& operator=(const readiness&) = delete;

    // Tells `watcher` of the descriptor's events until forget(). An observer of the batch that is
    // being served must outlive on_batch_end(), unless it is forgotten by name.
    base::result<void> watch(int descriptor, observer& watcher) noexcept;
    // Before the descriptor is closed. That alone would not do: a process that is being started has
    // a copy of every descriptor, and as long as there is one, the kernel goes on to tell.
    void forget(int descriptor) noexcept;
    // The same, and `watcher` is told nothing more of the batch that is being served either: it may
    // be destroyed at once. Looks at the whole batch.
    void forget(int descriptor, const observer& watcher) noexcept;
    // Tells once more of what is there already, though it was told before.
    void tell_again(int descriptor, observer& watcher) noexcept;
    // From now on tells of writability too.
    base::result<void> watch_writing(int descriptor, observer& watcher) noexcept;

private:
    void wait();
    void serve_batches() noexcept;
    bool serve_batch(int wait) noexcept;
    bool serve_rest() noexcept;
    void go_on() override;

    async::loop& loop_;
    batch_observer& batches_;
    boost::asio::posix::stream_descriptor set_;
    std::array<epoll_event, 256> events_; // of the batch
    std::size_t next_ = 0;                // that is to be served
    std::size_t end_ = 0;
};

} // namespace mortise::net
