// SPDX-License-Identifier: BSL-1.0
// A stream without a socket: a client that a test plays, and every call of the host's end failing
// when the test says so.
#pragma once

#include "net/stream.hpp"

#include <boost/system/errc.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mortise::loopback {

// Counts the calls that may fail, and lets one of them.
//
//   for (std::size_t at = 0;; ++at) { fuse blows{at}; run(blows); if (!blows.has_blown()) break; }
class fuse {
public:
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

    explicit fuse(std::size_t call = never) noexcept : left_{call} {}
    // Whether this call is the one.
    bool blows() noexcept {
        if (left_ == 0 && !has_blown_) {
            has_blown_ = true;
            return true;
        }
        left_ -= left_ == never || has_blown_ ? 0 : 1;
        return false;
    }
    bool has_blown() const noexcept { return has_blown_; }

private:
    std::size_t left_;
    bool has_blown_ = false;
};

// The client's end. Thread: the test's. Outlives the host's end.
class wire {
public:
    // The client sends, or sends no more; the host is told as epoll would tell it.
    void send(std::string_view bytes) {
        to_host_ += bytes;
        notify({EPOLLIN});
    }
    void send_and_shut(std::string_view bytes) {
        to_host_ += bytes;
        is_client_shut_ = true;
        notify({EPOLLIN | EPOLLRDHUP});
    }
    void reset() {
        is_reset_ = true;
        notify({EPOLLIN | EPOLLRDHUP | EPOLLHUP});
    }

    // The client takes only `bytes` more before the host's writes would block.
    void limit_room(std::size_t bytes) noexcept { room_ = bytes; }
    void give_room(std::size_t bytes) {
        room_ += bytes;
        if (is_writing_watched_) {
            notify({EPOLLOUT});
        }
    }

    // Up to so many bytes each way, the wire itself allocates nothing.
    void reserve(std::size_t bytes) {
        to_host_.reserve(bytes);
        from_host_.reserve(bytes);
    }

    // What the host has written since the last call.
    std::string take_received() { return std::exchange(from_host_, {}); }
    const std::string& received() const noexcept { return from_host_; }
    std::size_t unread() const noexcept { return to_host_.size(); } // by the host
    std::size_t writes() const noexcept { return writes_; }
    bool is_host_shut() const noexcept { return is_host_shut_; } // it writes no more
    bool is_closed() const noexcept { return is_closed_; }
    bool is_reset_by_host() const noexcept { return is_closed_ && ends_by_reset_; }

private:
    friend class stream;

    void notify(net::ready_events events) {
        if (watcher_ != nullptr && !is_closed_) {
            watcher_->on_ready(events);
        }
    }

    std::string to_host_;
    std::string from_host_;
    std::size_t room_ = std::numeric_limits<std::size_t>::max();
    std::size_t writes_ = 0;
    net::observer* watcher_ = nullptr;
    bool is_writing_watched_ = false;
    bool is_client_shut_ = false;
    bool is_host_shut_ = false;
    bool is_reset_ = false;
    bool is_closed_ = false;
    bool ends_by_reset_ = false;
};

// The host's end.
class stream final : public net::stream {
public:
    stream(wire& client, fuse& fuse,
           const std::vector<net::address_block>* trusted_proxies = nullptr) noexcept
        : wire_{client}, fuse_{fuse}, trusted_proxies_{trusted_proxies} {}
    ~stream() override { wire_.is_closed_ = true; }

    base::result<void> watch(net::observer& watcher) noexcept override {
        if (fuse_.blows()) {
            return failure(boost::system::errc::not_enough_memory);
        }
        wire_.watcher_ = &watcher;
        return {};
    }
    base::result<void> watch_writing(net::observer&) noexcept override {
        if (fuse_.blows()) {
            return failure(boost::system::errc::not_enough_memory);
        }
        wire_.is_writing_watched_ = true;
        return {};
    }
    base::result<std::size_t> read(std::span<char> into) noexcept override {
        if (wire_.is_reset_ || fuse_.blows()) {
            return failure(boost::system::errc::connection_reset);
        }
        auto& from = wire_.to_host_;
        if (from.empty() && !wire_.is_client_shut_) {
            return failure(boost::system::errc::resource_unavailable_try_again);
        }
        const std::size_t size = std::min(into.size(), from.size());
        std::memcpy(into.data(), from.data(), size);
        from.erase(0, size);
        return size;
    }
    base::result<std::size_t> write(std::span<const std::string_view> pieces) noexcept override {
        if (wire_.is_reset_ || fuse_.blows()) {
            return failure(boost::system::errc::broken_pipe);
        }
        return take(pieces);
    }
    base::result<std::size_t> write_file(int descriptor, std::uint64_t offset,
                                         std::size_t most) noexcept override {
        if (wire_.is_reset_ || fuse_.blows()) {
            return failure(boost::system::errc::broken_pipe);
        }
        if (wire_.room_ == 0) {
            return failure(boost::system::errc::resource_unavailable_try_again);
        }
        std::array<char, 16 * 1024> piece; // no call takes more at once
        const auto size =
            ::pread(descriptor, piece.data(), std::min({most, piece.size(), wire_.room_}),
                    static_cast<off_t>(offset));
        if (size < 0) {
            return base::last_system_error();
        }
        const std::array<std::string_view, 1> taken{
            std::string_view{piece.data(), static_cast<std::size_t>(size)}};
        return size == 0 ? base::result<std::size_t>{0U} : take(taken);
    }
    const std::vector<net::address_block>* trusted_proxies() const noexcept override {
        return trusted_proxies_;
    }
    void shut_writing() noexcept override { wire_.is_host_shut_ = true; }
    void reset_on_close() noexcept override { wire_.ends_by_reset_ = true; }

private:
    base::result<std::size_t> take(std::span<const std::string_view> pieces) {
        std::size_t written = 0;
        for (const auto piece : pieces) {
            const auto taken = piece.substr(0, wire_.room_ - written);
            wire_.from_host_ += taken;
            written += taken.size();
        }
        if (written == 0) {
            return failure(boost::system::errc::resource_unavailable_try_again);
        }
        wire_.room_ -= wire_.room_ == std::numeric_limits<std::size_t>::max() ? 0 : written;
        ++wire_.writes_;
        return written;
    }
    static base::error_code failure(boost::system::errc::errc_t why) noexcept {
        return make_error_code(why);
    }

    wire& wire_;
    fuse& fuse_;
    const std::vector<net::address_block>* trusted_proxies_;
};

} // namespace mortise::loopback
