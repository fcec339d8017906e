// SPDX-License-Identifier: BSL-1.0
// sendmsg(2), recvmsg(2) and cmsg(3).
#include "net/socket_message.hpp"

#include <array>
#include <cstring>
#include <sys/socket.h>

namespace mortise::net {

namespace {

constexpr std::size_t room_for_files = CMSG_SPACE(socket_message::most_files * sizeof(int));

} // namespace

base::result<void> socket_message::send(int to, std::string_view text, std::span<const int> files) {
    if (files.size() > most_files || text.size() > most_bytes) {
        return make_error_code(boost::system::errc::message_size);
    }
    iovec content{.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
    alignas(cmsghdr) std::array<std::byte, room_for_files> room{};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    if (!files.empty()) {
        message.msg_control = room.data();
        message.msg_controllen = CMSG_SPACE(files.size_bytes());
        cmsghdr* const rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(files.size_bytes());
        std::memcpy(CMSG_DATA(rights), files.data(), files.size_bytes());
    }
    if (::sendmsg(to, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        return base::last_system_error();
    }
    return {};
}

base::result<socket_message> socket_message::receive(int from) {
    socket_message got;
    got.text.resize(most_bytes);
    iovec content{.iov_base = got.text.data(), .iov_len = got.text.size()};
    alignas(cmsghdr) std::array<std::byte, room_for_files> room{};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    message.msg_control = room.data();
    message.msg_controllen = room.size();
    const ssize_t size = ::recvmsg(from, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0) {
        return base::last_system_error();
    }
    got.text.resize(static_cast<std::size_t>(size));
    for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
         each = CMSG_NXTHDR(&message, each)) {
        if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        std::vector<int> numbers((each->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(numbers.data(), CMSG_DATA(each), numbers.size() * sizeof(int));
        for (const int number : numbers) {
            got.files.emplace_back(number);
        }
    }
    return got;
}

base::result<std::pair<base::descriptor, base::descriptor>> two_ends() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return base::last_system_error();
    }
    return std::pair{base::descriptor{ends[0]}, base::descriptor{ends[1]}};
}

} // namespace mortise::net
