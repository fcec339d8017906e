// SPDX-License-Identifier: BSL-1.0
// Escapes and repetitions.
#include "escapes.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "http/percent.hpp"

#include <stdexcept>

namespace mortise::conformance {

namespace {

// Takes what stands before `end`, and `end` itself.
std::string_view take_until(std::string_view& line, std::string_view end) {
    const auto at = line.find(end);
    if (at == line.npos) {
        throw std::runtime_error{"a repetition is written {\"text\" x 3}"};
    }
    const auto taken = line.substr(0, at);
    line.remove_prefix(at + end.size());
    return taken;
}

std::string take_repetition(std::string_view& line) {
    const auto text = unescape(take_until(line, "\" x "));
    const auto count = base::parse_decimal(take_until(line, "}"));
    if (!count) {
        throw std::runtime_error{"a repetition ends with a number"};
    }
    std::string bytes;
    bytes.reserve(text.size() * *count);
    for (std::uint64_t times = 0; times < *count; ++times) {
        bytes += text;
    }
    return bytes;
}

char take_escape(std::string_view& line) {
    constexpr std::string_view letters = "rnt\\";
    constexpr std::string_view meanings = "\r\n\t\\";
    const char letter = line.empty() ? '\0' : line.front();
    if (const auto at = letters.find(letter); at != letters.npos) {
        line.remove_prefix(1);
        return meanings[at];
    }
    if (letter != 'x' || line.size() < 3 || !base::is_of(line[1], base::hex_byte) ||
        !base::is_of(line[2], base::hex_byte)) {
        throw std::runtime_error{"an escape is \\r, \\n, \\t, \\\\ or \\xHH"};
    }
    const auto byte = static_cast<char>(http::percent_byte(line[1], line[2]));
    line.remove_prefix(3);
    return byte;
}

} // namespace

std::string unescape(std::string_view line) {
    std::string bytes;
    while (!line.empty()) {
        if (line.starts_with("{\"")) {
            line.remove_prefix(2);
            bytes += take_repetition(line);
            continue;
        }
        const char first = line.front();
        line.remove_prefix(1);
        bytes += first == '\\' ? take_escape(line) : first;
    }
    return bytes;
}

std::string escape(std::string_view bytes) {
    constexpr std::size_t most = 2000;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes.substr(0, most)) {
        const auto code = static_cast<unsigned char>(byte);
        if (byte == '\r' || byte == '\n') {
            text += byte == '\r' ? "\\r" : "\\n\n    ";
        } else if (code < 0x20 || code > 0x7e) {
            text.append("\\x") += digits[code / 16];
            text += digits[code % 16];
        } else {
            text += byte;
        }
    }
    return bytes.size() > most ? text + "…" : text;
}

} // namespace mortise::conformance
