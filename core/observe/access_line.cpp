// SPDX-License-Identifier: BSL-1.0
// Formatting an access line by hand: it stands on the way of every request.
#include "observe/access_line.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>

namespace mortise::observe {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_number(std::string& to, std::uint64_t number) {
    std::array<char, 24> room;
    to.append(room.data(), std::to_chars(room.data(), room.data() + room.size(), number).ptr);
}

void append_address(std::string& to, const access_record& record) {
    std::array<char, INET6_ADDRSTRLEN> room;
    if (record.address_size == 4) {
        for (std::size_t at = 0; at < 4; ++at) {
            to += at == 0 ? "" : ".";
            append_number(to, record.address[at]);
        }
    } else if (record.address_size == 16 &&
               ::inet_ntop(AF_INET6, record.address.data(), room.data(), room.size()) != nullptr) {
        to += room.data();
    } else {
        to += '-';
    }
}

bool is_plain(char byte) noexcept {
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

void append_escaped(std::string& to, std::string_view text) {
    for (const char byte : text) {
        if (is_plain(byte)) {
            to += byte;
        } else {
            const auto code = static_cast<unsigned char>(byte);
            to += {'\\', 'x', hex_digits[code >> 4], hex_digits[code & 15]};
        }
    }
}

void append_or_dash(std::string& to, std::string_view text) {
    if (text.empty()) {
        to += '-';
    } else {
        append_escaped(to, text);
    }
}

// How many bytes the UTF-8 sequence at the front of `text` takes; 0 if there is none (RFC 3629).
std::size_t sequence_size(std::string_view text) noexcept {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
    if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < size) {
        return 0;
    }
    for (std::size_t at = 1; at < size; ++at) {
        if ((byte(at) & 0xc0) != 0x80) {
            return 0;
        }
    }
    const bool overlong =
        (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
    const bool surrogate = byte(0) == 0xed && byte(1) > 0x9f;
    const bool too_large = byte(0) == 0xf4 && byte(1) > 0x8f;
    return overlong || surrogate || too_large ? 0 : size;
}

void append_json_text(std::string& to, std::string_view text) {
    while (!text.empty()) {
        const char byte = text.front();
        std::size_t size = 1;
        if (is_plain(byte)) {
            to += byte;
        } else if (size = static_cast<unsigned char>(byte) >= 0x80 ? sequence_size(text) : 0;
                   size != 0) {
            to += text.substr(0, size);
        } else {
            const auto code = static_cast<unsigned char>(byte);
            to += {'\\', 'u', '0', '0', hex_digits[code >> 4], hex_digits[code & 15]};
            size = 1;
        }
        text.remove_prefix(size);
    }
}

void append_member(std::string& to, std::string_view name, std::string_view text) {
    if (!text.empty()) {
        to.append(",\"").append(name).append("\":\"");
        append_json_text(to, text);
        to += '"';
    }
}

void append_padded(std::string& to, unsigned number, unsigned width) {
    std::array<char, 4> room{'0', '0', '0', '0'};
    for (unsigned at = width; at-- > 0; number /= 10) {
        room[at] = static_cast<char>('0' + number % 10);
    }
    to.append(room.data(), width);
}

} // namespace

void access_line::append(const access_record& record, std::string& to) {
    if (format_ == access_format::json) {
        append_json(record, to);
    } else {
        append_combined(record, to);
    }
    to += '\n';
}

// "06/Nov/1994:08:49:37 +0000", or "1994-11-06T08:49:37" for JSON; made anew once a second.
std::string_view access_line::second_text(base::unix_milliseconds time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    if (second == second_) {
        return text_;
    }
    second_ = second;
    text_.clear();
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{second - day.time_since_epoch()};
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    const auto month = static_cast<unsigned>(date.month());
    const auto month_day = static_cast<unsigned>(date.day());
    const bool json = format_ == access_format::json;
    if (json) {
        append_padded(text_, year, 4);
        text_ += '-';
        append_padded(text_, month, 2);
        text_ += '-';
        append_padded(text_, month_day, 2);
    } else {
        constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
        append_padded(text_, month_day, 2);
        text_.append("/").append(names.substr(3 * (month - 1), 3)).append("/");
        append_padded(text_, year, 4);
    }
    text_ += json ? 'T' : ':';
    append_padded(text_, static_cast<unsigned>(clock.hours().count()), 2);
    text_ += ':';
    append_padded(text_, static_cast<unsigned>(clock.minutes().count()), 2);
    text_ += ':';
    append_padded(text_, static_cast<unsigned>(clock.seconds().count()), 2);
    text_ += json ? "" : " +0000";
    return text_;
}

void access_line::append_combined(const access_record& record, std::string& to) {
    append_address(to, record);
    to.append(" - - [").append(second_text(record.time)).append("] \"");
    if (record.method.empty()) {
        to += '-';
    } else {
        to.append(record.method).append(" ");
        append_escaped(to, record.target);
        to += record.version_minor == 0 ? " HTTP/1.0" : " HTTP/1.1";
    }
    to += "\" ";
    append_number(to, record.status);
    to += ' ';
    append_number(to, record.content_size);
    to += " \"";
    append_or_dash(to, record.referer);
    to += "\" \"";
    append_or_dash(to, record.user_agent);
    to += '"';
}

void access_line::append_json(const access_record& record, std::string& to) {
    to.append("{\"time\":\"").append(second_text(record.time)).append(".");
    append_padded(to, static_cast<unsigned>(record.time.time_since_epoch().count() % 1000), 3);
    to += "Z\",\"remote\":\"";
    append_address(to, record);
    to += "\",\"status\":";
    append_number(to, record.status);
    to += ",\"bytes\":";
    append_number(to, record.content_size);
    to += ",\"duration_ms\":";
    append_number(to, static_cast<std::uint64_t>(record.duration.count()));
    if (!record.method.empty()) {
        append_member(to, "method", record.method);
        append_member(to, "target", record.target);
        append_member(to, "version", record.version_minor == 0 ? "1.0" : "1.1");
    }
    append_member(to, "authority", record.authority);
    append_member(to, "route", record.route);
    append_member(to, "referer", record.referer);
    append_member(to, "user_agent", record.user_agent);
    to += '}';
}

} // namespace mortise::observe
