// SPDX-License-Identifier: BSL-1.0
// Reading both versions of the PROXY protocol's header.
#include "net/proxy_header.hpp"

#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace mortise::net {

namespace {

using state = proxy_header::state;

constexpr std::string_view signature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::string_view first_word = "PROXY ";
constexpr std::size_t longest_line = 107; // CRLF included

proxy_header refused(std::string_view why) noexcept {
    return {state::refused, 0, std::nullopt, why};
}

// The text up to the next space, which goes with it. Nothing: there is no space, or no text.
std::optional<std::string_view> take_word(std::string_view& line) noexcept {
    const auto space = line.find(' ');
    if (space == line.npos || space == 0) {
        return std::nullopt;
    }
    const auto word = line.substr(0, space);
    line.remove_prefix(space + 1);
    return word;
}

// Without leading zeros.
std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    const auto number = base::parse_decimal(text);
    if (!number || *number > 65535 || (text.size() > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(*number);
}

// Whether the text, not the address that it stands for, is of this family.
bool is_of_family(std::string_view text, address_family family) noexcept {
    return (text.find(':') != text.npos) == (family == address_family::v6);
}

// "ADDRESS ADDRESS PORT PORT": source, destination, source, destination.
std::optional<address> read_addresses(std::string_view line, address_family family) noexcept {
    const auto from = take_word(line);
    const auto to = take_word(line);
    const auto from_port = take_word(line);
    if (!from || !to || !from_port || !is_of_family(*from, family) || !is_of_family(*to, family) ||
        !parse_address(*to) || !parse_port(line)) {
        return std::nullopt;
    }
    auto client = parse_address(*from);
    const auto port = parse_port(*from_port);
    if (!client || !port) {
        return std::nullopt;
    }
    client->port = *port;
    return client;
}

proxy_header read_line(std::string_view bytes) noexcept {
    const auto end = bytes.substr(0, longest_line).find("\r\n");
    if (end == bytes.npos) {
        return bytes.size() < longest_line ? proxy_header{state::incomplete}
                                           : refused("its line is longer than 107 bytes");
    }
    auto line = bytes.substr(first_word.size(), end - first_word.size());
    const std::size_t size = end + 2;
    if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) {
        return {state::complete, size};
    }
    const auto family = take_word(line);
    if (family != "TCP4" && family != "TCP6") {
        return refused("its line names none of TCP4, TCP6 and UNKNOWN");
    }
    const auto client =
        read_addresses(line, family == "TCP4" ? address_family::v4 : address_family::v6);
    if (!client) {
        return refused("its line has no two addresses of its family and two ports behind that");
    }
    return {state::complete, size, client};
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::uint16_t number_at(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

template <std::size_t Size>
std::array<std::uint8_t, Size> bytes_at(std::string_view bytes, std::size_t at) noexcept {
    std::array<std::uint8_t, Size> found;
    std::memcpy(found.data(), bytes.data() + at, Size);
    return found;
}

// Of version 2, all of whose bytes are there.
//
//   signature (12)  version, command  family, protocol  length (2)  source  destination  ports TLVs
proxy_header read_block(std::string_view bytes) noexcept {
    constexpr std::size_t fixed_size = 16;
    constexpr std::uint8_t local_command = 0;
    const std::size_t length = bytes.size() - fixed_size;
    const unsigned family = byte_at(bytes, 13) >> 4;
    const unsigned protocol = byte_at(bytes, 13) & 15U;
    const proxy_header of_socket{state::complete, bytes.size()};
    if ((byte_at(bytes, 12) & 15U) == local_command) {
        return of_socket; // the rest is ignored
    }
    constexpr std::array<std::size_t, 4> least{0, 12, 36, 216}; // by family
    if (family >= least.size() || protocol > 2) {
        return refused("its family or protocol is none that version 2 knows");
    }
    if (protocol == 0) {
        return of_socket;
    }
    if (length < least[family]) {
        return refused("it is too short for its addresses");
    }
    switch (family) {
    case 1:
        return {state::complete, bytes.size(),
                make_v4(bytes_at<4>(bytes, fixed_size), number_at(bytes, fixed_size + 8))};
    case 2:
        return {state::complete, bytes.size(),
                make_v6(bytes_at<16>(bytes, fixed_size), number_at(bytes, fixed_size + 32))};
    default:
        return of_socket;
    }
}

proxy_header read_version_2(std::string_view bytes) noexcept {
    constexpr std::size_t fixed_size = 16;
    if (bytes.size() > 12 && (byte_at(bytes, 12) & 0xf0U) != 0x20U) {
        return refused("its version is not 2");
    }
    if (bytes.size() > 12 && (byte_at(bytes, 12) & 15U) > 1) {
        return refused("its command is neither LOCAL nor PROXY");
    }
    if (bytes.size() < fixed_size) {
        return {state::incomplete};
    }
    const std::size_t size = fixed_size + number_at(bytes, 14);
    if (size > proxy_header::largest) {
        return refused("it is longer than 4096 bytes");
    }
    return bytes.size() < size ? proxy_header{state::incomplete}
                               : read_block(bytes.substr(0, size));
}

} // namespace

proxy_header read_proxy_header(std::string_view bytes) noexcept {
    if (bytes.starts_with(first_word)) {
        return read_line(bytes);
    }
    if (bytes.starts_with(signature)) {
        return read_version_2(bytes);
    }
    if (first_word.starts_with(bytes) || signature.starts_with(bytes)) {
        return {state::incomplete};
    }
    return refused("the connection does not begin with one");
}

} // namespace mortise::net
