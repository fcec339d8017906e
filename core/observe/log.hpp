// SPDX-License-Identifier: BSL-1.0
// The host's log: lines for people and journald, on standard error.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::observe {

enum class level : std::uint8_t { debug, info, warning, error };

// A named value behind a line's text: key=value, quoted where it holds white space.
struct log_field {
    std::string_view key;
    std::string_view value;
};

enum class log_format : std::uint8_t { text, json };

// How lines are written from now on. [any]
void set_log_format(log_format format) noexcept;

// Lines below `least` are dropped from now on. [any]
void set_log_level(level least) noexcept;

// Writes one line: "2026-11-23T08:09:15.123Z warning text key=value", or as JSON
// {"time":"2026-11-23T08:09:15.123Z","level":"warning","message":"text","key":"value"}; under
// journald with the priority as "<4>" in front instead of the time. Control characters of texts,
// keys and values are escaped, so that a line stays one line. [any] Never throws and never fails: a
// line that cannot be written is lost.
void log(level severity, std::string_view text, std::span<const log_field> fields) noexcept;
void log(level severity, std::string_view text,
         std::initializer_list<log_field> fields = {}) noexcept;

// A further line about what was logged just before, such as a frame of a stack. [any]
void log_more(level severity, std::string_view text) noexcept;

// A line of level error as it was logged.
struct error_line {
    std::chrono::system_clock::time_point time;
    std::string text;
    std::vector<std::pair<std::string, std::string>> fields; // key and value
};
inline constexpr std::size_t most_error_lines = 100;
// The last ones, but for what log_more() has added, the oldest first. [any]
std::vector<error_line> last_errors();

// Whether log() writes lines of this level. [any]
bool is_logged(level severity) noexcept;

// For lines that a client or a plugin can provoke at will: lets a few through each second and
// counts the others, which the next line that passes tells of. [any]
class limited_log {
public:
    void write(level severity, std::string_view text,
               std::initializer_list<log_field> fields = {}) noexcept;

private:
    std::atomic<std::int64_t> second_{0};
    std::atomic<std::uint32_t> count_{0};
    std::atomic<std::uint64_t> left_out_{0};
};

} // namespace mortise::observe
