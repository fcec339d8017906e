// SPDX-License-Identifier: BSL-1.0
// Formatting an access line by hand: it stands on the way of every request.
#include "observe/access_line.hpp"

#include "base/hex.hpp"
#include "observe/json_text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <span>

namespace mortise::observe {

namespace {

using base::hex_digits;
using base::pen;

// "0." to "255.", in four bytes each.
struct octet_text {
    std::array<char, 4> bytes;
    std::uint8_t size;
};
constexpr auto octet_texts = [] {
    std::array<octet_text, 256> made{};
    for (unsigned octet = 0; octet < made.size(); ++octet) {
        auto& [bytes, size] = made[octet];
        for (const unsigned place : {100U, 10U, 1U}) {
            if (octet >= place || place == 1) {
                bytes[size++] = static_cast<char>('0' + octet / place % 10);
            }
        }
        bytes[size++] = '.';
    }
    return made;
}();

// All four bytes are written, which is faster than so many as there are, and the pen goes back.
void write_v4(pen& to, std::span<const std::uint8_t, 4> octets) noexcept {
    for (const auto octet : octets) {
        const auto& [bytes, size] = octet_texts[octet];
        to << std::span{bytes};
        to = pen{to.at() - (bytes.size() - size)};
    }
    to = pen{to.at() - 1}; // the last point
}

void write_address(pen& to, const access_record& record) noexcept {
    std::array<char, INET6_ADDRSTRLEN> room;
    if (record.address_size == 4) {
        write_v4(to, std::span{record.address}.first<4>());
    } else if (record.address_size == 16 &&
               ::inet_ntop(AF_INET6, record.address.data(), room.data(), room.size()) != nullptr) {
        to << std::string_view{room.data()};
    } else {
        to << '-';
    }
}

void write_escaped(pen& to, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto plain = plain_part(text);
        to << plain;
        text.remove_prefix(plain.size());
        if (!text.empty()) {
            const auto code = static_cast<unsigned char>(text.front());
            to << "\\x" << hex_digits[code >> 4] << hex_digits[code & 15];
            text.remove_prefix(1);
        }
    }
}

void write_or_dash(pen& to, std::string_view text) noexcept {
    if (text.empty()) {
        to << '-';
    } else {
        write_escaped(to, text);
    }
}

void write_member(pen& to, std::string_view name, std::string_view text) noexcept {
    if (!text.empty()) {
        to << ",\"" << name << "\":\"";
        write_json_text(to, text);
        to << '"';
    }
}

// The decimal digits of `number` from that of `place` (1, 10, 100 …) down.
void write_digits(pen& to, unsigned number, unsigned place) noexcept {
    for (; place != 0; place /= 10) {
        to << static_cast<char>('0' + number / place % 10);
    }
}

} // namespace

std::size_t access_line::most_room(const access_record& record) noexcept {
    constexpr std::size_t ours = 512; // names, marks, numbers, address, time
    const auto texts = record.method.size() + record.target.size() + record.authority.size() +
                       record.route.size() + record.referer.size() + record.user_agent.size() +
                       record.request_id.size() + record.trace_id.size();
    return ours + longest_json_escape * texts;
}

char* access_line::write(const access_record& record, char* to) noexcept {
    pen pen{to};
    if (format_ == access_format::json) {
        write_json(record, pen);
    } else {
        write_combined(record, pen);
    }
    pen << '\n';
    return pen.at();
}

// "06/Nov/1994:08:49:37 +0000", or "1994-11-06T08:49:37" for JSON; made anew once a second.
std::string_view access_line::second_text(base::unix_milliseconds time) noexcept {
    if (time == time_) { // the same tick
        return {text_.data(), size_};
    }
    time_ = time;
    const auto second = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    if (second != second_) {
        second_ = second;
        pen pen{text_.data()};
        write_second(time, pen);
        size_ = static_cast<std::size_t>(pen.at() - text_.data());
    }
    return {text_.data(), size_};
}

void access_line::write_second(base::unix_milliseconds time, pen& to) const noexcept {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(time - day)};
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    const auto month = static_cast<unsigned>(date.month());
    const auto month_day = static_cast<unsigned>(date.day());
    const bool json = format_ == access_format::json;
    if (json) {
        write_digits(to, year, 1000);
        to << '-';
        write_digits(to, month, 10);
        to << '-';
        write_digits(to, month_day, 10);
    } else {
        constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
        write_digits(to, month_day, 10);
        to << '/' << names.substr(3 * (month - 1), 3) << '/';
        write_digits(to, year, 1000);
    }
    to << (json ? 'T' : ':');
    write_digits(to, static_cast<unsigned>(clock.hours().count()), 10);
    to << ':';
    write_digits(to, static_cast<unsigned>(clock.minutes().count()), 10);
    to << ':';
    write_digits(to, static_cast<unsigned>(clock.seconds().count()), 10);
    to << (json ? "" : " +0000");
}

void access_line::write_combined(const access_record& record, pen& to) noexcept {
    write_address(to, record);
    to << " - - [" << second_text(record.time) << "] \"";
    if (record.method.empty()) {
        to << '-';
    } else {
        to << record.method << ' ';
        write_escaped(to, record.target);
        to << (record.version_minor == 0 ? " HTTP/1.0" : " HTTP/1.1");
    }
    to << "\" " << record.status << ' ' << record.content_size << " \"";
    write_or_dash(to, record.referer);
    to << "\" \"";
    write_or_dash(to, record.user_agent);
    to << '"';
}

void access_line::write_json(const access_record& record, pen& to) noexcept {
    to << "{\"time\":\"" << second_text(record.time) << '.';
    write_digits(to, static_cast<unsigned>(record.time.time_since_epoch().count() % 1000), 100);
    to << "Z\",\"remote\":\"";
    write_address(to, record);
    to << "\",\"status\":" << record.status << ",\"bytes\":" << record.content_size
       << ",\"duration_ms\":" << static_cast<std::uint64_t>(record.duration.count());
    if (!record.method.empty()) {
        write_member(to, "method", record.method);
        write_member(to, "target", record.target);
        write_member(to, "version", record.version_minor == 0 ? "1.0" : "1.1");
    }
    write_member(to, "authority", record.authority);
    write_member(to, "route", record.route);
    write_member(to, "request_id", record.request_id);
    write_member(to, "trace_id", record.trace_id);
    write_member(to, "referer", record.referer);
    write_member(to, "user_agent", record.user_agent);
    to << '}';
}

} // namespace mortise::observe
