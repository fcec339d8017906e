// SPDX-License-Identifier: BSL-1.0
// A whole response, as a handler gives it.
#pragma once

#include "http/field.hpp"

#include <span>
#include <string_view>

namespace mortise::http {

// Everything is a view that must live until exchange::respond() returns; the host copies what it
// keeps, except content with a `release`: that is lent until release(release_argument) is called,
// exactly once, on the exchange's loop, also when the client has left.
//
// Date, Content-Length, Transfer-Encoding, Connection and Keep-Alive are the connection's to
// write. A Content-Length that equals the content's size is accepted and written once.
struct response {
    unsigned status = 200;
    std::span<const field> fields = {};
    std::string_view content = {};
    void (*release)(void* argument) noexcept = nullptr;
    void* release_argument = nullptr;
};

} // namespace mortise::http
