// SPDX-License-Identifier: BSL-1.0
// The loop's mailbox: letters under a mutex, an eventfd as the bell.
#include "async/loop.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <cstdint>
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
} // namespace

loop::loop(std::size_t index)
    : index_{index}, context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE}, bell_{context_, make_bell()} {
    wait_for_letters();
}

bool loop::post(std::function<void()> call) {
    const std::lock_guard lock{mutex_};
    if (closed_) {
        return false;
    }
    put(std::move(call));
    return true;
}

// One lock for the last letter and the closing: nothing comes in behind it that would never run.
void loop::stop() {
    const std::lock_guard lock{mutex_};
    if (!closed_) {
        put([this] { context_.stop(); });
        closed_ = true;
    }
}

void loop::put(std::function<void()> call) {
    letters_.push_back(std::move(call));
    if (letters_.size() == 1) {
        const std::uint64_t ring = 1;
        [[maybe_unused]] const auto written = ::write(bell_.native_handle(), &ring, sizeof ring);
    }
}

void loop::run() {
    context_.run();
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

void loop::read_letters() {
    std::vector<std::function<void()>> letters;
    {
        const std::lock_guard lock{mutex_};
        std::uint64_t rings = 0;
        [[maybe_unused]] const auto size = ::read(bell_.native_handle(), &rings, sizeof rings);
        letters.swap(letters_);
    }
    for (auto& letter : letters) {
        letter();
    }
}

} // namespace mortise::async
