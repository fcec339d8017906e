// SPDX-License-Identifier: BSL-1.0
// Standard error, kept in memory for as long as this lives.
#pragma once

#include <array>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace mortise::conformance {

// Thread: the only one that logs.
class log_capture {
public:
    log_capture() : kept_{::memfd_create("log", MFD_CLOEXEC)}, before_{::dup(STDERR_FILENO)} {
        ::dup2(kept_, STDERR_FILENO);
    }
    ~log_capture() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        ::close(kept_);
    }
    log_capture(const log_capture&) = delete;
    log_capture& operator=(const log_capture&) = delete;

    std::string text() const {
        std::array<char, 16384> room;
        const auto size = ::pread(kept_, room.data(), room.size(), 0);
        return {room.data(), size < 0 ? 0U : static_cast<std::size_t>(size)};
    }

private:
    int kept_;
    int before_;
};

} // namespace mortise::conformance
