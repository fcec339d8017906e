// SPDX-License-Identifier: BSL-1.0
// What an operator decides about one place where the host listens.
#pragma once

#include "net/address_block.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mortise::net {

struct listener_settings {
    // NAME:PORT, V4:PORT, [V6]:PORT; unix:/path/file.sock; or systemd:NAME, which is inherited.
    std::string address = "localhost:8080";
    unsigned mode = 0660;        // of a unix socket's file
    bool proxy_protocol = false; // connections begin with its header, and those without are closed
    // Whose word is taken on who their clients are.
    std::vector<address_block> trusted_proxies;

    friend bool operator==(const listener_settings&, const listener_settings&) = default;
};

// A host's listeners are told apart by these. Those of one listener on all loops have one number.
using listener_number = std::uint32_t;

} // namespace mortise::net
