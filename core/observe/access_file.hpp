// SPDX-License-Identifier: BSL-1.0
// Where the access log goes: a file of its own, or a descriptor of somebody else's.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace mortise::observe {

// Thread: its owner's.
class access_file {
public:
    // Not owned: standard output.
    access_file(int borrowed) noexcept : descriptor_{borrowed} {}

    // Appends to the file, which is made where it is not there (mode 0640). A line that it ends
    // within, as after a kill, is ended, and told of in the host's log. Empty: done; else why not.
    [[nodiscard]] static std::string open(std::string path, access_file& to);

    // Of a path that cannot be opened.
    static constexpr std::string_view cure = "make its folder, and let the host's user write there";

    // What keeps everybody from opening it: it is a directory, or there is none for it. Empty:
    // nothing of that.
    [[nodiscard]] static std::string judge(const std::string& path);

    access_file(access_file&& other) noexcept
        : path_{std::move(other.path_)}, descriptor_{std::exchange(other.descriptor_, -1)} {}
    access_file& operator=(access_file&& other) noexcept {
        std::swap(path_, other.path_);
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~access_file();

    int descriptor() const noexcept { return descriptor_; }
    const std::string& path() const noexcept { return path_; } // empty: borrowed

    // Opens its path anew, since what was there has been moved away. Where that fails it stays with
    // what it has. Either is told in the host's log. Nothing where it is borrowed.
    void reopen();

private:
    std::string path_;
    int descriptor_ = -1;
};

} // namespace mortise::observe
