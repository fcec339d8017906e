// SPDX-License-Identifier: BSL-1.0
// Sockets that go from one process to another.
#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::net {

// A line, and open files that go with it (SCM_RIGHTS). Thread: any one.
struct socket_message {
    static constexpr std::size_t most_files = 200; // the kernel takes 253
    static constexpr std::size_t most_bytes = std::size_t{32} * 1024;

    std::string text; // empty: the other end is closed
    std::vector<base::descriptor> files;

    // By a socket of two_ends(). Never blocks: what does not fit is an error, as are more files or
    // bytes than those above.
    static base::result<void> send(int to, std::string_view text, std::span<const int> files = {});
    // The next one; would_block, where none has come. No child process gets its files.
    static base::result<socket_message> receive(int from);
};

// Two sockets that are joined, and keep messages apart. No child process gets them.
base::result<std::pair<base::descriptor, base::descriptor>> two_ends();

} // namespace mortise::net
