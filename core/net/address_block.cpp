// SPDX-License-Identifier: BSL-1.0
// Comparing the leading bits of addresses.
#include "net/address_block.hpp"

#include "base/decimal.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <optional>

namespace mortise::net {

namespace {

constexpr unsigned mapped_bits = 96; // that stand before an IPv4 address written as IPv6

bool equal_in_bits(const address& left, const address& right, unsigned bits) noexcept {
    const std::size_t whole = bits / 8;
    if (!std::equal(left.bytes.begin(), left.bytes.begin() + whole, right.bytes.begin())) {
        return false;
    }
    const unsigned rest = bits % 8;
    return rest == 0 || (left.bytes[whole] ^ right.bytes[whole]) >> (8 - rest) == 0;
}

bool has_only_leading_bits(const address& which, unsigned bits) noexcept {
    for (std::size_t bit = bits; bit < 8 * which.bytes.size(); ++bit) {
        if ((which.bytes[bit / 8] & (0x80U >> (bit % 8))) != 0) {
            return false;
        }
    }
    return true;
}

} // namespace

boost::system::result<address_block, std::string> address_block::parse(std::string_view text) {
    if (text == "unix") {
        address local;
        local.family = address_family::local;
        return address_block{local, 0};
    }
    const auto slash = text.find('/');
    const auto first = parse_address(text.substr(0, slash));
    if (!first) {
        return "\"" + std::string{text} +
               "\" is no block of addresses; write them as 10.0.0.0/8, 192.0.2.1, ::1 or unix";
    }
    const bool is_v4 = first->family == address_family::v4;
    const bool is_mapped = is_v4 && text.find(':') != text.npos;
    const unsigned most = is_v4 && !is_mapped ? 32 : 128;
    const unsigned least = is_mapped ? mapped_bits : 0;
    std::optional<std::uint64_t> bits = most;
    if (slash != text.npos) {
        bits = base::parse_decimal(text.substr(slash + 1));
    }
    if (!bits || *bits > most || *bits < least) {
        return "\"" + std::string{text} + "\" has no number of bits from " + std::to_string(least) +
               " to " + std::to_string(most) + " behind its slash";
    }
    const auto leading = static_cast<unsigned>(*bits) - least;
    if (!has_only_leading_bits(*first, leading)) {
        return "\"" + std::string{text} + "\" has an address that goes beyond its " +
               std::to_string(*bits) + " bits; set the others to zero, as in 10.0.0.0/8";
    }
    return address_block{*first, leading};
}

std::string address_block::text() const {
    if (first_.family == address_family::local) {
        return "unix";
    }
    const bool is_v4 = first_.family == address_family::v4;
    std::array<char, INET6_ADDRSTRLEN> room{};
    ::inet_ntop(is_v4 ? AF_INET : AF_INET6, first_.bytes.data(), room.data(), room.size());
    const std::string whole = room.data();
    return bits_ == (is_v4 ? 32U : 128U) ? whole : whole + "/" + std::to_string(bits_);
}

bool address_block::contains(const address& which) const noexcept {
    return which.family == first_.family && equal_in_bits(which, first_, bits_);
}

bool contains(const std::vector<address_block>& blocks, const address& which) noexcept {
    return std::ranges::any_of(blocks, [&](const auto& each) { return each.contains(which); });
}

} // namespace mortise::net
