// SPDX-License-Identifier: BSL-1.0
// An open file, closed by who has it.
#pragma once

#include <unistd.h>
#include <utility>

namespace mortise::base {

// Owns a descriptor of the process; -1: none.
class descriptor {
public:
    explicit descriptor(int number = -1) noexcept : number_{number} {}
    descriptor(descriptor&& from) noexcept : number_{std::exchange(from.number_, -1)} {}
    descriptor& operator=(descriptor&& from) noexcept {
        std::swap(number_, from.number_);
        return *this;
    }
    ~descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }

    explicit operator bool() const noexcept { return number_ >= 0; }
    int number() const noexcept { return number_; }
    // It is somebody else's from here on.
    int release() noexcept { return std::exchange(number_, -1); }

private:
    int number_;
};

} // namespace mortise::base
