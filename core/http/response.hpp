// SPDX-License-Identifier: BSL-1.0
// A whole response, as a handler gives it.
#pragma once

#include "http/field.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace mortise::http {

// A range of a regular file, sent as content without passing through memory of the process; only
// a small one is read beside its head. The file is read when it is sent, on the loop, which waits
// for the disk where the kernel does not hold its pages. Where it ends before its range does, the
// connection ends.
struct file_content {
    int descriptor;           // open for reading; its own position is neither used nor moved
    std::uint64_t offset = 0; // of the first byte
    std::uint64_t size = 0;
};

// Everything is a view that must live until exchange::respond() returns; the host copies what it
// keeps, except content with a `release`: that is lent until release(release_argument) is called,
// exactly once, on the exchange's loop, also when the client has left. The same holds for the
// descriptor of a file; one without a `release` becomes the host's, which closes it.
//
// Date, Content-Length, Transfer-Encoding, Connection and Keep-Alive are the connection's to
// write. A Content-Length that equals the content's size is accepted and written once.
struct response {
    unsigned status = 200;
    std::span<const field> fields = {};
    std::string_view content = {};
    void (*release)(void* argument) noexcept = nullptr;
    void* release_argument = nullptr;
    const file_content* file = nullptr; // in the place of `content`
};

} // namespace mortise::http
