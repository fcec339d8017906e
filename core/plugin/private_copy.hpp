// SPDX-License-Identifier: BSL-1.0
// A library's bytes at a path that nobody else knows or may write, for as long as it is mapped.
#pragma once

#include "plugin/load_error.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace mortise::plugin {

// Owns one directory of mode 0700, made exclusively under $XDG_RUNTIME_DIR or the system's
// directory for temporary files, and the one file in it; removes both when destroyed.
// A fresh path for each load: the loader answers an old path with the old code, and a mapped file
// that is written to in place ends the process. [control]
class private_copy {
public:
    // `name` is the file's last component, so that maps and core dumps stay readable.
    static judged<private_copy> make(std::span<const std::byte> bytes, std::string_view name);

    private_copy(private_copy&& other) noexcept;
    private_copy& operator=(private_copy&& other) noexcept;
    ~private_copy();

    const std::filesystem::path& path() const noexcept { return path_; }

    // Whether its bytes are these. One that cannot be read holds others.
    bool holds(std::span<const std::byte> bytes) const;

    // Leaves the file where it is: its code is still mapped.
    void keep() noexcept { is_kept_ = true; }

private:
    explicit private_copy(std::filesystem::path path) noexcept;

    std::filesystem::path path_; // empty: moved from
    bool is_kept_ = false;
};

} // namespace mortise::plugin
