// SPDX-License-Identifier: BSL-1.0
// Files without a name.
#pragma once

#include <fcntl.h>
#include <stdexcept>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace mortise::loopback {

// A descriptor of a file with these bytes, which the caller owns.
inline int make_file(std::string_view bytes) {
    const int made = ::memfd_create("test", MFD_CLOEXEC);
    while (made >= 0 && !bytes.empty()) {
        const auto size = ::write(made, bytes.data(), bytes.size());
        if (size <= 0) {
            break;
        }
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    if (made < 0 || !bytes.empty()) {
        throw std::runtime_error{"no file could be made"};
    }
    return made;
}

inline bool is_open(int descriptor) noexcept {
    return ::fcntl(descriptor, F_GETFD) >= 0;
}

} // namespace mortise::loopback
