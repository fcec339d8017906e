// SPDX-License-Identifier: BSL-1.0
// The loop's mailbox: letters under a mutex, an eventfd as the bell.
#include "async/loop.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace mortise::async {

namespace {
int make_bell() {
    const int descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (descriptor < 0) {
        throw boost::system::system_error{errno, boost::system::system_category(), "eventfd"};
    }
    return descriptor;
}

class call_letter final : public letter {
public:
    call_letter(loop& to, std::function<void()> call) noexcept
        : loop_{to}, call_{std::move(call)} {}
    void discard() noexcept override { delete this; }
    void deliver() noexcept override {
        const std::unique_ptr<call_letter> self{this};
        loop_.end_turn(); // nobody knows what the function does behind a call of a handler
        call_();
    }

private:
    loop& loop_;
    std::function<void()> call_;
};
} // namespace

loop::loop(std::size_t index)
    : index_{index}, context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE}, bell_{context_, make_bell()} {
    wait_for_letters();
}

loop::~loop() {
    while (!letters_.empty()) {
        letter& undelivered = letters_.front();
        letters_.pop_front();
        undelivered.discard();
    }
}

bool loop::post(letter& letter) noexcept {
    const std::lock_guard lock{mutex_};
    if (closed_) {
        return false;
    }
    put(letter);
    return true;
}

bool loop::post(std::function<void()> call) {
    auto wrapped = std::make_unique<call_letter>(*this, std::move(call));
    const bool is_posted = post(*wrapped);
    if (is_posted) {
        (void)wrapped.release(); // deletes itself
    }
    return is_posted;
}

// One lock for the last letter and the closing: nothing comes in behind it that would never run.
void loop::stop() {
    const std::lock_guard lock{mutex_};
    if (!closed_) {
        put(stop_);
        closed_ = true;
    }
}

void loop::put(letter& letter) noexcept {
    const bool was_empty = letters_.empty();
    letters_.push_back(letter);
    if (was_empty) {
        const std::uint64_t ring = 1;
        [[maybe_unused]] const auto written = ::write(bell_.native_handle(), &ring, sizeof ring);
    }
}

void loop::run() {
    context_.run();
    fate_ = fate::over;
    fate_.notify_all();
}

// Asio allows for a context that is polled within one of its own handlers: what that handler had
// begun is taken out of the frame of the outer run, which is still there. What is wrong from here
// on is its count of work to do, by the few things that were begun there; the guards make up for
// them, as a context without work would not run.
void loop::go_on() noexcept {
    using guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
    const auto work = [this] { return guard{context_.get_executor()}; };
    const std::array guards{work(), work(), work(), work(), work(), work(), work(), work()};
    if (turn* const broken_off = std::exchange(turn_, nullptr)) {
        broken_off->go_on();
    }
    (void)context_.poll();
    if (!is_stopped_) {
        context_.run();
    }
    fate_ = fate::over_but_for_its_thread;
    fate_.notify_all();
    for (;;) {
        ::pause();
    }
}

bool loop::wait_for_end() const noexcept {
    fate_.wait(fate::served);
    return fate_ == fate::over;
}

void loop::wait_for_letters() {
    bell_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [this](const boost::system::error_code& error) {
                         if (!error) {
                             read_letters();
                             wait_for_letters();
                         }
                     });
}

void loop::read_letters() noexcept {
    {
        const std::lock_guard lock{mutex_};
        std::uint64_t rings = 0;
        [[maybe_unused]] const auto size = ::read(bell_.native_handle(), &rings, sizeof rings);
        read_.swap(letters_);
    }
    deliver_letters();
}

void loop::deliver_letters() noexcept {
    while (!read_.empty()) {
        letter& next = read_.front();
        read_.pop_front();
        const in_turn here{*this, delivery_};
        next.deliver();
    }
}

} // namespace mortise::async
