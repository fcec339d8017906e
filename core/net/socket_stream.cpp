// SPDX-License-Identifier: BSL-1.0
// The system calls of a connected socket.
#include "net/socket_stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace mortise::net {

namespace {
constexpr std::size_t most_pieces = 4;

// The two calls without glibc's names for them, which are cancellation points: in a process with
// threads each spends thirty instructions on switching that on and off. No thread is cancelled.
ssize_t receive(int descriptor, std::span<char> into) noexcept {
    return ::syscall(SYS_recvfrom, descriptor, into.data(), into.size(), 0, nullptr, nullptr);
}

ssize_t send_piece(int descriptor, std::string_view piece) noexcept {
    return ::syscall(SYS_sendto, descriptor, piece.data(), piece.size(), MSG_NOSIGNAL, nullptr, 0);
}

base::result<std::size_t> outcome(ssize_t size) noexcept {
    if (size < 0) {
        return base::last_system_error();
    }
    return static_cast<std::size_t>(size);
}

ssize_t send_pieces(int descriptor, std::span<const std::string_view> pieces) noexcept {
    std::array<iovec, most_pieces> vectors;
    const std::size_t count = std::min(pieces.size(), most_pieces);
    for (std::size_t at = 0; at < count; ++at) {
        vectors[at] = {const_cast<char*>(pieces[at].data()), pieces[at].size()};
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    return ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
}
} // namespace

socket_stream::~socket_stream() {
    readiness_.forget(descriptor_);
    ::close(descriptor_);
}

base::result<void> socket_stream::watch(observer& watcher) noexcept {
    return readiness_.watch(descriptor_, watcher);
}

base::result<void> socket_stream::watch_writing(observer& watcher) noexcept {
    return readiness_.watch_writing(descriptor_, watcher);
}

[[gnu::hot]] base::result<std::size_t> socket_stream::read(std::span<char> into) noexcept {
    ssize_t size = 0;
    do {
        size = receive(descriptor_, into);
    } while (size < 0 && errno == EINTR);
    return outcome(size);
}

[[gnu::hot]] base::result<std::size_t>
socket_stream::write(std::span<const std::string_view> pieces) noexcept {
    ssize_t size = 0;
    do {
        size = pieces.size() == 1 ? send_piece(descriptor_, pieces[0])
                                  : send_pieces(descriptor_, pieces);
    } while (size < 0 && errno == EINTR);
    return outcome(size);
}

base::result<std::size_t> socket_stream::write_file(int descriptor, std::uint64_t offset,
                                                    std::size_t most) noexcept {
    auto at = static_cast<off_t>(offset);
    ssize_t size = 0;
    do {
        size = ::sendfile(descriptor_, descriptor, &at, most);
    } while (size < 0 && errno == EINTR);
    return outcome(size);
}

void socket_stream::shut_writing() noexcept {
    ::shutdown(descriptor_, SHUT_WR);
}

void socket_stream::reset_on_close() noexcept {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

} // namespace mortise::net
