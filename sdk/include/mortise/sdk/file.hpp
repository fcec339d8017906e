// SPDX-License-Identifier: BSL-1.0
// A file, or a range of one, that the host sends as the content of a response.
#pragma once

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace mortise {
inline namespace sdk_v0 {

// A regular file that is open for reading, and a range of it. Copies and ranges share the open
// file, which is closed with the last of them: one that a plugin keeps can be sent to each request,
// on every loop at once. Opening asks the disk: what is not kept open is opened in offload().
//
//     const mortise::file opened = mortise::file::open("/srv/prices.csv");
//     return mortise::response{}.with_media_type("text/csv").with_content(opened);
class file {
public:
    // Throws std::system_error.
    static file open(const std::filesystem::path& path) {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor < 0) {
            throw std::system_error{errno, std::generic_category(), path.string()};
        }
        return file{descriptor};
    }

    // The whole of an open file, as long as it is now. The descriptor is the file's from here on,
    // also where this throws std::system_error. Its position is moved now, and never used.
    explicit file(int descriptor) : open_{std::make_shared<const owned>(descriptor)} {
        const auto end = ::lseek(descriptor, 0, SEEK_END);
        if (end < 0) {
            throw std::system_error{errno, std::generic_category(), "a file has no length"};
        }
        length_ = static_cast<std::uint64_t>(end);
    }

    // A part of this range. Throws std::out_of_range where it goes beyond its end.
    file range(std::uint64_t offset, std::uint64_t length) const {
        if (offset > length_ || length > length_ - offset) {
            throw std::out_of_range{"a range goes beyond the end of its file"};
        }
        file part = *this;
        part.offset_ += offset;
        part.length_ = length;
        return part;
    }

    std::uint64_t offset() const noexcept { return offset_; } // of its first byte, in the file
    std::uint64_t length() const noexcept { return length_; } // bytes
    int descriptor() const noexcept { return open_->descriptor; }

private:
    struct owned {
        explicit owned(int opened) noexcept : descriptor{opened} {}
        owned(const owned&) = delete;
        owned& operator=(const owned&) = delete;
        ~owned() { ::close(descriptor); }

        const int descriptor;
    };

    std::shared_ptr<const owned> open_;
    std::uint64_t offset_ = 0;
    std::uint64_t length_ = 0;
};

} // namespace sdk_v0
} // namespace mortise
