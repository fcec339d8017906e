// SPDX-License-Identifier: BSL-1.0
// Giving a file back, and reading a small one.
#include "net/lent_file.hpp"

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace mortise::net {

lent_file::lent_file(lent_file&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)},
      offset_{other.offset_},
      rest_{other.rest_},
      release_{std::exchange(other.release_, nullptr)},
      argument_{other.argument_} {}

lent_file::~lent_file() {
    if (release_ != nullptr) {
        release_(argument_);
    } else if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

bool lent_file::read_into(char* room) const noexcept {
    std::uint64_t done = 0;
    while (done < rest_) {
        const auto size =
            ::pread(descriptor_, room + done, rest_ - done, static_cast<off_t>(offset_ + done));
        if (size == 0 || (size < 0 && errno != EINTR)) {
            return false;
        }
        done += size > 0 ? static_cast<std::uint64_t>(size) : 0;
    }
    return true;
}

} // namespace mortise::net
