// SPDX-License-Identifier: BSL-1.0
// The header of the PROXY protocol, versions 1 and 2, with which a proxy says who its client is
// (proxy-protocol.txt of HAProxy).
#pragma once

#include "net/address.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace mortise::net {

struct proxy_header {
    enum class state : std::uint8_t { complete, incomplete, refused };
    state now;
    std::size_t size = 0; // bytes of the header, with complete
    // With complete. Nothing: the peer of the socket is the client, as with a health check of the
    // proxy itself, or of a family that has no address for us.
    std::optional<address> client{};
    std::string_view why{}; // with refused

    // No header is longer; with as many bytes it is complete or refused. The protocol allows for 64
    // KiB of further values, of which a certificate's names are the largest that are seen.
    static constexpr std::size_t largest = 4096;
};

// Reads the header at the front of `bytes`. With incomplete, call again with the same bytes and
// more. However the input is cut into pieces, the result is the same. Version 2's further values
// (TLVs) are skipped.
proxy_header read_proxy_header(std::string_view bytes) noexcept;

} // namespace mortise::net
