// SPDX-License-Identifier: BSL-1.0
// Stands in front of the C library's getaddrinfo.
#include "unit/server/name_service.hpp"

#include <dlfcn.h>
#include <netdb.h>
#include <utility>

namespace mortise::server::test {
namespace {

std::string known;
std::vector<std::string> known_addresses;

using resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

// The lists of all addresses as one; each node is freed by itself.
int resolve_known(resolve next, const char* service, const addrinfo* hints, addrinfo** found) {
    addrinfo** end = found;
    for (const auto& address : known_addresses) {
        if (const int error = next(address.c_str(), service, hints, end); error != 0) {
            return error;
        }
        while (*end != nullptr) {
            end = &(*end)->ai_next;
        }
    }
    return 0;
}

} // namespace

known_name::known_name(const std::string& name, std::vector<std::string> addresses) {
    known = name;
    known_addresses = std::move(addresses);
}

known_name::~known_name() {
    known.clear();
}

} // namespace mortise::server::test

extern "C" __attribute__((visibility("default"))) int
getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
    using namespace mortise::server::test;
    const auto next = reinterpret_cast<resolve>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    if (node != nullptr && !known.empty() && node == known) {
        return resolve_known(next, service, hints, found);
    }
    return next(node, service, hints, found);
}
