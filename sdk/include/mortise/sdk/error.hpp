// SPDX-License-Identifier: BSL-1.0
// The exceptions that mean something to the SDK.
#pragma once

#include <stdexcept>
#include <string>

namespace mortise {
inline namespace sdk_v0 {

// Thrown by a handler: the client gets `status` with `detail` as its text. Every other exception
// is answered with 500, and its what() goes to the log, never to the client.
class http_error : public std::runtime_error {
public:
    // `status` is a code of RFC 9110, 15, from 400 to 599. `detail` is for the client to read.
    http_error(unsigned status, const std::string& detail)
        : std::runtime_error{detail}, status_{status} {}

    unsigned status() const noexcept { return status_; }

private:
    unsigned status_;
};

// Thrown by config: a key is missing or its value is of another type. what() names the key.
// Left to escape from a plugin's constructor, it becomes the reason for which the host refuses
// the plugin.
class config_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace sdk_v0
} // namespace mortise
