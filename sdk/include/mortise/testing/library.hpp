// SPDX-License-Identifier: BSL-1.0
// A built plugin, loaded as the host loads it.
#pragma once

#include <mortise/abi/plugin.h>
#include <mortise/testing/detail/note.hpp>
#include <mortise/testing/failure.hpp>

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// Maps a private copy of the file at a path of its own: the same path would give the old code
// again. Thread: one at a time.
class library {
public:
    // Throws load_error: the file cannot be loaded, exports no mortise_plugin, is for another ABI
    // or has no note that agrees with it.
    explicit library(const std::filesystem::path& file) : file_{file} {
        std::string folder = std::filesystem::temp_directory_path() / "mortise-testing-XXXXXX";
        if (::mkdtemp(folder.data()) == nullptr) {
            throw load_error{"no private folder can be made: " + folder};
        }
        copy_ = std::filesystem::path{folder} / file.filename();
        try {
            open();
        } catch (...) {
            close();
            throw;
        }
    }
    library(library&& other) noexcept
        : file_{std::move(other.file_)},
          copy_{std::exchange(other.copy_, {})},
          handle_{std::exchange(other.handle_, nullptr)},
          descriptor_{std::exchange(other.descriptor_, nullptr)} {}
    library& operator=(library&&) = delete;
    ~library() { close(); }

    // Valid until close().
    const struct mortise_plugin& descriptor() const noexcept { return *descriptor_; }
    std::optional<mortise_note> note() const { return detail::find_note(copy_); }

    // The file that was asked for, and the copy that is mapped.
    const std::filesystem::path& file() const noexcept { return file_; }
    const std::filesystem::path& copy() const noexcept { return copy_; }

    // Unmaps it. False: some of it stays mapped, such as by a thread_local with a destructor or by
    // a symbol that is unique in the process. Idempotent.
    bool close() noexcept {
        if (copy_.empty()) {
            return true;
        }
        if (handle_ != nullptr) {
            ::dlclose(std::exchange(handle_, nullptr));
            descriptor_ = nullptr;
        }
        const bool is_gone = !is_loaded(copy_) && !is_mapped(copy_);
        std::error_code ignored;
        std::filesystem::remove_all(copy_.parent_path(), ignored);
        copy_.clear();
        return is_gone;
    }

    // Whether any part of a file is mapped: as the dynamic linker sees it, and as the kernel does.
    static bool is_loaded(const std::filesystem::path& file) {
        void* const found = ::dlopen(file.c_str(), RTLD_NOW | RTLD_NOLOAD);
        if (found != nullptr) {
            ::dlclose(found);
        }
        return found != nullptr;
    }
    static bool is_mapped(const std::filesystem::path& file) {
        std::ifstream maps{"/proc/self/maps"};
        for (std::string line; std::getline(maps, line);) {
            if (line.ends_with(file.native())) {
                return true;
            }
        }
        return false;
    }

private:
    void open() {
        std::error_code fault;
        std::filesystem::copy_file(file_, copy_, fault);
        if (fault) {
            throw load_error{file_.string() + " cannot be read: " + fault.message()};
        }
        handle_ = ::dlopen(copy_.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (handle_ == nullptr) {
            throw load_error{file_.string() + " cannot be loaded: " + ::dlerror()};
        }
        descriptor_ =
            static_cast<const struct mortise_plugin*>(::dlsym(handle_, MORTISE_PLUGIN_SYMBOL));
        if (descriptor_ == nullptr) {
            throw load_error{file_.string() + " exports no " MORTISE_PLUGIN_SYMBOL};
        }
        detail::judge(*descriptor_, file_.string());
        if (const auto rule = detail::judge(note(), *descriptor_); !rule.empty()) {
            throw load_error{file_.string() + ": " + rule};
        }
    }

    std::filesystem::path file_;
    std::filesystem::path copy_; // empty: closed
    void* handle_ = nullptr;
    const struct mortise_plugin* descriptor_ = nullptr;
};

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
