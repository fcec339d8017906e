// SPDX-License-Identifier: BSL-1.0
// A date in words, without a locale.
#include "http/date.hpp"

#include <chrono>
#include <cstring>
#include <string_view>

namespace mortise::http {

namespace {
constexpr std::string_view day_names = "SunMonTueWedThuFriSat";
constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

void put_two(char* at, unsigned number) noexcept {
    at[0] = static_cast<char>('0' + number / 10 % 10);
    at[1] = static_cast<char>('0' + number % 10);
}
} // namespace

void write_date(base::unix_milliseconds when, std::span<char, 29> to) noexcept {
    using namespace std::chrono;
    const auto day = floor<std::chrono::days>(when);
    const year_month_day date{day};
    const hh_mm_ss time{floor<seconds>(when - day)};
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));

    char* const text = to.data();
    std::memcpy(text, "Sun, 06 Nov 1994 08:49:37 GMT", to.size());
    std::memcpy(text, day_names.data() + 3 * weekday{day}.c_encoding(), 3);
    put_two(text + 5, static_cast<unsigned>(date.day()));
    std::memcpy(text + 8, month_names.data() + 3 * (static_cast<unsigned>(date.month()) - 1), 3);
    put_two(text + 12, year / 100);
    put_two(text + 14, year % 100);
    put_two(text + 17, static_cast<unsigned>(time.hours().count()));
    put_two(text + 20, static_cast<unsigned>(time.minutes().count()));
    put_two(text + 23, static_cast<unsigned>(time.seconds().count()));
}

} // namespace mortise::http
