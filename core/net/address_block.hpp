// SPDX-License-Identifier: BSL-1.0
// Addresses that an operator names together: "10.0.0.0/8", "::1", "unix".
#pragma once

#include "net/address.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mortise::net {

// All addresses that begin with the same bits; or all peers at unix sockets.
class address_block {
public:
    // An address, one with the number of its leading bits behind a slash, or "unix". The error is a
    // line for people: what is wrong, and what is right.
    static boost::system::result<address_block, std::string> parse(std::string_view text);

    // As parse() reads it.
    std::string text() const;

    // The port does not matter.
    bool contains(const address& which) const noexcept;

    friend bool operator==(const address_block&, const address_block&) = default;

private:
    address_block(const address& first, unsigned bits) noexcept : first_{first}, bits_{bits} {}

    address first_;
    unsigned bits_;
};

// Whether one of them contains it.
bool contains(const std::vector<address_block>& blocks, const address& which) noexcept;

} // namespace mortise::net
