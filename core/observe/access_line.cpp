// SPDX-License-Identifier: BSL-1.0
// Formatting an access line by hand: it stands on the way of every request.
#include "observe/access_line.hpp"

#include "base/hex.hpp"
#include "observe/json_text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <span>
#include <utility>

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

// All four bytes are written, which is faster than so many as there are; the next text begins
// where they end.
[[nodiscard]] pen write_v4(pen to, std::span<const std::uint8_t, 4> octets) noexcept {
    for (const auto octet : octets) {
        const auto& [bytes, size] = octet_texts[octet];
        pen{to} << std::span{bytes};
        to = pen{to.at() + size};
    }
    return pen{to.at() - 1}; // the last point
}

[[nodiscard, gnu::hot]] pen write_address(pen to, const access_record& record) noexcept {
    if (record.address_size == 4) {
        return write_v4(to, std::span{record.address}.first<4>());
    }
    std::array<char, INET6_ADDRSTRLEN> room;
    if (record.address_size == 16 &&
        ::inet_ntop(AF_INET6, record.address.data(), room.data(), room.size()) != nullptr) {
        return to << std::string_view{room.data()};
    }
    return to << '-';
}

[[nodiscard, gnu::cold]] pen escape_rest(pen to, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto code = static_cast<unsigned char>(text.front());
        to << "\\x" << hex_digits[code >> 4] << hex_digits[code & 15];
        text.remove_prefix(1);
        const auto plain = plain_part(text);
        to << plain;
        text.remove_prefix(plain.size());
    }
    return to;
}

[[nodiscard, gnu::hot]] pen write_escaped(pen to, std::string_view text) noexcept {
    const auto plain = plain_part(text);
    to << plain;
    if (plain.size() == text.size()) [[likely]] {
        return to;
    }
    return escape_rest(to, text.substr(plain.size()));
}

[[nodiscard]] pen write_or_dash(pen to, std::string_view text) noexcept {
    return text.empty() ? to << '-' : write_escaped(to, text);
}

[[nodiscard]] pen write_member(pen to, std::string_view name, std::string_view text) noexcept {
    if (text.empty()) {
        return to;
    }
    to << ",\"" << name << "\":\"";
    return write_json_text(to, text) << '"';
}

// So many last decimal digits of `number`.
template <std::size_t Count>
[[nodiscard]] pen write_digits(pen to, unsigned number) noexcept {
    std::array<char, Count> digits;
    for (std::size_t at = Count; at != 0; number /= 10) {
        digits[--at] = static_cast<char>('0' + number % 10);
    }
    return to << std::span{std::as_const(digits)};
}

} // namespace

std::size_t access_line::most_room(const access_record& record) noexcept {
    constexpr std::size_t ours = 512; // names, marks, numbers, address, time
    const auto texts = record.method.size() + record.target.size() + record.authority.size() +
                       record.route.size() + record.referer.size() + record.user_agent.size() +
                       record.request_id.size() + record.trace_id.size();
    return ours + longest_json_escape * texts;
}

[[gnu::hot]] char* access_line::write(const access_record& record, char* to) noexcept {
    if (record.time != time_) { // another tick
        time_ = record.time;
        const auto second = std::chrono::floor<std::chrono::seconds>(time_);
        if (second != second_) {
            second_ = second;
            const pen end = write_second(pen{text_.data()});
            size_ = static_cast<std::size_t>(end.at() - text_.data());
        }
    }
    const pen end = format_ == access_format::json ? write_json(record, pen{to})
                                                   : write_combined(record, pen{to});
    return (pen{end} << '\n').at();
}

// "06/Nov/1994:08:49:37 +0000", or "1994-11-06T08:49:37" for JSON.
[[gnu::cold]] pen access_line::write_second(pen to) const noexcept {
    using namespace std::chrono;
    const auto day = floor<days>(second_);
    const year_month_day date{day};
    const hh_mm_ss clock{second_ - day};
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    const auto month = static_cast<unsigned>(date.month());
    const auto month_day = static_cast<unsigned>(date.day());
    const bool json = format_ == access_format::json;
    if (json) {
        to = write_digits<4>(to, year) << '-';
        to = write_digits<2>(to, month) << '-';
        to = write_digits<2>(to, month_day) << 'T';
    } else {
        constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
        to = write_digits<2>(to, month_day) << '/' << names.substr(3 * (month - 1), 3) << '/';
        to = write_digits<4>(to, year) << ':';
    }
    to = write_digits<2>(to, static_cast<unsigned>(clock.hours().count())) << ':';
    to = write_digits<2>(to, static_cast<unsigned>(clock.minutes().count())) << ':';
    to = write_digits<2>(to, static_cast<unsigned>(clock.seconds().count()));
    return to << (json ? "" : " +0000");
}

[[gnu::hot]] pen access_line::write_combined(const access_record& record, pen to) const noexcept {
    to = write_address(to, record);
    to << " - - [" << second_text() << "] \"";
    if (record.method.empty()) {
        to << '-';
    } else {
        to << record.method << ' ';
        to = write_escaped(to, record.target);
        to << (record.version_minor == 0 ? " HTTP/1.0" : " HTTP/1.1");
    }
    to << "\" " << record.status << ' ' << record.content_size << " \"";
    to = write_or_dash(to, record.referer) << "\" \"";
    return write_or_dash(to, record.user_agent) << '"';
}

[[gnu::noinline]] pen access_line::write_json(const access_record& record, pen to) const noexcept {
    to << "{\"time\":\"" << second_text() << '.';
    to = write_digits<3>(to, static_cast<unsigned>(record.time.time_since_epoch().count() % 1000));
    to << "Z\",\"remote\":\"";
    to = write_address(to, record)
         << "\",\"status\":" << record.status << ",\"bytes\":" << record.content_size
         << ",\"duration_ms\":" << static_cast<std::uint64_t>(record.duration.count());
    if (!record.method.empty()) {
        to = write_member(to, "method", record.method);
        to = write_member(to, "target", record.target);
        to = write_member(to, "version", record.version_minor == 0 ? "1.0" : "1.1");
    }
    to = write_member(to, "authority", record.authority);
    to = write_member(to, "route", record.route);
    to = write_member(to, "request_id", record.request_id);
    to = write_member(to, "trace_id", record.trace_id);
    to = write_member(to, "referer", record.referer);
    to = write_member(to, "user_agent", record.user_agent);
    return to << '}';
}

} // namespace mortise::observe
