// SPDX-License-Identifier: BSL-1.0
// The code of one plugin in memory: loaded from a private copy, and provably gone afterwards.
#pragma once

#include "plugin/identity.hpp"
#include "plugin/load_error.hpp"
#include "plugin/private_copy.hpp"

#include <mortise/abi/plugin.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <sys/types.h>
#include <vector>

namespace mortise::plugin {

// Everything [control]. Nothing of the plugin may be called, read or freed after unload().
class library {
public:
    // Maps a copy of `bytes` and finds the exported object, which must agree with `note`.
    // Static constructors of the plugin run here.
    static judged<std::unique_ptr<library>>
    load(std::span<const std::byte> bytes, const std::filesystem::path& file, const identity& note);

    library(const library&) = delete;
    library& operator=(const library&) = delete;
    ~library();

    // Members that the plugin does not have are null. What it points to is valid until unload().
    const mortise_plugin& descriptor() const noexcept { return descriptor_; }

    // Where the mapped copy lies.
    const std::filesystem::path& mapped_path() const noexcept { return copy_.path(); }

    // Whether the mapped copy is one of these bytes.
    bool is_copy_of(std::span<const std::byte> bytes) const { return copy_.holds(bytes); }

    // Whether the innermost calls of a stack are all its own, up to one of the host's, which has
    // called it: no other code waits for it there. [any], and in a signal handler.
    bool is_called_alone(std::span<void* const> stack) const noexcept;

    // A thread that the plugin has started and not ended: it would run into code that is gone.
    std::optional<pid_t> stray_thread() const;

    // Keeps the code mapped for the life of the process, whatever is called afterwards.
    void pin() noexcept;

    // Unmaps. False: the code is still mapped (a thread or a thread_local of the plugin pins it, or
    // pin() did); then it stays so, with its file, and nothing is called any more. Idempotent.
    bool unload();

    // How many of this process stay so. [any]
    static std::size_t kept() noexcept;

private:
    class mapping; // the only holder of a Boost.DLL type

    library(private_copy copy, std::unique_ptr<mapping> mapped) noexcept;
    std::optional<fault> bind(const identity& note);

    private_copy copy_;
    std::vector<std::span<const std::byte>> code_; // what of it is executable
    std::vector<std::span<const std::byte>> host_code_;
    std::set<pid_t> strays_before_; // threads that are older than this
    std::unique_ptr<mapping> mapping_;
    mortise_plugin descriptor_{};
    bool is_kept_ = false;
};

} // namespace mortise::plugin
