// SPDX-License-Identifier: BSL-1.0
// A library's bytes at a path that nobody else knows or may write, for as long as it is mapped.
#pragma once

#include "plugin/load_error.hpp"
#include "plugin/private_directory.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace mortise::plugin {

// The one file in a private directory, with which it goes.
// A fresh path for each load: the loader answers an old path with the old code, and a mapped file
// that is written to in place ends the process. [control]
class private_copy {
public:
    // `name` is the file's last component, so that maps and core dumps stay readable.
    static judged<private_copy> make(std::span<const std::byte> bytes, std::string_view name);

    const std::filesystem::path& path() const noexcept { return path_; }

    // Whether its bytes are these. One that cannot be read holds others.
    bool holds(std::span<const std::byte> bytes) const;

    // Leaves the file where it is: its code is still mapped.
    void keep() noexcept { directory_.keep(); }

private:
    private_copy(private_directory directory, std::string_view name);

    private_directory directory_;
    std::filesystem::path path_;
};

} // namespace mortise::plugin
