// SPDX-License-Identifier: BSL-1.0
// A range of a file on its way to a client.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mortise::net {

// Lent until release(argument) is called, exactly once; without a release the descriptor is the
// host's, and is closed. Thread: its owner's.
class lent_file {
public:
    lent_file() = default; // no file
    lent_file(int descriptor, std::uint64_t offset, std::uint64_t size,
              void (*release)(void*) noexcept, void* argument) noexcept
        : descriptor_{descriptor},
          offset_{offset},
          rest_{size},
          release_{release},
          argument_{argument} {}
    lent_file(lent_file&& other) noexcept;
    lent_file& operator=(lent_file&&) = delete;
    ~lent_file();

    bool is_there() const noexcept { return descriptor_ >= 0 || release_ != nullptr; }
    int descriptor() const noexcept { return descriptor_; }
    std::uint64_t offset() const noexcept { return offset_; } // of the first byte to come
    std::uint64_t rest() const noexcept { return rest_; }     // bytes to come
    void skip(std::uint64_t written) noexcept {
        offset_ += written;
        rest_ -= written;
    }
    // Copies all of the rest, for which there is room. False: the file has less, or cannot be read.
    bool read_into(char* room) const noexcept;

private:
    int descriptor_ = -1;
    std::uint64_t offset_ = 0;
    std::uint64_t rest_ = 0;
    void (*release_)(void*) noexcept = nullptr;
    void* argument_ = nullptr;
};

} // namespace mortise::net
