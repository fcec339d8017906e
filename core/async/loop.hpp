// SPDX-License-Identifier: BSL-1.0
// One event loop: an io_context of one thread, and the one door to it from other threads.
#pragma once

#include "async/letter.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/intrusive/slist.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>

namespace mortise::async {

// The io_context is built for one thread and takes no locks, so asio::post and everything else of
// Asio is for the loop's own thread; other threads come in by post() alone.
//
//   other threads ── post() ──► letters_ (mutex) ── eventfd ──► run() on the loop's thread
class loop {
public:
    // Throws boost::system::system_error where the process is out of descriptors.
    explicit loop(std::size_t index);
    ~loop();
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;

    boost::asio::io_context& context() noexcept { return context_; }
    std::size_t index() const noexcept { return index_; }

    // Becomes readable when a post has come. For who waits on the loop's thread outside of the
    // context, and has to return to it then; the loop alone reads it.
    int bell() noexcept { return bell_.native_handle(); }

    // [any] Delivers `letter` on the loop's thread, in the order of the posts. False once stop()
    // was called: then it will never be delivered.
    bool post(letter& letter) noexcept;
    // The same with a function, which is in no turn; may throw std::bad_alloc.
    bool post(std::function<void()> call);

    // [loop] Serves until stop(); everything posted before it has run when run() returns.
    void run();

    // [any] Refuses further posts and lets run() return once the earlier ones have run.
    void stop();

    // What calls handlers one after the other in a turn of the loop, and can go on behind one that
    // did not return. [loop]
    class turn {
    public:
        turn(const turn&) = delete;
        turn& operator=(const turn&) = delete;
        // Does what was left of the turn, and has the next one come. May throw std::bad_alloc.
        virtual void go_on() = 0;

    protected:
        turn() = default;
        ~turn() = default;
    };

    // Says, while it lives, that `taken` is under way. One within another goes on there, too.
    // [loop]
    class in_turn {
    public:
        in_turn(loop& of, turn& taken) noexcept
            : loop_{of}, outer_{std::exchange(of.turn_, &taken)} {}
        in_turn(const in_turn&) = delete;
        in_turn& operator=(const in_turn&) = delete;
        ~in_turn() { loop_.turn_ = outer_; }

        turn* outer() const noexcept { return outer_; } // null: there is none

    private:
        loop& loop_;
        turn* outer_;
    };

    // What is called from here on until the end of the turn is not to be left. [loop]
    void end_turn() noexcept { turn_ = nullptr; }

    // Whether the handler that is called may be left. [loop], and in a signal handler there.
    bool can_go_on() const noexcept { return turn_ != nullptr; }

    // [loop] Serves until stop(), as run() does, whose frame lies under one that was left
    // (escape.hpp). The thread then stays where it is for the rest of the process.
    [[noreturn]] void go_on() noexcept;

    // [any] Waits until the loop has served all. False: in go_on(), so its thread does not end.
    bool wait_for_end() const noexcept;

private:
    using mailbox = boost::intrusive::slist<letter, boost::intrusive::cache_last<true>,
                                            boost::intrusive::constant_time_size<false>>;

    // Takes this loop out of its context, when all that was posted before it has run.
    class stop_letter final : public letter {
    public:
        explicit stop_letter(loop& of) noexcept : loop_{of} {}
        void deliver() noexcept override {
            loop_.is_stopped_ = true;
            loop_.context_.stop();
        }

    private:
        loop& loop_;
    };

    // Delivering what was read.
    class delivery final : public turn {
    public:
        explicit delivery(loop& of) noexcept : loop_{of} {}
        void go_on() override {
            loop_.deliver_letters();
            loop_.wait_for_letters();
        }

    private:
        loop& loop_;
    };

    enum class fate : std::uint8_t { served, over, over_but_for_its_thread };

    void put(letter& letter) noexcept; // mutex_ is held
    void wait_for_letters();
    void read_letters() noexcept;
    void deliver_letters() noexcept;

    const std::size_t index_;
    boost::asio::io_context context_;
    boost::asio::posix::stream_descriptor bell_;
    std::mutex mutex_;
    mailbox letters_;     // guarded by mutex_
    bool closed_ = false; // guarded by mutex_
    stop_letter stop_{*this};
    bool is_stopped_ = false;
    mailbox read_; // to be delivered in this turn
    delivery delivery_{*this};
    turn* turn_ = nullptr; // that is under way
    std::atomic<fate> fate_{fate::served};
};

} // namespace mortise::async
