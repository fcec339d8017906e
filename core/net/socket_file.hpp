// SPDX-License-Identifier: BSL-1.0
// A unix socket that listens at a file, and the end of that file.
#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <sys/un.h>

namespace mortise::net {

// Bytes of a socket's path: more fit into no address of such a socket.
inline constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

// What is wrong with a socket's path, and what is right; empty: nothing. [any]
std::string judge_socket_path(const std::string& path);

// Removes the file of a unix socket when it goes, unless another one is there by then. Owns no
// descriptor. Thread: any one.
class socket_file {
public:
    socket_file() = default; // no file
    socket_file(socket_file&& from) noexcept;
    socket_file& operator=(socket_file&& from) noexcept;
    ~socket_file();

    // The one that is there, of a socket that somebody else has bound.
    explicit socket_file(std::filesystem::path file) noexcept;
    // Whether there is one to answer for.
    explicit operator bool() const noexcept { return !file_.empty(); }
    // It is somebody else's from here on.
    void release() noexcept { file_.clear(); }

    // Gives it that mode; the one that it had before. Connections that are there are not touched.
    // Errors: file_exists, where another file is there by now, which is left alone; and those of
    // the kernel.
    base::result<unsigned> set_mode(unsigned mode) const;

private:
    std::filesystem::path file_; // empty: none
    dev_t device_ = 0;
    ino_t number_ = 0;
};

struct local_socket {
    base::descriptor descriptor; // listens; non-blocking
    socket_file file;
    bool has_replaced = false; // a file that a dead process had left

    // Listens at `file`, in the place of a socket that nobody listens at any more. The file is of
    // `mode` from the beginning: nobody else may open it, not even for a moment. Errors:
    // address_in_use, where another host listens there; file_exists, where another file is there;
    // and those of the kernel. The process's umask is another one meanwhile. [control]
    static base::result<local_socket> open(const std::filesystem::path& file, unsigned mode);
};

} // namespace mortise::net
