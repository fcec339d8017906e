// SPDX-License-Identifier: BSL-1.0
// A built library, loaded as the host loads it.
#pragma once

#include <mortise/abi/plugin.h>

#include <string>

namespace mortise::test {

class loaded_plugin {
public:
    // Throws std::runtime_error with dlerror's text.
    explicit loaded_plugin(std::string path);
    ~loaded_plugin();
    loaded_plugin(const loaded_plugin&) = delete;
    loaded_plugin& operator=(const loaded_plugin&) = delete;

    const struct mortise_plugin& descriptor() const { return *descriptor_; }

private:
    void* library_;
    const struct mortise_plugin* descriptor_;
};

// Whether any part of the file is mapped, judged by the dynamic linker and by the kernel.
bool is_loaded(const std::string& path);
bool is_mapped(const std::string& path);

} // namespace mortise::test
