// SPDX-License-Identifier: BSL-1.0
// dlopen and dlclose, and the proof that nothing is left.
#include "unit/sdk/loaded_plugin.hpp"

#include <dlfcn.h>
#include <fstream>
#include <stdexcept>

namespace mortise::test {

loaded_plugin::loaded_plugin(std::string path)
    : library_{::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)} {
    if (library_ == nullptr) {
        throw std::runtime_error{::dlerror()};
    }
    descriptor_ =
        static_cast<const struct mortise_plugin*>(::dlsym(library_, MORTISE_PLUGIN_SYMBOL));
    if (descriptor_ == nullptr) {
        ::dlclose(library_);
        throw std::runtime_error{path + " exports no " MORTISE_PLUGIN_SYMBOL};
    }
}

loaded_plugin::~loaded_plugin() {
    ::dlclose(library_);
}

bool is_loaded(const std::string& path) {
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (library != nullptr) {
        ::dlclose(library);
    }
    return library != nullptr;
}

bool is_mapped(const std::string& path) {
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        if (line.ends_with(path)) {
            return true;
        }
    }
    return false;
}

} // namespace mortise::test
