// SPDX-License-Identifier: BSL-1.0
// A directory that nobody else may enter, from which code may be mapped.
#pragma once

#include "base/descriptor.hpp"
#include "plugin/load_error.hpp"

#include <cstddef>
#include <filesystem>

namespace mortise::plugin {

// Owns a directory of mode 0700 that was made exclusively, under $XDG_RUNTIME_DIR or the system's
// directory for temporary files; removes it with all that lies in it when destroyed. [control]
class private_directory {
public:
    static judged<private_directory> make();
    // From now on make() makes them in `parent`, which somebody else removes: for a process that
    // may not live to remove its own.
    static void make_all_in(std::filesystem::path parent);
    // Removes those of this user that processes have left which were killed; how many.
    static std::size_t remove_left_behind();

    private_directory(private_directory&& other) noexcept;
    private_directory& operator=(private_directory&& other) noexcept;
    ~private_directory();

    const std::filesystem::path& path() const noexcept { return path_; }

    // Leaves it where it is.
    void keep() noexcept { is_kept_ = true; }

private:
    private_directory(std::filesystem::path path, base::descriptor lock) noexcept;

    std::filesystem::path path_; // empty: moved from
    base::descriptor lock_;      // of the directory itself: its owner lives
    bool is_kept_ = false;
};

} // namespace mortise::plugin
